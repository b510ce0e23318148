"""Names, notes and identifiers: which characters a text may hold, and how it is shown.

Text is stored as given (no Unicode normalisation: the hashed bytes are the writer's own); what
cannot be stored on every database or printed safely is refused or, when shown, made visible.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from dealledger.events.errors import BadInput

LONGEST_NAME: Final = 200
LONGEST_TEXT: Final = 8_000

SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
EVENT_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
LONGEST_SLUG: Final = 63
_NO_SLUG: Final = re.compile("[^a-z0-9]+")
_APOSTROPHES: Final = re.compile("['\u2018\u2019`]")
COUNTRY: Final = re.compile(r"[A-Z]{2}")

INVISIBLE: Final = frozenset(["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"])

_LINE_BREAKS: Final = frozenset("\u2028\u2029")
_FILLERS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_ANY_SCRIPT: Final = frozenset(
    ["CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "MODIFIER"]
)
"""Letters that look like no others: they may stand beside those of any script."""


def parse_slug(value: object) -> str:
    """Return *value* if it is a slug, such as `openai` or `msft-openai-2023`."""
    if not isinstance(value, str) or not SLUG.fullmatch(value):
        raise BadInput(
            f"{shown(value)} is not a slug",
            "lower-case letters, digits and -, at most 63, such as openai",
        )
    return value


def parse_event_id(value: object) -> str:
    """Return *value* if it can name an event."""
    if not isinstance(value, str) or not EVENT_ID.fullmatch(value):
        raise BadInput(
            f"{shown(value)} is not an event id",
            "letters, digits, . _ : -, at most 64, such as D016",
        )
    return value


def parse_country(value: object) -> str:
    """Return *value* if it has the form of an ISO 3166 code of two letters."""
    if not isinstance(value, str) or not COUNTRY.fullmatch(value):
        raise BadInput(f"{shown(value)} is not a country code", "two capital letters, such as US")
    return value


def parse_name(value: object) -> str:
    """Return *value* if it is one line of text that people can read."""
    return _parse_text(value, LONGEST_NAME)


def one_line(value: object) -> str:
    """Return *value* if it is a name without a line break of Unicode, U+2028 or U+2029.

    For what is to be recorded; `parse_name` reads records from before this rule, too.
    """
    text = parse_name(value)
    for found in sorted(_LINE_BREAKS & set(text)):
        raise BadInput(f"line break U+{ord(found):04X} in {shown(text)}")
    return text


def doubts(name: str) -> Iterator[str]:
    """Yield what lets a name pass for another one: letters of two scripts, invisible characters.

    >>> list(doubts("\u041epen\u200bAI"))
    ['mixes Cyrillic and Latin letters', 'has the invisible character U+200B']
    """
    scripts = sorted({_script(character) for character in unicodedata.normalize("NFKC", name)})
    if len(named := [script for script in scripts if script]) > 1:
        yield f"mixes {' and '.join(named)} letters"
    for character in dict.fromkeys(name):
        if unicodedata.category(character) in INVISIBLE or character in _FILLERS:
            yield f"has the invisible character U+{ord(character):04X}"


def _script(character: str) -> str:
    """Return the script of a letter; nothing for what is no letter, or looks like no other."""
    if not unicodedata.category(character).startswith("L"):
        return ""
    script = re.split("[ -]", unicodedata.name(character, ""))[0]
    return "" if script in _ANY_SCRIPT else script.title()


def parse_text(value: object) -> str:
    """Return *value* if it is text without control characters, apart from line breaks and tabs."""
    return _parse_text(value, LONGEST_TEXT, "\n\t")


def _parse_text(value: object, longest: int, allowed: str = "") -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadInput(f"{shown(value)} is not text")
    if len(value) > longest:
        raise BadInput(f"a text of {len(value):,} characters is too long", f"at most {longest:,}")
    for character in () if value.isascii() and value.isprintable() else value:
        if unicodedata.category(character) in ("Cc", "Cs") and character not in allowed:
            raise BadInput(f"control character U+{ord(character):04X} in {shown(value)}")
    return value


def visible(text: str) -> str:
    r"""Return *text* with every invisible or terminal-controlling character spelled out.

    >>> print(visible("red \x1b[31m \u202e"))
    red \x1b[31m \u202e
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_spelled(character) for character in text)


def _spelled(character: str) -> str:
    if unicodedata.category(character) not in INVISIBLE:
        return character
    code = ord(character)
    return (
        f"\\x{code:02x}"
        if code < 0x100
        else f"\\u{code:04x}"
        if code < 0x10000
        else f"\\U{code:08x}"
    )


def shown(value: object) -> str:
    """Return *value* quoted for a message: visible, and not longer than a line holds."""
    text = visible(value if isinstance(value, str) else repr(value))
    return f"'{text[:60]}…'" if len(text) > 60 else f"'{text}'"


def slug_of(name: str) -> str:
    """Return the slug that a name makes; nothing, if it has no letter or digit of Latin.

    >>> slug_of("Oak, Ltd."), slug_of("Société Générale"), slug_of("Byju's")
    ('oak-ltd', 'societe-generale', 'byjus')
    """
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", name.casefold()))
    letters = plain.encode("ascii", "ignore").decode()
    return _NO_SLUG.sub("-", letters).strip("-")[:LONGEST_SLUG].strip("-")


def lookup_key(text: str) -> str:
    """Return the form under which names are compared: NFC, without case."""
    return unicodedata.normalize("NFC", text).casefold().strip()


def width_of(text: str) -> int:
    """Return the width of *text* in columns: two for wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.combining(character)
        else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
    )


_SPACE: Final = re.compile(r"(?<![≤≥~<>]) (?!%)(?!(?<=[0-9KMBT] )[A-Z]{3}(?![A-Za-z]))")
"""A space between words; those in `27.00 %`, `≤ 5.00B USD` belong to a number."""


def words_of(text: str) -> list[str]:
    """Return the parts of *text* that lines keep whole: words, and numbers with their signs.

    >>> words_of("at most ≤ 5.00B USD, 27.00 %")
    ['at', 'most', '≤ 5.00B USD,', '27.00 %']
    """
    return _SPACE.split(text)


def broken(text: str, columns: int, indent: str = "") -> list[str]:
    """Return *text* in lines of at most *columns*: between words, within one only if it is wider.

    indent: what stands before all lines but the first.

    >>> broken("Alphabet / Google Cloud", 10)
    ['Alphabet /', 'Google', 'Cloud']
    """
    if width_of(text) <= columns:
        return [text]
    lines: list[str] = []
    start = ""
    for word in words_of(text):
        if lines and width_of(f"{lines[-1]} {word}") <= columns:
            lines[-1] += f" {word}"
            continue
        start = indent if lines else ""
        lines.append(start)
        for character in word:
            if lines[-1] != start and width_of(lines[-1] + character) > columns:
                start = indent
                lines.append(start)
            lines[-1] += character
    return [line.rstrip() for line in lines]


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "event"), counted(1200, "event")
    ('1 event', '1,200 events')
    """
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
