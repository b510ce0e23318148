"""The numbers of the page are the command line's, and what is taken away from it is exact."""

from __future__ import annotations

import csv
import json
import random
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from dealledger.cli.main import run
from dealledger.ledger import Ledger

pytestmark = pytest.mark.browser

QUESTIONS = {
    "stakes": ["stakes"],
    "flows_party": ["flows"],
    "flows_pair": ["flows", "--by", "pair"],
    "flows_year": ["flows", "--by", "year"],
    "commitments": ["commitments"],
    "rights": ["rights", "--all"],
}
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
POINTS = ("2023-01-31", "2024-12-31", "2025-10-28", "2026-02-28", "2026-06-30")


def answers(demo: Ledger, words: list[str], form: str, capsys: Any) -> str:
    capsys.readouterr()
    assert run(["--ledger", demo.name, *words, "-f", form]) in (0, 1)
    return str(capsys.readouterr().out)


def taken(page: Any, button: str) -> Path:
    with page.expect_download() as found:
        page.locator(".takeaway").first.locator(f"text={button}").click()
    return Path(found.value.path())


def test_fifty_numbers_are_those_of_the_command_line(
    look: Any, demo: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    """At random points of both times: the JSON that is downloaded, and the text that is shown."""
    chance = random.Random(20260630)
    compared = 0
    page = look()
    for name, words in QUESTIONS.items():
        for date in chance.sample(POINTS, 2):
            lens, by = chance.choice([("now", []), ("then", ["--announced-by", date])])
            page.goto(
                page.url.split("#")[0] + f"#view=tables&table={name}&as-of={date}&known={lens}"
            )
            page.wait_for_selector("main h1")
            ours = json.loads(taken(page, "JSON").read_text())
            theirs = json.loads(answers(demo, [*words, "--as-of", date, *by], "json", capsys))
            assert len(theirs["rows"]) == len(ours["rows"]), (name, date, lens)
            chosen = chance.sample(range(len(theirs["rows"])), min(5, len(theirs["rows"])))
            for place in chosen:
                row = theirs["rows"][place]
                keys = row.keys() & ours["rows"][0].keys()
                wanted = {key: row[key] for key in keys}
                assert wanted in [{key: each[key] for key in keys} for each in ours["rows"]]
                compared += sum(bool(_NUMBER.fullmatch(str(row[key]))) for key in keys)
    assert compared >= 50


@pytest.mark.parametrize("name", ["flows_party", "flows_pair"])
def test_what_is_shown_is_what_the_command_line_shows(
    look: Any, demo: Ledger, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """The rounded texts too: 13.0B is 13.0B."""
    text = answers(demo, [*QUESTIONS[name], "--as-of", "2026-06-30"], "md", capsys)
    lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    theirs = {each.strip() for line in lines[2:] for each in line if "B" in each or "M" in each}
    page = look(f"#view=tables&table={name}&as-of=2026-06-30")
    ours = {*page.locator("main td.right").all_inner_texts()}

    assert len(theirs) > 20
    assert not {each for each in theirs if each.replace(".", "")[:1] in "-123456789"} - ours


def test_what_is_downloaded_as_csv(look: Any) -> None:
    """Exact values under the command line's keys, as filtered and sorted; nothing is a formula."""
    page = look("#view=tables&table=flows_party&as-of=2026-06-30&sort=-net&filter=usd")
    rows = list(csv.DictReader(taken(page, "CSV").read_text().splitlines()))

    assert [*rows[0]][:2] == ["party", "currency"]
    nets = [int(row["net"]) for row in rows]
    assert nets == sorted(nets, reverse=True)
    assert rows[0]["party"] in {"anthropic", "openai"}


def test_what_is_downloaded_as_a_workbook(look: Any) -> None:
    """Numbers are numbers, and the workbook opens."""
    openpyxl = pytest.importorskip("openpyxl")
    page = look("#view=tables&table=flows_party&as-of=2026-06-30&sort=-net")
    sheet = openpyxl.load_workbook(BytesIO(taken(page, "XLSX").read_bytes())).active
    rows = list(sheet.iter_rows(values_only=True))

    assert rows[0][:2] == ("Party", "Currency")
    assert isinstance(rows[1][4], int)
    assert rows[1][4] > 10**10


def test_tables_sort_and_filter(look: Any) -> None:
    """By any column, one way and the other; by words and by choice."""
    page = look("#view=tables&table=commitments&as-of=2026-06-30")
    page.click("thead >> text=Committed")
    largest = page.locator("tbody tr td.right").first.inner_text()
    assert page.locator("th[aria-sort=descending]").count() == 1
    page.click("thead >> text=Committed")
    assert page.locator("th[aria-sort=ascending]").count() == 1
    assert page.locator("tbody tr td.right").first.inner_text() != largest
    page.fill("main input[type=search]", "nvidia")
    count = page.locator("tbody tr").count()
    assert f"{count} of" in page.locator(".count").inner_text()
    assert all("NVIDIA" in each for each in page.locator("tbody tr").all_inner_texts())


def test_the_command_that_asks_the_same_is_shown(
    look: Any, demo: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    """And it runs."""
    page = look("#view=tables&table=flows_pair&as-of=2025-10-28&known=then")
    command = page.locator(".command code").inner_text()

    assert command == "deals flows --by pair --as-of 2025-10-28 --announced-by 2025-10-28"
    assert answers(demo, command.split()[1:], "json", capsys)
