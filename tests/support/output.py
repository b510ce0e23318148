"""Write docs/output.md: the prose of output.template.md, with the keys that the columns say.

A line such as `{{flows --by pair}}` there becomes the table of what that question answers; the
demo's ledger is asked, so that it is of the columns that there are. `make docs` rewrites the page,
and a test keeps it so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from dealledger.ledger import Ledger, View
from dealledger.ledger.append.event_files import Reader
from dealledger.projections.answers.column_terms import meaning
from dealledger.projections.answers.log import EventsWanted
from dealledger.projections.answers.questions import QUESTIONS
from dealledger.projections.answers.report import Report
from dealledger.projections.answers.webs import Asked

PAGE: Final = Path(__file__).parents[2] / "docs" / "output.md"
TEMPLATE: Final = Path(__file__).parent / "output.template.md"
DEMO: Final = Path(__file__).parents[2] / "cli" / "data" / "ai-alliance.jsonl"
PLACE: Final = re.compile(r"^\{\{(.+)\}\}$", re.MULTILINE)
TABLES: Final = tuple(PLACE.findall(TEMPLATE.read_text()))
"""The names of the tables of the page."""

DAY: Final = date(2026, 6, 30)
_GIVEN: Final = "party,amount,currency,on,source\nopenai,10B,USD,2025-12-31,a report\n"

Asking = tuple[str, dict[str, Any]]
"""A question by its name, and what it is asked with."""


def questions(ledger: Ledger, file: Path) -> dict[str, Asking]:
    """Return what is asked for each table of the page. file: of amounts that no ledger holds."""
    web = {"asked": Asked()}
    pair, stake = {"a": "microsoft", "b": "openai"}, {"issuer": "openai", "holder": "microsoft"}
    earlier = ledger.at(date(2025, 6, 30))
    return {
        "stakes": ("stakes", {}),
        "stakes --look-through": ("stakes", {"look_through": True}),
        **{f"flows --by {by}": ("flows", {"by": by}) for by in ("party", "pair", "kind", "year")},
        "commitments": ("commitments", {}),
        "commitments PARTY": ("commitments", {"party": "openai"}),
        **{
            f"commitments --by {by}": ("commitments", {"by": by})
            for by in ("year", "band", "bearer")
        },
        "rights": ("rights", {}),
        "parties": ("parties", {}),
        "log": ("log", {"wanted": EventsWanted()}),
        "reconcile": ("reconcile", {}),
        "duplicates": ("duplicates", {}),
        "relation": ("relation", web | pair),
        "reciprocity": ("reciprocity", web),
        "circularity": ("circularity", web),
        "circularity PARTY": ("circularity", web | {"party": "microsoft"}),
        "cycles": ("cycles", web),
        "cycles --static": ("cycles", web | {"timed": False}),
        "exposure": ("exposure", web | {"party": "openai"}),
        "exposure --view debtrank": (
            "exposure", web | {"party": "openai", "which": "debtrank", "capacities": file}
        ),
        "exposure --view clearing": (
            "exposure",
            web | {"party": "openai", "which": "clearing", "cash": file, "due": date(2027, 12, 31)},
        ),
        "concentration": ("concentration", web),
        **{
            f"concentration --by {by}": ("concentration", web | {"by": by})
            for by in ("rivals", "partners", "owners")
        },
        **{
            f"dependencies --by {by}": ("dependencies", {"by": by})
            for by in ("ties", "lock-in", "rights")
        },
        "history stake": ("history stake", stake),
        "history net": ("history net", pair),
        "history commitment": ("history commitment", {"commitment_id": "D005"}),
        "history circularity": ("history circularity", web),
        "history circularity PARTY": ("history circularity", web | {"party": "microsoft"}),
        "history concentration": ("history concentration", web | {"party": "openai"}),
        "explain stake": ("explain stake", stake),
        "explain net": ("explain net", pair),
        "explain balance": ("explain balance", {"party": "coreweave"}),
        "explain commitment": ("explain commitment", {"commitment_id": "D005"}),
        "diff": ("diff", {"earlier": earlier}),
    }  # fmt: skip


@contextmanager
def asked() -> Iterator[Callable[[str], Report]]:
    """Give what returns the answer behind the name of a table, of the demo's ledger."""
    with (
        TemporaryDirectory() as folder,
        closing(Ledger.create(Path(folder) / "deals.db")) as ledger,
    ):
        with DEMO.open("rb") as stream:
            ledger.append(Reader().jsonl(stream, DEMO.name))
        file = Path(folder) / "given.csv"
        file.write_text(_GIVEN)
        known, view = questions(ledger, file), ledger.at(DAY)

        def ask(name: str) -> Report:
            if name not in known:
                raise LookupError(
                    f"say in questions() of tests/support/output.py how to ask {name}"
                )
            return answered(view, *known[name], opened=lambda: opening(ledger))

        yield ask


@contextmanager
def opening(ledger: Ledger) -> Iterator[Ledger]:
    """Open a ledger that is open."""
    yield ledger


def answered(
    view: View, name: str, arguments: dict[str, Any],
    opened: Callable[[], AbstractContextManager[Ledger]],
) -> Report:  # fmt: skip
    """Return the answer to a question."""
    if name.endswith(" commitment"):
        arguments = {**arguments, "opened": opened}
    return QUESTIONS[name].answer()(view, **arguments)


def keys(report: Report) -> str:
    """Return the keys of an answer's rows as a table of Markdown."""
    lines = ["| key | is | means |", "|---|---|---|"]
    for column in report.for_programs():
        kind, about = meaning(column)
        lines.append(f"| `{column.key}` | {kind} | {about} |")
    return "\n".join(lines)


def page() -> str:
    """Return the page."""
    with asked() as ask:
        return PLACE.sub(lambda found: keys(ask(found[1])), TEMPLATE.read_text())


if __name__ == "__main__":
    PAGE.write_text(page())
