"""A number over time as a picture: bars in a terminal, a step line as SVG.

The line has the value that each day ended with, and no other; ticks on the left are round numbers,
with their unit over them. Price moves stand on a strip of their own below, one row for each
company, on the same days. Drawing is the one place where an exact number becomes a length.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from html import escape
from typing import Final

from dealledger.cli.terminal.axes import Span, day_ticks, round_ticks
from dealledger.events.text import visible, width_of

BAR_WIDTH: Final = 24
MOST_ROWS: Final = 24
"""Companies on the strip of price moves."""

LONGEST_TITLE: Final = 90
"""In columns."""

_WIDTH: Final = 960
_LEFT: Final = 170
_RIGHT: Final = 90
_TOP: Final = 120
_PLOT: Final = 290
"""The height of the plot of the line."""

_ROW: Final = 18
_LETTER: Final = 7
"""The width of a letter, at most."""

_STYLE: Final = (
    "svg{background:#fff}text{font:13px Helvetica,Arial,sans-serif;fill:#111827}"
    ".title{font-size:17px;font-weight:bold}.small{font-size:12px;fill:#4B5563}"
    ".line{fill:none;stroke:#0072B2;stroke-width:2.5}.axis{stroke:#6B7280}"
    ".joined{stroke-dasharray:4 3;stroke-width:1.5}.grid{stroke:#E5E7EB}"
    ".dot{fill:#D55E00;stroke:#D55E00;stroke-width:1.5}"
    ".dot.bound{fill:#fff}.last{font-weight:bold}"
    ".move polygon{fill:#4B5563}.move .down{fill:#fff;stroke:#4B5563;stroke-width:1.3}"
    "@media (prefers-color-scheme:dark){svg{background:#111827}text{fill:#E5E7EB}"
    ".small{fill:#9CA3AF}.grid{stroke:#374151}.line{stroke:#56B4E9}.dot{fill:#F08A3C;"
    "stroke:#F08A3C}.dot.bound{fill:#111827}.move polygon{fill:#9CA3AF}"
    ".move .down{fill:#111827;stroke:#9CA3AF}}"
)


def bars(values: Sequence[Fraction]) -> list[str]:
    """Return one bar per value, in proportion to the largest.

    >>> bars([Fraction(1), Fraction(2), Fraction(-1)])[0] == "█" * 12
    True
    """
    largest = max((abs(value) for value in values), default=Fraction())
    if not largest:
        return ["" for _ in values]
    return [
        ("-" if value < 0 else "") + "█" * round(BAR_WIDTH * abs(value) / largest)
        for value in values
    ]


@dataclass(frozen=True, slots=True)
class Dot:
    """The value that a day ended with. text: as people read it; is_exact: no bound is in it."""

    day: date
    value: Fraction
    text: str
    is_exact: bool = True


@dataclass(frozen=True, slots=True)
class PriceMove:
    """A share price that moved. text: by how much."""

    day: date
    company: str
    text: str
    is_up: bool


@dataclass(frozen=True, slots=True)
class Axis:
    """What the values are. unit: stands over the ticks; say: a tick as text."""

    unit: str
    say: Callable[[Fraction], str]


def step_line(
    title: str,
    captions: Sequence[str],
    dots: Sequence[Dot],
    axis: Axis,
    moves: Sequence[PriceMove] = (),
    *,
    moves_on: bool = False,
) -> str:
    """Return an SVG of a number that changes at dates.

    captions: at most three. dots: by day, one for each. moves_on: it also changes between them, so
    that no step is drawn.
    """
    rows = _rows(moves)
    days = [dot.day for dot in dots] + [move.day for move in moves]
    first, last = min(days), max(days)
    across = Span(Fraction(first.toordinal()), Fraction(last.toordinal()), _LEFT, _WIDTH - _RIGHT)
    ticks = round_ticks(dot.value for dot in dots)
    up = Span(ticks[0], ticks[-1], _TOP + _PLOT, _TOP)
    bottom = _TOP + _PLOT + (len(rows) * _ROW + 44 if rows else 0)
    parts = [
        _text(20, 28, _cut(title, LONGEST_TITLE), "title"),
        *(_text(20, 48 + 16 * line, text, "small") for line, text in enumerate(captions)),
        *([_legend()] if not all(dot.is_exact for dot in dots) else []),
        _days(across, first, last, bottom),
        _values(up, ticks, axis),
        _line(across, up, dots, moves_on=moves_on),
        _strip(across, rows, len({move.company for move in moves})) if rows else "",
    ]
    height = bottom + 44
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-label="{escape(visible(title))}"><style>{_STYLE}</style>{"".join(parts)}</svg>\n'
    )


def _text(x: int, y: int, text: str, style: str = "", anchor: str = "") -> str:
    of_class = f' class="{style}"' if style else ""
    side = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{x}" y="{y}"{of_class}{side}>{escape(visible(text))}</text>'


def _legend() -> str:
    said = "hollow: not exact (≤ at most, ≥ at least, ~ about)"
    return _text(_WIDTH - 20, 48, said, "small", "end")


def _values(up: Span, ticks: Sequence[Fraction], axis: Axis) -> str:
    """Draw a line for each round value, with its name on the left and the unit over all."""
    drawn = [_text(_LEFT - 10, _TOP - 16, axis.unit, "small", "end")]
    for tick in ticks:
        y = up.at(tick)
        drawn.append(
            f'<path class="{"grid" if tick else "axis"}" d="M{_LEFT},{y}H{_WIDTH - _RIGHT}"/>'
        )
        drawn.append(_text(_LEFT - 10, y + 4, axis.say(tick), "", "end"))
    return "".join(drawn)


def _days(across: Span, first: date, last: date, bottom: int) -> str:
    drawn = []
    for day, said in day_ticks(first, last):
        x = across.at(day.toordinal())
        drawn.append(f'<path class="grid" d="M{x},{_TOP}V{bottom + 8}"/>')
        drawn.append(_text(x, bottom + 24, said, "", "middle"))
    return "".join(drawn)


def _line(across: Span, up: Span, dots: Sequence[Dot], *, moves_on: bool) -> str:
    path = "" if moves_on else f"M{across.at(dots[0].day.toordinal())},{up.at(0)}"
    marks = []
    for dot in dots:
        x, y = across.at(dot.day.toordinal()), up.at(dot.value)
        path += f"{'L' if path else 'M'}{x},{y}" if moves_on else f"H{x}V{y}"
        tip = f"<title>{escape(visible(f'{dot.day}: {dot.text}'))}</title>"
        of = "dot" if dot.is_exact else "dot bound"
        marks.append(f'<circle class="{of}" cx="{x}" cy="{y}" r="3.5">{tip}</circle>')
    path += "" if moves_on else f"H{_WIDTH - _RIGHT}"
    style = "line joined" if moves_on else "line"
    last = _text(_WIDTH - _RIGHT + 8, up.at(dots[-1].value) + 4, dots[-1].text, "last")
    return f'<path class="{style}" d="{path}"/>{"".join(marks)}{last}'


def _rows(moves: Sequence[PriceMove]) -> list[tuple[str, list[PriceMove]]]:
    """Return the moves by company, who moved first comes first; at most so many."""
    rows: dict[str, list[PriceMove]] = {}
    for move in sorted(moves, key=lambda move: move.day):
        rows.setdefault(move.company, []).append(move)
    return list(rows.items())[:MOST_ROWS]


def _strip(across: Span, rows: Sequence[tuple[str, list[PriceMove]]], companies: int) -> str:
    """Draw a row for each company: its name, a triangle on each day, and by how much, in order."""
    top = _TOP + _PLOT + 40
    more = (
        f"; {companies - len(rows)} more companies are in the table"
        if companies > len(rows)
        else ""
    )
    drawn = [_text(_LEFT, top - 10, f"share prices, up ▲ and down ▽, by company{more}", "small")]
    for number, (company, moves) in enumerate(rows):
        y = top + number * _ROW + _ROW // 2
        drawn.append(f'<path class="grid" d="M{_LEFT},{y}H{_WIDTH - _RIGHT}"/>')
        drawn.append(
            _text(_LEFT - 10, y + 4, _cut(company, (_LEFT - 16) // (_LETTER + 1)), "", "end")
        )
        places = [across.at(move.day.toordinal()) for move in moves]
        drawn += [_triangle(x, y, move) for x, move in zip(places, moves, strict=True)]
        drawn.append(_numbers(places, y, [move.text for move in moves]))
    return "".join(drawn)


def _numbers(places: Sequence[int], y: int, texts: Sequence[str]) -> str:
    """Write the moves of a row: each beside its triangle, or all before or after, as they fit."""
    ends = [*places[1:], _WIDTH - 10]
    fits = [
        place + 8 + width_of(text) * _LETTER <= end - 8
        for place, text, end in zip(places, texts, ends, strict=True)
    ]
    whole = ", ".join(texts)
    width = width_of(whole) * _LETTER
    if not all(fits) and width <= places[0] - _LEFT - 16:
        return _text(places[0] - 10, y + 4, whole, "small", "end")
    if not all(fits) and width <= _WIDTH - 20 - places[-1] - 10:
        return _text(places[-1] + 10, y + 4, whole, "small")
    return "".join(
        _text(place + 8, y + 4, text, "small")
        for place, text, is_fitting in zip(places, texts, fits, strict=True)
        if is_fitting
    )


def _triangle(x: int, y: int, move: PriceMove) -> str:
    tip = f"<title>{escape(visible(f'{move.day}: {move.company} {move.text}'))}</title>"
    side = "up" if move.is_up else "down"
    base, head = (y + 4, y - 5) if move.is_up else (y - 4, y + 5)
    return (
        f'<g class="move"><polygon class="{side}" '
        f'points="{x - 5},{base} {x + 5},{base} {x},{head}"/>{tip}</g>'
    )


def _cut(text: str, columns: int) -> str:
    text = visible(text)
    while width_of(text) > columns:
        text = text[:-2].rstrip() + "…"
    return text
