"""Group lines: holdings stated of many at once, which name whom they include.

A group line holds what is stated less what its members hold themselves; of groups in groups, each
member once. What its members turn out to hold comes out of the innermost line that has it.
Source: design, section 6.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

Includes = Mapping[str, Collection[str]]
"""Whom each group line names, by the holder of the line."""


@dataclass(slots=True)
class GroupLine:
    """What a source states of a group. stated: with its members. day: of the statement.

    inside: members of whom no holding is stated yet, so that it still lies in the line.
    """

    includes: tuple[str, ...]
    stated: Fraction
    day: date
    inside: set[str] = field(default_factory=set)


def members(holder: str, includes: Includes) -> set[str]:
    """Return whom a line includes, directly or through groups in it; never itself.

    >>> sorted(members("all", {"all": ["sub", "x"], "sub": ["y"], "other": ["z"]}))
    ['sub', 'x', 'y']
    """
    found: set[str] = set()
    waiting = [*includes.get(holder, ())]
    while waiting:
        each = waiting.pop()
        if each != holder and each not in found:
            found.add(each)
            waiting += includes.get(each, ())
    return found


def inner_first(lines: Iterable[str], includes: Includes) -> list[str]:
    """Return lines so that a group in a group comes before it; else in the order given.

    >>> inner_first(["all", "sub"], {"all": ["sub", "x"], "sub": ["y"]})
    ['sub', 'all']
    """
    return sorted(lines, key=lambda holder: len(members(holder, includes)))
