"""How ledgers are named for people: no form of a URL shows a password."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.urls import FORMS, SECRET

from dealledger.ledger.naming import drivers_words, shown_name, without_secrets


@pytest.mark.parametrize("form", FORMS)
def test_no_form_shows_its_password(form: str) -> None:
    """Nor when it is shown again, nor in what somebody else says of it."""
    name = FORMS[form]

    assert SECRET not in shown_name(name)
    assert shown_name(name) == shown_name(shown_name(name))
    assert SECRET not in without_secrets(f"{name} is bad ({name})", [name])
    assert SECRET not in drivers_words(f"{name} is bad", name)
    if name.startswith("postgresql://") and re.search("(ann:|password=)s3cr3t(&|@|$)", name):
        assert SECRET not in drivers_words('option "s3cr3t" is bad', name)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("deals.db", "deals.db"),
        ("my deals.db", "my deals.db"),
        ("/srv/a b/ä.db", "/srv/a b/ä.db"),
        ("2026-06-30T12:00.db", "2026-06-30T12:00.db"),
        ("ann@work.db", "ann@work.db"),
        ("/srv/12:00@home.db", "/srv/12:00@home.db"),
        ("postgresql://h/d", "postgresql://h/d"),
        ("postgresql:///d", "postgresql:///d"),
        ("postgresql://", "postgresql://"),
        ("postgresql://ann@h:5432/d", "postgresql://ann@h:5432/d"),
        ("postgresql://ann:x@h:5432/d", "postgresql://ann:***@h:5432/d"),
        ("postgresql://ann:x@h1:1,h2:2/d?sslmode=require", "postgresql://ann:***@h1:1,h2:2/d"),
        ("postgresql://ann@/d?host=/var/run/x", "postgresql://ann@/d?host=/var/run/x"),
        ("postgresql://a:secret@b:x/c", "the PostgreSQL URL"),
        ("postgres://%2Fvar%2Frun/d", "postgres://%2Fvar%2Frun/d"),
        ("x password=y", "what was given as a ledger"),
    ],
)
def test_a_ledger_is_named_as_far_as_it_is_no_secret(name: str, shown: str) -> None:
    """Paths as they are; of a URL what people look for."""
    assert shown == shown_name(name)


@given(
    st.sampled_from(["postgresql://", "postgres://", "postgresql+psycopg://", "postgresql:/"]),
    st.text("abc@/:?#%& =[]\\'\"éż", max_size=8),
    st.text("abc@/:?#%& =[]\\'\"éż", max_size=8),
)
@example("postgresql://", "", "")
@example("postgresql://", "a@h/d?x=", "@")
def test_a_password_of_any_characters_is_not_shown(scheme: str, before: str, after: str) -> None:
    """Wherever it stands behind a colon and in front of an @, or behind password=."""
    for name in (
        f"{scheme}ann:{before}s3cr3t{after}@h/d",
        f"{scheme}h/d?password={before}s3cr3t{after}",
    ):
        assert SECRET not in shown_name(name)


def test_advice_keeps_its_urls() -> None:
    """What we say ourselves of how a URL looks is no URL of somebody's."""
    for said in ("(a path, or postgresql://...)", "(postgresql://user@host/database)"):
        assert said == without_secrets(said, ["mysql://ann:s3cr3t@h/d"])
