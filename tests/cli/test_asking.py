"""Questions in words get the answers that the command line gives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from support.asking import ALLIANCE

from dealledger.cli.main import run
from dealledger.cli.terminal.formats import formatted
from dealledger.events import BadInput
from dealledger.ledger import Ledger
from dealledger.projections.answers.asking import Place, ask, parameters
from dealledger.projections.answers.point import Point, at_point
from dealledger.projections.answers.questions import QUESTIONS
from dealledger.projections.answers.report import Report

TODAY = date(2026, 6, 30)
ASKED = [
    ("stakes openai --in USD", "stakes", {"issuers": ["openai"], "in": ["USD"]}),
    ("stakes openai anthropic", "stakes", {"issuers": ["openai,anthropic"]}),
    ("flows microsoft --by pair", "flows", {"party": ["microsoft"], "by": ["pair"]}),
    ("flows --by year --accrue", "flows", {"by": ["year"], "accrue": [""]}),
    ("commitments openai --side owes --by year", "commitments",
     {"party": ["openai"], "side": ["owes"], "by": ["year"]}),
    ("commitments --open", "commitments", {"open": ["true"]}),
    ("rights openai --all", "rights", {"party": ["openai"], "all": ["true"]}),
    ("parties --role lab", "parties", {"role": ["lab"]}),
    ("log openai --since 2026-01-01 --kind payment --kind funding", "log",
     {"party": ["openai"], "since": ["2026-01-01"], "kind": ["payment", "funding"]}),
    ("log --limit 3 --record", "log", {"limit": ["3"], "record": ["1"]}),
    ("relation microsoft openai --layer committed,paid", "relation",
     {"a": ["microsoft"], "b": ["openai"], "layer": ["committed", "paid"]}),
    ("concentration --by rivals", "concentration", {"by": ["rivals"]}),
    ("exposure openai", "exposure", {"party": ["openai"]}),
    ("circularity --since 2025-09-01", "circularity", {"since": ["2025-09-01"]}),
    ("reciprocity", "reciprocity", {}),
    ("reconcile", "reconcile", {}),
    ("dependencies microsoft --by rights", "dependencies",
     {"party": ["microsoft"], "by": ["rights"]}),
    ("history stake openai microsoft", "history stake",
     {"issuer": ["openai"], "holder": ["microsoft"]}),
    ("history commitment D049", "history commitment", {"commitment_id": ["D049"]}),
    ("explain net microsoft openai", "explain net", {"a": ["microsoft"], "b": ["openai"]}),
]  # fmt: skip


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the ledger of the alliance web."""
    path = tmp_path_factory.mktemp("asking") / "deals.db"
    assert 0 == run(["--ledger", str(path), "init", "--origin", "example.org/deals"])
    assert 0 == run(["--ledger", str(path), "import", str(ALLIANCE)])
    return path


@pytest.fixture(scope="module")
def ledger(file: Path) -> Iterator[Ledger]:
    """Open it."""
    with Ledger.open(file) as ledger:
        yield ledger


def place(ledger: Ledger) -> Place:
    """Ask as of a day, with all that a question may need."""
    point = Point(TODAY)
    return Place(
        point.view(ledger),
        lambda: Ledger.open(ledger.name),
        lambda word: point.moved(word).view(ledger),
    )


def as_json(report: Report, ledger: Ledger) -> object:
    """Return an answer as the command line writes it, but for the words of the question."""
    from dealledger.cli.terminal.formats import Style

    said = json.loads(formatted(at_point(report, Point(TODAY).view(ledger)), Style("json")))
    return {key: value for key, value in said.items() if key != "query"}


@pytest.mark.parametrize(("command", "question", "words"), ASKED, ids=[each[0] for each in ASKED])
def test_words_get_what_the_command_line_says(
    file: Path,
    ledger: Ledger,
    capsys: pytest.CaptureFixture[str],
    command: str,
    question: str,
    words: dict[str, list[str]],
) -> None:
    """The same keys, the same numbers."""
    typed = [*command.split(), "--as-of", TODAY.isoformat(), "-f", "json"]
    assert (1 if command == "reconcile" else 0) == run(["--ledger", str(file), *typed])
    told = json.loads(capsys.readouterr().out)

    assert {k: v for k, v in told.items() if k != "query"} == as_json(
        ask(place(ledger), question, words), ledger
    )


def test_an_event_is_asked_of_the_ledger(ledger: Ledger) -> None:
    """Who has only a View cannot say what is recorded of an event."""
    assert ask(place(ledger), "show", {"event_id": ["D016"]}).rows
    with pytest.raises(BadInput, match="asked of a ledger"):
        ask(Place(place(ledger).view), "show", {"event_id": ["D016"]})


def test_a_difference_has_a_second_point(ledger: Ledger) -> None:
    """It is a point as the command line takes it."""
    found = ask(place(ledger), "diff", {"from": ["2025-06-30"]})

    assert found.rows
    assert "From 2025-06-30@" in found.title


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_may_be_said_has_names_of_the_command_line(question: str) -> None:
    """No name twice, and no file."""
    names = [each.name for each in parameters(question)]

    assert sorted(set(names)) == sorted(names)
    assert not {"capacities", "cash", "opened"} & set(names)


@pytest.mark.parametrize(
    ("question", "words", "said"),
    [
        ("flow", {}, "unknown question 'flow' (did you mean flows?)"),
        ("flows", {"bye": ["pair"]}, "flows knows no 'bye' (did you mean by?)"),
        ("flows", {"by": ["pairs"]}, "by: 'pairs' is not known (one of party, pair, kind, year)"),
        ("flows", {"by": ["pair", "year"]}, "by is said 2 times (say it once)"),
        ("flows", {"accrue": ["maybe"]}, "accrue: 'maybe' is neither true nor false"),
        ("relation", {"a": ["openai"]}, "relation needs b (such as b=...)"),
        ("log", {"limit": ["many"]}, "limit: 'many' is not a whole number"),
        ("circularity", {"since": ["soon"]}, "since: 'soon' is not a date (YYYY-MM-DD)"),
        ("circularity", {"layer": ["paid,x"]},
         "layer: 'x' is not known (one of paid, committed, announced)"),
        ("flows", {"in": ["XXY"]}, "'XXY' is not an ISO 4217 currency"),
    ],
)  # fmt: skip
def test_words_that_are_not_understood(
    ledger: Ledger, question: str, words: dict[str, list[str]], said: str
) -> None:
    """One line that names the word."""
    with pytest.raises(BadInput) as caught:
        ask(place(ledger), question, words)

    assert str(caught.value).startswith(said)
