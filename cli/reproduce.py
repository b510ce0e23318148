"""A report that can be computed again: what was asked, at which point of the record.

The JSON of a query carries its own question (`query`) beside as_of, known_at and root. To reproduce
it is to ask again at that point: the same record gives the same answer, however much was recorded
since. A report comes from somebody else, so only questions are asked again,
nothing that would write, and files of assumed events are given again by whoever asks.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click

from dealledger.events import BadInput, read_object

LARGEST_REPORT_BYTES: Final = 200_000_000
ACTING_OPTIONS: Final = ("--svg", "--follow", "--assume", "--checkpoint", "--policy")
"""Options of questions that write a file, never end, or read files that a stranger names."""


def read_report(file: Path) -> dict[str, Any]:
    """Return a report that a query wrote as JSON.

    Raises: BadInput, if the file cannot be read or is not a report.
    """
    try:
        with file.open("rb") as stream:
            data = stream.read(LARGEST_REPORT_BYTES + 1)
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}") from None
    if len(data) > LARGEST_REPORT_BYTES:
        raise BadInput(f"{file} is too large to be a report")
    report = read_object(data)
    kinds = {"query": list, "rows": list, "as_of": str, "known_at": int, "root": str}
    is_report = kinds.keys() <= report.keys() and all(
        isinstance(report[key], kind) for key, kind in kinds.items()
    )
    if not is_report:
        raise BadInput(f"{file} is not a report", "write one with: deals stakes -f json -o FILE")
    return report


@dataclass(frozen=True, slots=True)
class Reproduction:
    """A report of a file that is to be asked again. files: of the events that it assumes."""

    file: Path
    report: dict[str, Any]
    files: tuple[str, ...] = ()

    @classmethod
    def of(cls, file: Path, files: tuple[str, ...]) -> Reproduction:
        """Read the report. Raises: BadInput, if it assumes events and no files are given."""
        report = read_report(file)
        assumed = report.get("assuming")
        if files and not assumed:
            raise BadInput(f"{file} assumes nothing", "leave out --assume")
        if assumed and not files:
            raise BadInput(
                f"{file} assumes events that are not recorded",
                "give their file again: --assume FILE",
            )
        return cls(file, report, files)

    def differences(self, ledger: str) -> list[str]:
        """Return what is not the same when it is asked again, of this ledger."""
        return differences(self.report, ledger, self.files)


def differences(report: dict[str, Any], ledger: str, assumed: Sequence[str] = ()) -> list[str]:
    """Return what is not the same when the question is asked again; empty if all is.

    ledger: which one to ask. assumed: files of events to assume, as the report does; what these are
    called is no difference. That the report says it was verified is its own word: here it is.
    """
    again = _ask_again(report, ledger, assumed)
    report = {key: value for key, value in report.items() if key != "verified"}
    found = []
    if _assumed(again) != _assumed(report):
        found.append("it assumes other events than these files hold")
    if again["root"] != report["root"]:
        found.append(f"the root at @{report['known_at']} is {again['root']}, not {report['root']}")
    found += [
        f"{key} differs" for key in sorted(again.keys() | report.keys())
        if key not in ("root", "rows", "assuming") and again.get(key) != report.get(key)
    ]  # fmt: skip
    if again["rows"] != report["rows"]:
        pairs = zip(again["rows"], report["rows"], strict=False)
        first = next((n for n, (a, b) in enumerate(pairs, start=1) if a != b), None)
        found.append(f"row {first} differs" if first else "the rows differ")
    return found


def _assumed(report: dict[str, Any]) -> list[Any]:
    """Return the events of each file that a report assumes."""
    files = report.get("assuming", [])
    return [each.get("events") for each in files] if isinstance(files, list) else [files]


def _check_question(asked: list[Any]) -> None:
    """Refuse what is no question, such as an append, or would write a file or never end.

    Raises: BadInput.
    """
    from dealledger.cli.main import deals

    words = [word for word in asked if isinstance(word, str)]
    context = click.Context(deals, info_name="deals")
    found: click.Command | None = deals
    for word in words:
        if isinstance(found, click.Group):
            found = found.get_command(context, word)
    options = {option.name for option in found.params} if found else set()
    acting = [word for word in words if word.split("=")[0] in ACTING_OPTIONS]
    if len(words) < len(asked) or acting or not {"as_of", "known_at", "form"} <= options:
        raise BadInput(
            "this report was not written by a query", "only answers can be asked for again"
        )


def _ask_again(report: dict[str, Any], ledger: str, assumed: Sequence[str]) -> dict[str, Any]:
    from dealledger.cli.main import deals

    _check_question(report["query"])
    point = ["--as-of", report["as_of"], "--known-at", f"@{report['known_at']}"]
    if "announced_by" in report:
        point += ["--announced-by", report["announced_by"]]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "again.json"
        # Of an option that is said twice, the last one counts.
        assuming = [word for each in assumed for word in ("--assume", each)]
        asked = [*report["query"], *point, *assuming, "-f", "json", "-o", str(file)]
        arguments = ["--ledger", ledger, *asked]
        deals.main(arguments, prog_name="deals", standalone_mode=False, obj=report["query"])
        again: dict[str, Any] = json.loads(file.read_text())
    return again
