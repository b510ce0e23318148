"""A story says nothing that no answer says."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from support.asking import ALLIANCE

from dealledger.cli.main import run
from dealledger.events import BadInput
from dealledger.ledger import Ledger
from dealledger.projections import commitments, stakes
from dealledger.web.places import Places
from dealledger.web.scope import Scope, scope_of
from dealledger.web.story import BadStory, figure, story

OURS = ALLIANCE.with_suffix(".md")
STEP = "# Title\n\n## Step\n"


@pytest.fixture(scope="module")
def scope(tmp_path_factory: pytest.TempPathFactory) -> Scope:
    """Look at the alliance web."""
    path = tmp_path_factory.mktemp("story") / "deals.db"
    assert 0 == run(["--ledger", str(path), "init", "--origin", "example.org/deals"])
    assert 0 == run(["--ledger", str(path), "import", str(ALLIANCE)])
    with Ledger.open(path) as ledger:
        return scope_of(ledger, date(2026, 6, 30), ledger.head().size)


def told(scope: Scope, text: str) -> dict[str, Any]:
    """Return a story."""
    return story(scope, text, Places(scope.records))


def figures(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all figures of a story."""
    runs = [run for step in found["steps"] for each in step["blocks"] for run in each["runs"]]
    return [run for run in runs if isinstance(run, dict) and "value" in run]


def test_our_story_is_told(scope: Scope) -> None:
    """Each of its figures has an answer; what rests on events names them."""
    found = told(scope, OURS.read_text())

    assert 13 == len(found["steps"])
    assert 40 <= len(figures(found))
    assert all(each["value"] not in ("", "–") for each in figures(found))
    assert 30 <= sum(bool(each["behind"]) for each in figures(found))


def test_what_our_story_says_is_what_projections_say(scope: Scope) -> None:
    """Two figures, computed past the answers."""
    view = scope.view.at(date(2025, 10, 28))
    [table] = stakes(view, "openai")
    [held] = [row for row in table.rows if row.holder == "microsoft"]
    promised = sum(
        row.remaining.minor
        for row in commitments(scope.view, "openai")
        if row.live and row.layer == "committed" and row.obligor == "openai" and row.remaining
    )

    assert "27.00 %" == figure(view, "stakes issuers=openai | holder=microsoft | stake").value
    assert Fraction(27, 100) == held.stake
    asked = "commitments party=openai side=owes | whole | totals.0.gross | USD"
    assert f"{promised / 10**11:.1f}B USD" == figure(scope.view, asked).value


def test_a_step_says_where_to_look(scope: Scope) -> None:
    """Date, lens, parties and view."""
    text = (
        STEP
        + "as_of: 2025-10-28\nknown: announced\nfocus: openai amd\nview: table:stakes\n\nText.\n"
    )

    [step] = told(scope, text)["steps"]

    assert date(2025, 10, 28) == scope.stops[step["day"]]
    assert (1, ["openai", "amd"], "table:stakes") == (step["lens"], step["focus"], step["view"])
    assert [{"kind": "p", "runs": ["Text."]}] == step["blocks"]


def test_what_was_announced_by_then_is_asked_then(scope: Scope) -> None:
    """The figures of a step know no more than its lens."""
    asked = "{{rights party=openai | | count}}"
    head = "as_of: 2026-04-27\n"

    [now] = figures(told(scope, f"{STEP}{head}\n{asked}"))
    [then] = figures(told(scope, f"{STEP}{head}known: announced\n\n{asked}"))

    assert int(then["value"]) <= int(now["value"])


def test_markup(scope: Scope) -> None:
    """Headings, points, strong words and links; all else is text."""
    text = STEP + (
        "### Head\nOne **strong** word, [there](https://example.org/x), [no](javascript:x) and <b>.\n"
        "- first\n- second\n  line\n"
    )

    [step] = told(scope, text)["steps"]

    assert [
        {"kind": "h", "runs": ["Head One ", {"strong": "strong"}, " word, ",
         {"link": "https://example.org/x", "text": "there"}, ", [no](javascript:x) and <b>."]},
        {"kind": "li", "runs": ["first"]},
        {"kind": "li", "runs": ["second   line"]},
    ] == step["blocks"]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "a story has a title and steps"),
        ("# Title", "a story has a title and steps"),
        (STEP + "viw: diagram", "line 4: unknown mark viw (did you mean view?)"),
        (STEP + "as_of: soon", "line 3: 'soon' is not a date (YYYY-MM-DD)"),
        (STEP + "known: later", "line 3: known: 'later' is not understood (now, or announced)"),
        (STEP + "\nIt paid 5 % of it.", "line 5: the figure '5 %' is typed"),
        (STEP + "\nIt paid $300.", "line 5: the figure '$3' is typed"),
        (STEP + "\nIt paid 1.4 trillion.", "line 5: the figure '1.4 trillion' is typed"),
        (STEP + "\n{{stakes}}", "line 5: {{stakes}}: a figure has two or three parts"),
        (STEP + "\n{{stake | | count}}", "line 5: {{stake | | count}}: unknown question 'stake'"),
        (STEP + "\n{{stakes issuers=openai | holder=x | stake}}",
         "line 5: {{stakes issuers=openai | holder=x | stake}}: 0 rows have holder=x"),
        (STEP + "\n{{stakes issuers=openai | | stake}}",
         "line 5: {{stakes issuers=openai | | stake}}: 11 rows have nothing to tell them apart"),
        (STEP + "\n{{stakes issuers=openai | holder=microsoft | steak}}",
         "line 5: {{stakes issuers=openai | holder=microsoft | steak}}: no column 'steak'"),
        (STEP + "\n{{circularity | whole | web.totl | USD}}",
         "line 5: {{circularity | whole | web.totl | USD}}: the answer has no 'totl' in web.totl"),
        (STEP + "\n{{circularity | whole | web.total | XXY}}",
         "line 5: {{circularity | whole | web.total | XXY}}: 'XXY' is not an ISO 4217 currency"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_names_its_line(scope: Scope, text: str, said: str) -> None:
    """One line: where, and what."""
    with pytest.raises(BadStory) as caught:
        told(scope, text)

    assert re.match(re.escape(said).replace("11\\ rows", r"\d+\ rows"), str(caught.value))


@pytest.mark.slow
def test_a_bad_story_is_one_line_with_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """At the command line."""
    monkeypatch.chdir(tmp_path)
    assert 0 == run(["init"])
    assert 0 == run(["import", str(ALLIANCE)])
    Path("tour.md").write_text(STEP + "\nIt paid 5 % of it.")
    capsys.readouterr()

    assert 2 == run(["site", "-o", "x.html", "--story", "tour.md"])
    said = "deals: tour.md: line 5: the figure '5 %' is typed (let an answer say it: {{...}})\n"
    assert said == capsys.readouterr().err
    assert not Path("x.html").exists()
    Path("tour.md").write_bytes(b"# a\n\xff")
    assert 2 == run(["site", "-o", "x.html", "--story", "tour.md"])
    assert "deals: tour.md: this is not UTF-8: byte 5 is wrong\n" == capsys.readouterr().err
    assert issubclass(BadStory, BadInput)
