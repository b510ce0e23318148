"""How a ledger is named for people: the one place that knows which part of a URL may be a password.

Only what cannot be one is shown: the scheme, the user, hosts, ports and the database, each of plain
letters. Of anything else, such as a URL that does not parse, nothing is: any part of it may be one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final
from urllib.parse import parse_qsl, unquote

from dealledger.ledger.address import is_postgres

_UNSHOWN: Final = "the PostgreSQL URL"
_OTHER: Final = "what was given as a ledger"
_PLAIN: Final = r"[A-Za-z0-9._-]"
_HOST: Final = rf"(?:(?:{_PLAIN}|%2[Ff])+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{{1,5}})?"
_URL: Final = re.compile(
    rf"(?P<scheme>postgres(?:ql(?:\+psycopg)?)?)://"
    rf"(?:(?P<user>{_PLAIN}*)(?P<secret>:[^@/?#]*)?@)?"
    rf"(?P<hosts>{_HOST}(?:,{_HOST})*)?"
    rf"(?:/(?P<database>{_PLAIN}*))?"
    r"(?:\?(?P<query>[^#?@]*))?"
)
_SHOWN_KEYS: Final = ("host", "port", "dbname", "user")
_SHOWN_VALUE: Final = re.compile(r"[A-Za-z0-9._,/-]*")
_LIKE_A_URL: Final = re.compile(r"[a-z][a-z0-9+.-]*:/|.*://", re.IGNORECASE | re.DOTALL)
_LIKE_A_SECRET: Final = re.compile(r"pass\w*\s*=|^(?://)?[^\s/.][^\s/]*:[^/]*@", re.IGNORECASE)
_MEANT: Final = re.compile(r"\s*postgres|.*\bpassw\w*\s*=", re.IGNORECASE | re.DOTALL)
_IN_TEXT: Final = re.compile(r"\bpostgres(?:ql)?(?:\+\w+)?:/+[^\s'\"()]*", re.IGNORECASE)
_HARMLESS_KEYS: Final = (
    *_SHOWN_KEYS, "sslmode", "application_name", "target_session_attrs", "channel_binding",
)  # fmt: skip
"""What a driver may repeat: words that are the same for everybody, and what is shown anyway."""


def shown_name(name: str) -> str:
    """Return the name of a ledger as it may be printed: without a password, whatever its form.

    >>> shown_name("postgresql://ann:secret@db.example/deals?password=secret&sslmode=require")
    'postgresql://ann:***@db.example/deals'
    >>> shown_name("postgresql://ann:se/cret@db.example/deals")
    'the PostgreSQL URL'
    >>> shown_name("my deals.db")
    'my deals.db'
    """
    match = _URL.fullmatch(name)
    if match:
        return _rebuilt(match)
    if re.match(r"postgres", name, re.IGNORECASE) and _LIKE_A_URL.match(name):
        return _UNSHOWN
    if _LIKE_A_URL.match(name) or _LIKE_A_SECRET.search(name):
        return _OTHER
    return name


def shown_scheme(name: str) -> str:
    """Return how a URL of another kind begins, such as `mysql://`."""
    match = re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", name)
    return match[0] if match else _OTHER


def _rebuilt(match: re.Match[str]) -> str:
    user, secret, hosts, database = match.group("user", "secret", "hosts", "database")
    start = "" if user is None else f"{user}{':***' if secret else ''}@"
    kept = [(key, value) for key, value in parse_qsl(match["query"] or "")
            if key in _SHOWN_KEYS and _SHOWN_VALUE.fullmatch(value)]  # fmt: skip
    query = "&".join(f"{key}={value}" for key, value in kept)
    path = "" if database is None else f"/{database}"
    return f"{match['scheme']}://{start}{hosts or ''}{path}{query and '?'}{query}"


def drivers_words(said: str, name: str) -> str:
    """Return what a driver says of the ledger *name* as it may be printed; else nothing.

    A driver repeats parts of a URL that it does not understand, and those may be of a password.
    """
    if is_postgres(name) and not _URL.fullmatch(name):
        return ""
    return without_secrets(said, [name])


def without_secrets(text: str, names: Iterable[str]) -> str:
    """Return a text that may speak of the ledgers *names*, without their passwords."""
    for name in names:
        for written in (name, repr(name)[1:-1]):  # with its quotes spelled out, too
            text = text.replace(written, shown_name(name))
        for secret in _secrets(name):
            text = text.replace(secret, "***")
    return _IN_TEXT.sub(lambda match: shown_name(match[0]), text)


def names_in(words: Sequence[str]) -> list[str]:
    """Return the words of a command line that name a ledger, or may be meant to.

    >>> names_in(["--ledger", "x.db", "append", "--note=a", "postgresql://h/d"])
    ['x.db', 'postgresql://h/d']
    """
    found = []
    for before, word in pairwise(["", *words]):
        option, _, value = word.partition("=")
        if before == "--ledger":
            found.append(word)
        elif option == "--ledger" and value:
            found.append(value)
        elif _MEANT.match(word):
            found.append(word)
    return found


def _secrets(name: str) -> Iterator[str]:
    """Yield what may be a password in a URL, as it stands there and decoded, the longest first."""
    match = _URL.fullmatch(name)
    if not match:
        return
    pairs = [pair.partition("=") for pair in (match["query"] or "").split("&")]
    found = {(match["secret"] or "")[1:]}
    found |= {value for key, _, value in pairs
              if unquote(key) not in _HARMLESS_KEYS and not value.isdigit()}  # fmt: skip
    yield from sorted({*found, *map(unquote, found)} - {""}, key=len, reverse=True)
