"""A report that can be computed again: what was asked, at which point of the record.

The JSON of a query carries its own question (`query`) beside as_of, known_at and root. To reproduce
it is to ask again at that point: the same record gives the same answer, however much was recorded
since. A report comes from somebody else, so only questions are asked again,
nothing that would write.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any, Final

import click

from dealledger.events import BadInput, read_object

LARGEST_REPORT_BYTES: Final = 200_000_000
ACTING_OPTIONS: Final = ("--svg", "--follow")
"""Options of questions that write a file, or never end."""


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


def differences(report: dict[str, Any], ledger: str) -> list[str]:
    """Return what is not the same when the question is asked again; empty if all is.

    ledger: which one to ask.
    """
    again = _ask_again(report, ledger)
    found = []
    if again["root"] != report["root"]:
        found.append(f"the root at @{report['known_at']} is {again['root']}, not {report['root']}")
    found += [
        f"{key} is another" for key in sorted(again.keys() | report.keys())
        if key not in ("root", "rows") and again.get(key) != report.get(key)
    ]  # fmt: skip
    if again["rows"] != report["rows"]:
        pairs = zip(again["rows"], report["rows"], strict=False)
        first = next((n for n, (a, b) in enumerate(pairs, start=1) if a != b), None)
        found.append(f"row {first} is another" if first else "there are other rows")
    return found


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
        raise BadInput("the report's query is no question", "only answers can be asked for again")


def _ask_again(report: dict[str, Any], ledger: str) -> dict[str, Any]:
    from dealledger.cli.main import deals

    _check_question(report["query"])
    point = ["--as-of", report["as_of"], "--known-at", f"@{report['known_at']}"]
    if "announced_by" in report:
        point += ["--announced-by", report["announced_by"]]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "again.json"
        # Of an option that is said twice, the last one counts.
        asked = [*report["query"], *point, "-f", "json", "-o", str(file)]
        arguments = ["--ledger", ledger, *asked]
        deals.main(arguments, prog_name="deals", standalone_mode=False, obj=report["query"])
        again: dict[str, Any] = json.loads(file.read_text())
    return again
