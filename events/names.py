"""What parties are called, and whom somebody means by a word: the one place that decides it.

A slug always means its own party. Any other word means whoever has it for a name, an alias or a
ticker at the date in question; if nobody has it then, whoever has it at another date. Case and the
way of writing accents do not matter. A word that fits several parties is refused, never guessed.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from dealledger.events.errors import BadInput, closest
from dealledger.events.kinds import Party
from dealledger.events.text import lookup_key, shown

_LEAST: Final = 4
"""Shorter slugs are too often like another by chance."""
_LEAST_CHANGED: Final = 6
_SHOWN: Final = 3
"""How many of the parties with one name are said."""
_FORMS: Final = frozenset(
    [
        *("ag", "co", "company", "corp", "corporation", "gmbh", "group", "holding", "holdings"),
        *("inc", "limited", "llc", "lp", "ltd", "nv", "pbc", "plc", "sa", "se"),
    ]
)
"""What may stand behind a company's name: with it and without it is probably the same company."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A word by which several parties are called at one time.

    owner: whose slug it is, or None. parties: who else has it for a name, alias or ticker; the
    first of them says *text*, in the description *event*.
    """

    text: str
    owner: str | None
    parties: tuple[str, ...]
    event: str

    def __str__(self) -> str:
        """Return the one line that people read."""
        more = len(self.parties) - _SHOWN
        *first, last = (*self.parties[:_SHOWN], *([f"{more:,} more"] if more > 0 else []))
        called = f"{', '.join(first)} and {last}" if first else last
        said = f"{shown(self.text)} is a name of {called}"
        if self.owner:
            return f"{said}, and means {self.owner}, whose slug it is"
        return f"{said}, and means none of them: say the slug"


@dataclass(slots=True)
class Names:
    """How parties are called, at all dates.

    described: by slug, the descriptions in the order of their dates. called: by `lookup_key`, the
    parties that are ever called so.
    """

    described: dict[str, list[Party]] = field(default_factory=dict)
    called: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, descriptions: Iterable[Party]) -> Names:
        """Return the names in descriptions of parties; of one day, the last counts."""
        names = cls()
        for each in descriptions:
            names.add(each)
        return names

    def add(self, party: Party) -> None:
        """Take in one more description."""
        insort(self.described.setdefault(party.party, []), party, key=_day)
        for key in {lookup_key(party.party), *_words(party)}:
            slugs = self.called.setdefault(key, [])
            if party.party not in slugs:
                slugs.append(party.party)

    def meant(self, typed: str, day: date) -> tuple[str, ...]:
        """Return the slugs of all whom *typed* may mean on a day."""
        if typed in self.described:
            return (typed,)
        key = lookup_key(typed)
        ever = self.called.get(key, [])
        now = [slug for slug in ever if key == slug or key in self._words_on(slug, day)]
        return tuple(sorted(now or ever))

    def find(self, typed: str, day: date) -> str:
        """Return the slug that *typed* means on a day.

        Raises: BadInput, naming the candidates if there are several, the closest if there is none.
        """
        found = self.meant(typed, day)
        if len(found) > 1:
            raise BadInput(
                f"{shown(typed)} may mean {' or '.join(found)}", "say which one by its slug"
            )
        if not found:
            hint = closest(typed, self.called) or "see: deals parties"
            raise BadInput(f"unknown party {shown(typed)}", hint)
        return found[0]

    def clashes(self, parties: Iterable[str] | None = None) -> Iterator[Clash]:
        """Yield what calls several parties at one time; of any, or with one of *parties* in it."""
        wanted = None if parties is None else set(parties)
        for key, slugs in self.called.items():
            if len(slugs) < 2 or (wanted is not None and wanted.isdisjoint(slugs)):
                continue
            owner = key if key in self.described else None
            named = tuple(sorted({*slugs} - {owner})) if owner else self._together(key, slugs)
            if named and (wanted is None or wanted & {owner, *named}):
                says = [each for each in self.described[named[0]] if key in _words(each)][-1]
                yield Clash(_words(says)[key], owner, named, says.id or "")

    def close(self, slugs: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
        """Yield each of *slugs* that could be a slip of another one, with all of those, sorted."""
        near: dict[str, list[str]] = {}
        for other in self.described:
            for shape in _shapes(other):
                near.setdefault(shape, []).append(other)
        for slug in slugs:
            others = {other for shape in _shapes(slug) for other in near.get(shape, ())}
            if found := sorted(other for other in others if is_close(slug, other)):
                yield slug, found

    def _words_on(self, slug: str, day: date) -> dict[str, str]:
        """Return what a party is called on a day; nothing before its first description."""
        found = self.described[slug]
        index = bisect_right(found, day, key=_day)
        return _words(found[index - 1]) if index else {}

    def _together(self, key: str, slugs: Iterable[str]) -> tuple[str, ...]:
        """Return the most parties that have a word at one time, sorted; nothing, if it is one."""
        changes: list[tuple[date, bool, str]] = []
        for slug in slugs:
            has = False
            for each in self._last_of_days(slug):
                if has != (key in _words(each)):
                    has = not has
                    changes.append((each.effective_on, has, slug))
        now: set[str] = set()
        most: tuple[str, ...] = ()
        for _, has, slug in sorted(changes):  # who loses it on a day makes way for who gets it
            (now.add if has else now.discard)(slug)
            if len(now) > max(len(most), 1):
                most = tuple(now)
        return tuple(sorted(most))

    def _last_of_days(self, slug: str) -> Iterable[Party]:
        """Return the description of a party that counts at each date."""
        return {each.effective_on: each for each in self.described[slug]}.values()


def _day(party: Party) -> date:
    return party.effective_on


def _words(party: Party) -> dict[str, str]:
    """Return what a description calls a party: `lookup_key` to text."""
    said = (*party.aliases, *((party.ticker,) if party.ticker else ()), party.name)
    return {lookup_key(text): text for text in said}


def _shapes(slug: str) -> set[str]:
    """Return forms of a slug; those of close slugs have one in common."""
    start, _, form = slug.rpartition("-")
    shapes = {slug, slug.replace("-", ""), *((start,) if form in _FORMS else ())}
    return shapes | {slug[:index] + slug[index + 1 :] for index in range(len(slug))}


def is_close(one: str, two: str) -> bool:
    """Tell whether one slug could be a slip of another: one letter, or a company's form.

    >>> is_close("nvdia", "nvidia"), is_close("acme-inc", "acme"), is_close("fund1", "fund2")
    (True, True, False)
    """
    if one.replace("-", "") == two.replace("-", ""):
        return one != two
    short, long = sorted((one, two), key=len)
    if long.startswith(f"{short}-"):
        return long.removeprefix(f"{short}-") in _FORMS
    if len(short) < _LEAST or _digits(one) != _digits(two):
        return False
    if len(short) == len(long):
        different = [index for index in range(len(one)) if one[index] != two[index]]
        swapped = len(different) == 2 and different[1] == different[0] + 1
        swapped = swapped and sorted(one) == sorted(two)
        return swapped or (len(different) == 1 and len(one) >= _LEAST_CHANGED)
    return len(short) + 1 == len(long) and any(
        long[:index] + long[index + 1 :] == short for index in range(len(long))
    )


def _digits(slug: str) -> str:
    return "".join(filter(str.isdigit, slug))
