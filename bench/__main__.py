"""`python -m bench`: measure everything, print the table, write it as Markdown and JSON."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from bench import (
    analysing,
    appending,
    asking,
    browsing,
    drawing,
    importing,
    starting,
    verifying,
    writers,
)
from bench.place import Place
from bench.report import as_json, as_markdown, as_table
from bench.rows import Result

MEASUREMENTS: Final[dict[str, Callable[[Place], Iterator[Result]]]] = {
    "start": starting.measure,
    "append": appending.measure,
    "import": importing.measure,
    "ask": asking.measure,
    "verify": verifying.measure,
    "writers": writers.measure,
    "draw": drawing.measure,
    "analyse": analysing.measure,
    "browse": browsing.measure,
}


def main(words: list[str] | None = None) -> int:
    """Measure what is asked for; 0 if every goal is met, else 1."""
    asked = _parser().parse_args(words)
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        place = Place(Path(folder), asked.events, asked.runs)
        results = list(_measured(place, asked.only or list(MEASUREMENTS), asked.larger))
    results.sort(key=lambda each: int(each.number))
    print(as_table(results))  # noqa: T201  what it is for
    if asked.output:
        asked.output.with_suffix(".json").write_text(as_json(results, asked.events))
        _replace_table(asked.output.with_suffix(".md"), as_markdown(results))
    return int(any(getattr(each, "met", None) is False for each in results))


def _measured(place: Place, names: Iterable[str], larger: int) -> Iterator[Result]:
    for name in names:
        print(f"measuring: {name}", file=sys.stderr)  # noqa: T201
        yield from MEASUREMENTS[name](place)
        if name == "ask" and larger > place.events:
            yield from asking.measure_larger(place, larger)


def _replace_table(file: Path, table: str) -> None:
    """Write the table between the two marks of a page, or as the page if it has none."""
    begin, end = "<!-- measured -->", "<!-- end -->"
    page = file.read_text() if file.exists() else f"{begin}\n{end}\n"
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(end)
    file.write_text(f"{before}{begin}\n{table}\n{end}{after}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000, help="deals of the long inputs")
    parser.add_argument("--larger", type=int, default=0, help="deals of the longest one (row 6)")
    parser.add_argument("--runs", type=int, default=7, help="how often each is timed")
    parser.add_argument("--only", nargs="*", choices=MEASUREMENTS, help="measure only these")
    parser.add_argument("--folder", type=Path, help="where to keep inputs and ledgers meanwhile")
    parser.add_argument("--output", type=Path, help="write OUTPUT.md and OUTPUT.json")
    return parser


if __name__ == "__main__":
    sys.exit(main())
