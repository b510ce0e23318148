"""A number over time as a picture: bars in a terminal, a step line as SVG.

Drawing is the one place where an exact number becomes a length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from html import escape
from typing import Final

BAR_WIDTH: Final = 30
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _BOTTOM, _TOP = 900, 380, 90, 45, 40, 70
_STYLE: Final = (
    "svg{background:#fff}text{font:13px sans-serif;fill:#111827}.title{font-weight:bold}"
    ".line{fill:none;stroke:#0072B2;stroke-width:2.5}.axis{stroke:#9CA3AF}"
    ".move path{stroke:#6B7280;stroke-width:1.5;stroke-dasharray:3 2}.move polygon{fill:#6B7280}"
    "@media (prefers-color-scheme:dark){svg{background:#111827}text{fill:#E5E7EB}"
    ".line{stroke:#56B4E9}.move path{stroke:#9CA3AF}.move polygon{fill:#9CA3AF}}"
)


def bars(values: Sequence[Fraction]) -> list[str]:
    """Return one bar per value, in proportion to the largest.

    >>> bars([Fraction(1), Fraction(2), Fraction(-1)])[0] == "█" * 15
    True
    """
    largest = max((abs(value) for value in values), default=Fraction())
    if not largest:
        return ["" for _ in values]
    return [
        ("-" if value < 0 else "") + "█" * round(BAR_WIDTH * abs(value) / largest)
        for value in values
    ]


Dot = tuple[date, Fraction, str]
"""A day, a value, and the text of the value."""


def step_line(title: str, points: Sequence[Dot], caption: str, moves: Sequence[Dot] = ()) -> str:
    """Return an SVG of a number that changes at dates.

    moves: price moves, drawn as stems from zero on the same axes; their text names who moved.
    """
    scale = _scale([*points, *moves])
    texts = [
        f'<text x="20" y="26" class="title">{escape(title)}</text>',
        f'<text x="20" y="44">{escape(caption)}</text>',
    ]
    if moves:
        key = "price moves: triangles, from zero"
        texts.append(
            f'<text x="{_WIDTH - _RIGHT}" y="26" text-anchor="end" class="key">{key}</text>'
        )
    zero = f'<path class="axis" d="M{_LEFT},{scale.y(Fraction())}H{_WIDTH - _RIGHT}"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(title)}"><style>{_STYLE}</style>{zero}{_stems(scale, moves)}'
        f"{_line(scale, points)}{''.join(texts)}{_ticks(scale, points)}{_years(scale)}</svg>\n"
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where a day and a value stand in the picture."""

    first: date
    last: date
    low: Fraction
    high: Fraction

    def x(self, day: date) -> int:
        days = max((self.last - self.first).days, 1)
        return _LEFT + (day - self.first).days * (_WIDTH - _LEFT - _RIGHT) // days

    def y(self, value: Fraction) -> int:
        span = (self.high - self.low) or Fraction(1)
        return _HEIGHT - _BOTTOM - round((value - self.low) * (_HEIGHT - _BOTTOM - _TOP) / span)


def _scale(dots: Sequence[Dot]) -> _Scale:
    days = [day for day, _, _ in dots]
    values = [Fraction(), *(value for _, value, _ in dots)]
    return _Scale(min(days), max(days), min(values), max(values))


def _line(scale: _Scale, points: Sequence[Dot]) -> str:
    path = f"M{scale.x(points[0][0])},{scale.y(Fraction())}"
    marks = []
    for day, value, said in points:
        path += f"H{scale.x(day)}V{scale.y(value)}"
        tip = f"<title>{escape(f'{day}: {said}')}</title>"
        place = f'cx="{scale.x(day)}" cy="{scale.y(value)}"'
        marks.append(f'<circle {place} r="4" fill="#D55E00">{tip}</circle>')
    path += f"H{scale.x(scale.last)}"
    return f'<path class="line" d="{path}"/>{"".join(marks)}'


def _stems(scale: _Scale, moves: Sequence[Dot]) -> str:
    """Draw each move as a stem that ends in a triangle, up or down."""
    drawn = []
    for day, value, said in moves:
        x, y, up = scale.x(day), scale.y(value), 7 if value >= 0 else -7
        tip = f"<title>{escape(f'{day}: {said}')}</title>"
        drawn.append(
            f'<g class="move"><path d="M{x},{scale.y(Fraction())}V{y}"/>'
            f'<polygon points="{x - 4},{y + up} {x + 4},{y + up} {x},{y}"/>{tip}</g>'
        )
    return "".join(drawn)


def _years(scale: _Scale) -> str:
    """Mark the first of January of each year, or the first and the last day of a short time."""
    days = [date(year, 1, 1) for year in range(scale.first.year + 1, scale.last.year + 1)]
    if not days:
        days = [scale.first, scale.last]
    step = max(len(days) // 12, 1)
    base, drawn = _HEIGHT - _BOTTOM, []
    for day in days[::step]:
        x = scale.x(day)
        said = day if len(days) == 2 and day in (scale.first, scale.last) else day.year
        drawn.append(
            f'<path class="axis" d="M{x},{base + 4}V{base + 10}"/>'
            f'<text x="{x}" y="{base + 26}" text-anchor="middle">{said}</text>'
        )
    return "".join(drawn)


def _ticks(scale: _Scale, points: Sequence[Dot]) -> str:
    """Name the lowest, the highest and the last value on the left."""
    values = [value for _, value, _ in points]
    named = {value: said for _, value, said in points}
    wanted = {min(values), max(values), values[-1]}
    return "".join(
        f'<text x="{_LEFT - 8}" y="{scale.y(value) + 4}" text-anchor="end">{escape(said)}</text>'
        for value, said in named.items()
        if value in wanted
    )
