"""Markdown and CSV of hostile texts, read as renderers and spreadsheets read them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from dealledger.cli.main import run
from dealledger.cli.terminal.formats import Style, formatted
from dealledger.cli.terminal.markup import guarded, markdown
from dealledger.events import Money
from dealledger.events.text import visible
from dealledger.projections.answers.report import Column, Number, Report

RENDERER = MarkdownIt("commonmark", {"linkify": True, "html": True}).enable(
    ["table", "strikethrough", "linkify"]
)
HOSTILE = [
    "**", "**bold**", "|", "a | 0 | 1,000.0B", "\\", "\\|", "a\\", "<b>", "<script>alert(1)</script>",
    "[x](https://evil.example)", "![x](https://evil.example/x.png)", "<https://evil.example>",
    "https://evil.example", "www.evil.example", "ann@evil.example", "mailto:ann@evil.example",
    "`", "`code`", "``a`", "# head", "## head", "- item", "1. item", "> quote", "---", "| --- |",
    "_em_", "__em__", "*em*", "***", "~~gone~~", "&lt;", "&#124;", "&amp;", "[ref]: https://x.example",
    "[^1]", "$x$", "==mark==", "^up^", "{.class}", "<!-- -->", "<!--", "]]>", "a  ", " a", "\ta",
    "line\nbreak", "line\n\n# head", "```\ncode", "HTTPS://EVIL.EXAMPLE", "ftp://x.example/", "=1+1",
    "\u202e", "\x1b[31m", "\ufeff", "\u2028", "a|b|c|d|e", "*a*b*", "**a", "a**", "* *", "–",
]  # fmt: skip
TEXT = st.one_of(
    st.sampled_from(HOSTILE),
    st.text("ab *_`[]()<>|\\~&#!$^=-+.:/@\n{}\"';1w", min_size=1, max_size=30),
    st.text(min_size=1, max_size=20),
    st.lists(st.sampled_from(HOSTILE), min_size=2, max_size=3).map("".join),
).filter(str.strip)


def shown(text: str) -> str:
    """Return what a reader is to see: the text on one line, with single blanks as HTML has them."""
    return re.sub(r"[ \t]+", " ", visible(text.replace("\n", " "))).strip()


def text_of(inline: Token, *, within: tuple[str, ...] = ()) -> str:
    """Return the text of a piece of Markdown; there must be nothing but text in it, and *within*."""
    kinds = {child.type for child in inline.children or []}
    assert kinds <= {
        "text",
        "text_special",
        *(f"{w}_{end}" for w in within for end in ("open", "close")),
    }
    said = "".join(child.content for child in inline.children or [])
    return re.sub(r"[ \t]+", " ", said).strip()


def rendered(report: Report) -> tuple[list[str], list[list[str]]]:
    """Return the texts above and below the table, and the cells of its rows."""
    tokens = RENDERER.parse(formatted(report, Style("md")))
    cells: list[list[str]] = []
    around = []
    for before, token in pairwise(tokens):
        if token.type == "tr_open":
            cells.append([])
        elif token.type == "inline" and before.type in ("td_open", "th_open"):
            cells[-1].append(text_of(token, within=("strong",)))
        elif token.type == "inline":
            around.append(text_of(token, within=("strong", "em")))
    allowed = {"table", "thead", "tbody", "tr", "td", "th", "paragraph"}
    blocks = {token.type.rsplit("_", 1)[0] for token in tokens if token.type != "inline"}
    assert blocks <= allowed
    return around, cells


def table(titles: Sequence[str], rows: Sequence[Sequence[Any]], **more: Any) -> Report:
    """Return an answer with these headings and rows."""
    columns = [Column(f"k{at}", title, itemgetter(at)) for at, title in enumerate(titles)]
    return Report(columns=columns, rows=rows, **{"title": "T", **more})


@given(
    st.lists(TEXT, min_size=2, max_size=2), st.lists(st.tuples(TEXT, TEXT), max_size=3), TEXT, TEXT
)
@example(["**", "|"], [("**", "<b>| |")], "**", "*")
@example(["a", "b"], [("https://evil.example", "www.evil.example")], "a@b.example", "&lt;")
def test_markdown_shows_every_text_as_it_is(
    titles: list[str], rows: list[tuple[str, str]], title: str, note: str
) -> None:
    """In cells, headings, captions, notes and totals: no markup, no other column, no other row."""
    totals = [{"k0": rows[0][0], "k1": rows[0][1]}] if rows else []
    around, cells = rendered(table(titles, rows, title=title, notes=[note], totals=totals))
    wanted = [titles, *rows, *(tuple(total.values()) for total in totals)]

    assert [[shown(each) for each in row] for row in wanted] == cells
    assert [shown(title), shown(note)] == around


@given(st.lists(TEXT, min_size=1, max_size=3))
def test_markdown_of_lists_shows_every_text(texts: list[str]) -> None:
    """Such as the aliases of a party."""
    _, cells = rendered(table(["A"], [(tuple(texts),)]))
    between = "; " if any("," in text for text in texts) else ", "
    flat = between.join(visible(text.replace("\n", " ")) for text in texts)

    assert shown(flat) == cells[1][0]


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_keeps_what_it_need_not_touch(text: str) -> None:
    """Words, numbers and days read the same as Markdown and as text; twice is not once."""
    assert markdown("Open AI, 27.5% of 1,000.0B USD - 2025-10-28: note") == (
        "Open AI, 27.5% of 1,000.0B USD - 2025-10-28: note"
    )
    assert "\n" not in markdown(text)


def test_a_table_without_headings_is_a_table() -> None:
    """Its first row is empty, as Markdown needs one."""
    report = table(["A", "B"], [("x", "y")])
    text = formatted(report, Style("md", headers=False))

    assert "|  |  |\n| --- | --- |\n| x | y |" in text
    assert "<td>x</td>" in RENDERER.render(text)


FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\n=1", " =1", "\ufeff=1", "\u200b=1",
            "\xa0=1", "＝1", "＋1", "－1", "＠x", "=cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!D2", "-", "--1",
            "-1e5", "\tx", "-1,5", "-١", "\u202e=1"]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_run_by_a_spreadsheet(text: str) -> None:
    """Nor an element of a list, nor a heading; a program that says --raw gets what is there."""
    report = table(["A"], [(text,), ((text, "b"),), (["b", text],)])
    report = replace(report, columns=[Column(text, exact=lambda row: row[0])])
    rows = list(csv.reader(io.StringIO(formatted(report, Style("csv")), newline="")))
    raw = list(csv.reader(io.StringIO(formatted(report, Style("csv", raw=True)), newline="")))

    assert [f"'{text}", f"'{text}", f"'{text}; b", f"b; '{text}"] == [row[0] for row in rows]
    assert [text, text, f"{text}; b", f"b; {text}"] == [row[0] for row in raw]


@given(st.text(min_size=1, max_size=20))
def test_a_guarded_cell_begins_like_no_formula(text: str) -> None:
    """Whatever stands in front of the sign that a spreadsheet passes over."""
    said = guarded(text)
    kept = "".join(each for each in said if each.isprintable() and not each.isspace())

    assert said in (text, f"'{text}")
    assert not kept.startswith(("=", "+", "@", "＝", "＋", "－", "＠"))
    assert not kept.startswith("-") or re.fullmatch(r"-[0-9]+(\.[0-9]+)?", said)


def test_numbers_below_zero_stay_numbers() -> None:
    """Amounts, shares and plain decimals."""
    values = [
        Money("USD", -150),
        Number(Fraction(-1, 2)),
        Fraction(-1, 4),
        -3,
        "-0.028",
        ("-1",),
    ]
    rows = formatted(table(["A"], [(each,) for each in values]), Style("csv")).splitlines()[1:]

    assert ["-1.5", "-0.5", "-0.25", "-3", "-0.028", "-1"] == [row.strip('"') for row in rows]


@pytest.mark.parametrize("form", ["md", "csv"])
def test_a_hostile_party_in_a_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    """Through the command line: its name, aliases and roles, in the columns where they belong."""
    monkeypatch.chdir(tmp_path)
    name, alias = "**A** | 9 | <b>", "=cmd|' /C calc'!A0"
    row = {"kind": "party", "id": "a", "effective_on": "2024-01-01", "party": "a", "name": name,
           "aliases": [alias, "+1 | **x**"]}  # fmt: skip
    Path("a.jsonl").write_text(json.dumps(row))
    assert 0 == run(["--ledger", "x.db", "init"])
    assert 0 == run(["--ledger", "x.db", "import", "a.jsonl"])
    capsys.readouterr()
    for command in ("parties", "log"):
        assert 0 == run(["--ledger", "x.db", command, "-f", form])
        out = capsys.readouterr().out
        if form == "csv":
            [cells] = csv.DictReader(io.StringIO(out))
            assert not any(str(each).startswith(("=", "+")) for each in cells.values())
            assert name == cells["name"]
        else:
            page = RENDERER.render(out)
            assert "<strong>A" not in page
            assert "<b>" not in page
            assert page.count("<td") == page.count("<th ") + page.count("<th>")
