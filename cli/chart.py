"""A number over time as a picture: bars in a terminal, a step line as SVG.

Drawing is the one place where an exact number becomes a length.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from html import escape
from typing import Final

BAR_WIDTH: Final = 30
_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 900, 360, 90, 40, 50
_STYLE: Final = (
    "svg{background:#fff}text{font:13px sans-serif;fill:#111827}"
    ".line{fill:none;stroke:#0072B2;stroke-width:2.5}.axis{stroke:#9CA3AF}"
    "@media (prefers-color-scheme:dark){svg{background:#111827}text{fill:#E5E7EB}"
    ".line{stroke:#56B4E9}}"
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


def step_line(title: str, points: Sequence[tuple[date, Fraction, str]], caption: str) -> str:
    """Return an SVG of a number that changes at dates. points: (date, value, text of the value)."""
    first, last = points[0][0], points[-1][0]
    days = max((last - first).days, 1)
    low = min(Fraction(), *(value for _, value, _ in points))
    high = max(Fraction(), *(value for _, value, _ in points))
    span = (high - low) or Fraction(1)

    def x(day: date) -> int:
        return _LEFT + (day - first).days * (_WIDTH - _LEFT - 30) // days

    def y(value: Fraction) -> int:
        return _HEIGHT - _BOTTOM - round((value - low) * (_HEIGHT - _BOTTOM - _TOP) / span)

    path = f"M{x(first)},{y(Fraction())}"
    marks = []
    for day, value, said in points:
        path += f"H{x(day)}V{y(value)}"
        tip = f"<title>{escape(f'{day}: {said}')}</title>"
        marks.append(f'<circle cx="{x(day)}" cy="{y(value)}" r="4" fill="#D55E00">{tip}</circle>')
    texts = [
        f'<text x="20" y="26" font-weight="bold">{escape(title)}</text>',
        f'<text x="{_LEFT}" y="{_HEIGHT - 14}">{first}</text>',
        f'<text x="{_WIDTH - 30}" y="{_HEIGHT - 14}" text-anchor="end">{last}</text>',
        f'<text x="20" y="44">{escape(caption)}</text>',
    ]
    texts += [
        f'<text x="{_LEFT - 8}" y="{y(value) + 4}" text-anchor="end">{escape(said)}</text>'
        for value, said in {value: said for _, value, said in points}.items()
        if value in (low, high, points[-1][1])
    ]
    zero = f'<path class="axis" d="M{_LEFT},{y(Fraction())}H{_WIDTH - 30}"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(title)}"><style>{_STYLE}</style>{zero}<path class="line" d="{path}"/>'
        f"{''.join(marks)}{''.join(texts)}</svg>\n"
    )
