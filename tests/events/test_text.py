"""Slugs, ids, names and notes: which characters they may hold, and how they are shown."""

from __future__ import annotations

from typing import Any

import pytest

from dealledger.events import BadInput
from dealledger.events.errors import Problem, closest
from dealledger.events.text import (
    doubts,
    lookup_key,
    one_line,
    parse_country,
    parse_event_id,
    parse_name,
    parse_slug,
    parse_text,
    shown,
    visible,
)


@pytest.mark.parametrize("value", ["openai", "a", "0", "msft-openai-2023", "a--b", "a-", "x" * 63])
def test_slugs(value: str) -> None:
    """Lower-case letters, digits and dashes, beginning with no dash."""
    assert value == parse_slug(value)


@pytest.mark.parametrize(
    "value",
    ["", "-a", "A", "a b", "a_b", "a.b", "ä", "а", "a\n", "x" * 64, "a/b", "..", None, 5, ["a"]],
)
def test_bad_slugs(value: Any) -> None:
    """Anything else is refused with the rule, also a Cyrillic letter that looks right."""
    with pytest.raises(
        BadInput, match=r"is not a slug .lower-case letters, digits and -, at most 63"
    ):
        parse_slug(value)


@pytest.mark.parametrize(
    "value", ["D016", "a", "0", "a.b_c:d-e", "018f3c7e-8d3a-7b4c-9d2e-1f2a3b4c5d6e", "x" * 64]
)
def test_event_ids(value: str) -> None:
    """The caller's own ids, and UUIDs."""
    assert value == parse_event_id(value)


@pytest.mark.parametrize("value", ["", ".a", "-a", "a b", "a/b", "é", "a\n", "x" * 65, None, 5])
def test_bad_event_ids(value: Any) -> None:
    """An id is never normalised, so it is narrow."""
    with pytest.raises(BadInput, match="is not an event id"):
        parse_event_id(value)


@pytest.mark.parametrize("value", ["us", "USA", "U", "", "U1", None, "ÜS"])
def test_bad_countries(value: Any) -> None:
    """A country is two capital letters."""
    assert "US" == parse_country("US")
    with pytest.raises(BadInput, match="is not a country code"):
        parse_country(value)


@pytest.mark.parametrize(
    "value",
    [
        "OpenAI", " leading", "Открытый ИИ", "ﬁ", "A\u030a", "Å", "\u202egnp.exe", "zero\u200bwidth",
        "😀", "<b>&amp;", "=1+1", "x" * 200,
    ],
)  # fmt: skip
def test_names_are_kept_as_given(value: str) -> None:
    """Nothing is normalised: the hashed bytes are the writer's own."""
    assert value == parse_name(value) == parse_text(value)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", "'' is not text"),
        (" \t\n", r"' \x09\x0a' is not text"),
        (None, "'None' is not text"),
        (5, "'5' is not text"),
        ("a\x00b", r"control character U+0000 in 'a\x00b'"),
        ("a\x1b[31m", r"control character U+001B in 'a\x1b[31m'"),
        ("a\x85b", r"control character U+0085 in 'a\x85b'"),
        ("a\x7f", r"control character U+007F in 'a\x7f'"),
        ("a\ud800", r"control character U+D800 in 'a\ud800'"),
        ("a\r", r"control character U+000D in 'a\x0d'"),
    ],
)
def test_texts_that_cannot_be_kept(value: Any, message: str) -> None:
    """What cannot be stored on every database, or printed safely, is refused."""
    for parse in (parse_name, parse_text):
        with pytest.raises(BadInput) as caught:
            parse(value)
        assert message == str(caught.value)


def test_notes_may_have_lines_and_names_not() -> None:
    """A note is a text of lines; a name is one line. Both have a longest."""
    assert "a\n\tb" == parse_text("a\n\tb")
    assert 8_000 == len(parse_text("x" * 8_000))
    for bad, message in (
        ("a\nb", "control character"),
        ("a\tb", "control character"),
        ("x" * 201, r"a text of 201 characters is too long \(at most 200\)"),
    ):
        with pytest.raises(BadInput, match=message):
            parse_name(bad)
    with pytest.raises(BadInput, match=r"a text of 8,001 characters is too long \(at most 8,000\)"):
        parse_text("x" * 8_001)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain", "plain"),
        ("Å €", "Å €"),
        ("red \x1b[31m", r"red \x1b[31m"),
        ("\u202e", r"\u202e"),
        ("\u2028", r"\u2028"),
        ("\U000e0001", r"\U000e0001"),
        ("\ud800", r"\ud800"),
        ("\x85\n", r"\x85\x0a"),
    ],
)
def test_invisible_characters_are_spelled_out(text: str, seen: str) -> None:
    """What a terminal would obey, or nobody would see, is made visible."""
    assert seen == visible(text)


def test_messages_are_short() -> None:
    """A value in a message fits its line."""
    assert f"'{'x' * 60}…'" == shown("x" * 5_000)
    assert "'5'" == shown(5)


def test_names_are_compared_without_case_and_form() -> None:
    """Composed and decomposed letters are one."""
    assert lookup_key("A\u030aNGSTRÖM ") == lookup_key("ångström")


def test_problem_is_one_line() -> None:
    """Place, message and hint; what is not known is left out."""
    assert "f:1: m (h)" == str(Problem("m", "h").at("f:1"))
    assert "m" == str(Problem("m"))


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("microsfot", "did you mean microsoft?"),
        ("MICROSOFT", "did you mean microsoft?"),
        ("alpha", "did you mean alpha2 or alpha1?"),
        ("zzz", ""),
        ("", ""),
    ],
)
def test_closest_words_are_offered(word: str, hint: str) -> None:
    """A typo gets the known words that are near."""
    assert hint == closest(word, ["microsoft", "alpha1", "alpha2"])


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("OpenAI Inc. 2 & Co", []),
        ("Открытый ИИ", []),
        ("Ångström A\u030a ﬁ Ｆull ª µ", ["mixes Greek and Latin letters"]),
        ("Ｏpen𝐀I", []),
        ("日立製作所 Hitachi カタカナー ひらがな 한국 々", []),
        ("日立 Сбер", []),
        ("O\u02bcReilly", []),
        ("\u041epenAI", ["mixes Cyrillic and Latin letters"]),
        ("Оpеn Αi", ["mixes Cyrillic and Greek and Latin letters"]),
        ("Acme\u200b", ["has the invisible character U+200B"]),
        ("\u202egnp\u202e\u2066", ["has the invisible character U+202E", "has the invisible character U+2066"]),
        ("\u3164", ["has the invisible character U+3164"]),
        ("a\u2028b", ["has the invisible character U+2028"]),
    ],
)  # fmt: skip
def test_names_that_could_pass_for_others(name: str, found: list[str]) -> None:
    """Letters of two scripts, and what nobody sees; forms of one letter and East Asian are well."""
    assert found == list(doubts(name))


@pytest.mark.parametrize("character", ["\u2028", "\u2029"])
def test_line_breaks_of_unicode_are_read_and_not_written(character: str) -> None:
    """A name is one line; records that have such a break already can be read."""
    name = f"a{character}b"

    assert name == parse_name(name) == parse_text(name)
    with pytest.raises(BadInput, match=f"^line break U\\+{ord(character):04X} in "):
        one_line(name)
