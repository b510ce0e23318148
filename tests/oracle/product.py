"""The product: a ledger filled with the events of a model, and its answers as plain rows.

It is asked through the Python API and through the command line; both give rows of the same keys,
with numbers as fractions in major units.
"""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from oracle.reading import Json, NoRate, Point

from dealledger.cli.main import run
from dealledger.events import Refused, parse_event
from dealledger.events.money import Money
from dealledger.ledger import Ledger
from dealledger.projections import commitments, flows, rights, stakes
from dealledger.projections.analysis.market.lookthrough import direct_stakes, look_through
from dealledger.projections.flows import Flows
from dealledger.projections.promises import burden
from dealledger.projections.promises.commitments import totals
from dealledger.projections.rates import MissingRate

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
DEALS = str(Path(sys.executable).parent / "deals")
Rows = list[dict[str, Any]]


@contextmanager
def filled(batches: list[list[Json]]) -> Iterator[tuple[Ledger, list[Json], str]]:
    """Make a ledger of what the product accepts: give it, its events by position, and its path.

    All at once, if nothing is refused; else batch by batch, without what is refused.
    """
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        file = f"{folder}/deals.db"
        with Ledger.create(file, origin="example.org/oracle") as ledger:
            yield ledger, accepted(ledger, batches), file


def accepted(ledger: Ledger, batches: list[list[Json]]) -> list[Json]:
    """Append what is accepted, and return it."""
    whole = [event for batch in batches for event in batch]
    try:
        ledger.append([parse_event(event) for event in whole])
    except (Refused, ValueError):
        kept: list[Json] = []
        for batch in batches:
            try:
                ledger.append([parse_event(event) for event in batch])
            except (Refused, ValueError):
                continue
            kept += batch
        return kept
    return whole


class Api:
    """The answers of the Python API at a point."""

    def __init__(self, ledger: Ledger, point: Point) -> None:
        self.view = ledger.at(point.as_of, point.known_at, point.announced_by)
        self._flows: dict[tuple[str | None, bool], Flows] = {}

    def flows(self, by: str, into: str | None = None, *, accrue: bool = False) -> Rows:
        with asking():
            if (into, accrue) not in self._flows:
                found = flows(self.view, currency=into, accrue=accrue, years=True)
                self._flows[into, accrue] = found
        return [plain(row) for row in getattr(self._flows[into, accrue], f"by_{by}")()]

    def undisclosed(self) -> int:
        return flows(self.view).undisclosed

    def commitments(self, into: str | None = None) -> Rows:
        with asking():
            return [plain(row) for row in commitments(self.view, currency=into)]

    def totals(self, into: str | None = None) -> Rows:
        with asking():
            return [plain(row) for row in totals(commitments(self.view, currency=into))]

    def shares(self, by: str, into: str | None = None) -> Rows:
        with asking():
            rows = commitments(self.view, currency=into)
        as_of = self.view.as_of
        found = burden.by_bearer(rows) if by == "bearer" else burden.by_year(rows, as_of)
        return [{**plain(row), by: row.key} for row in found]

    def stakes(self, into: str | None = None) -> Rows:
        with asking():
            return [plain(row) for table in stakes(self.view, currency=into) for row in table.rows]

    def undisclosed_stakes(self) -> dict[str, Fraction]:
        return {table.issuer: table.undisclosed for table in stakes(self.view)}

    def look_through(self) -> Rows:
        return [plain(row) for row in look_through(direct_stakes(self.view)).rows]

    def rights(self) -> Rows:
        return [plain(row) for row in rights(self.view)]


@contextmanager
def asking() -> Iterator[None]:
    """Say that there is no rate as the model does."""
    try:
        yield
    except MissingRate as error:
        raise NoRate from error


def plain(row: Any) -> dict[str, Any]:
    """Return a row of the API as that of the command line: amounts beside their currency."""
    found: dict[str, Any] = {}
    for each in fields(row):
        value = getattr(row, each.name)
        if isinstance(value, Money) and each.name == "value":
            value = value.currency, Fraction(value.text())
        elif isinstance(value, Money):
            found.setdefault("currency", value.currency)
            value = Fraction(value.text())
        found[each.name] = value
    return found


class Cli:
    """The answers of the command line at a point, from its JSON."""

    def __init__(self, file: str, point: Point) -> None:
        self.ledger = ["--ledger", file]
        self.point = ["--as-of", point.as_of.isoformat(), "--known-at", f"@{point.known_at}"]
        if point.announced_by is not None:
            self.point += ["--announced-by", point.announced_by.isoformat()]

    def ask(self, *words: str) -> Any:
        code, out, err = self.run(*self.ledger, *words, *self.point, "-f", "json")
        if code == 2 and "rate" in err:
            raise NoRate
        assert code == 0, err
        return json.loads(out, parse_int=Fraction)

    def run(self, *words: str) -> tuple[int, str, str]:
        """Run a command in this process; return its exit code and what it says."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(words)
        return code, out.getvalue(), err.getvalue()

    def rows(self, *words: str, into: str | None = None, key: str = "rows") -> Rows:
        answer = self.ask(*words, *(["--in", into] if into else []))
        return [{name: number(value) for name, value in row.items()} for row in answer[key]]

    def flows(self, by: str, into: str | None = None, *, accrue: bool = False) -> Rows:
        return self.rows("flows", "--by", by, *(["--accrue"] if accrue else []), into=into)

    def undisclosed(self) -> int:
        return int(self.ask("flows")["undisclosed_amounts"])

    def commitments(self, into: str | None = None) -> Rows:
        return self.rows("commitments", into=into)

    def totals(self, into: str | None = None) -> Rows:
        return self.rows("commitments", into=into, key="totals")

    def shares(self, by: str, into: str | None = None) -> Rows:
        return self.rows("commitments", "--by", by, into=into)

    def stakes(self, into: str | None = None) -> Rows:
        return self.rows("stakes", into=into)

    def undisclosed_stakes(self) -> dict[str, Fraction]:
        return {name: Fraction(part) for name, part in self.ask("stakes")["undisclosed"].items()}

    def look_through(self) -> Rows:
        return self.rows("stakes", "--look-through")

    def rights(self) -> Rows:
        return self.rows("rights", "--all")


class Processes(Cli):
    """The command line in processes of its own, as people have it."""

    def run(self, *words: str) -> tuple[int, str, str]:
        done = subprocess.run([DEALS, *words], check=False, capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr


def number(value: Any) -> Any:
    """Return a text of JSON as the number or the date that it is, or as it is."""
    if isinstance(value, dict) and value.keys() == {"currency", "amount"}:
        return value["currency"], Fraction(value["amount"])
    if not isinstance(value, str):
        return value
    with contextlib.suppress(ValueError):
        return date.fromisoformat(value)
    with contextlib.suppress(ValueError):
        return Fraction(value)
    return value
