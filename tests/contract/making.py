"""Making and opening: a ledger where there was nothing, and never over something."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text
from support.given import ORIGIN, behind_its_back, everything, party

from dealledger.events import BadInput
from dealledger.ledger import Ledger, LedgerExists, NewerLedger, NotALedger
from dealledger.ledger.address import is_postgres
from dealledger.ledger.storage.engine import connect

EMPTY_ROOT = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


class Making:
    def test_new_ledger_is_empty(self, empty: Ledger) -> None:
        """A new ledger holds nothing, knows its origin, and is clean."""
        head, view, found = empty.head(), empty.at(date(2024, 1, 1)), empty.verify()

        assert (ORIGIN, 0, 0) == (head.origin, head.size, head.recorded_at)
        assert (0, EMPTY_ROOT, ()) == (view.known_at, view.root, view.events())
        assert (0, EMPTY_ROOT, ()) == (found.events, found.root, found.findings)
        assert [] == list(empty.read())

    def test_open_finds_what_was_appended(self, ledger: Ledger, url: str) -> None:
        """Whoever opens the ledger later sees the same."""
        before = everything(ledger)
        with Ledger.open(url) as other:
            assert before == everything(other)
            assert ledger.head() == other.head()

    def test_create_refuses_what_exists(self, ledger: Ledger, url: str) -> None:
        """A ledger is never made over another one."""
        before = everything(ledger)
        with pytest.raises(LedgerExists, match="exists already; nothing was changed"):
            Ledger.create(url)

        assert before == everything(ledger)

    def test_open_refuses_a_database_that_is_no_ledger(self, url: str) -> None:
        """A database of somebody else is not taken for a ledger."""
        if not is_postgres(url):
            Path(url).touch()
        engine = connect(url, new=True)
        place = "public.head" if is_postgres(url) else "head"
        with engine.begin() as connection:
            connection.execute(text(f"CREATE TABLE {place} (id INTEGER)"))
        engine.dispose()
        with pytest.raises(NotALedger, match="is not a ledger: it has no table of events"):
            Ledger.open(url)

    def test_open_refuses_a_ledger_that_was_not_made_completely(
        self, empty: Ledger, url: str
    ) -> None:
        """Tables without a head are not ledger."""
        behind_its_back(empty, "DELETE FROM head")
        with pytest.raises(NotALedger, match="it was not made completely"):
            Ledger.open(url)

    def test_open_refuses_a_newer_ledger(self, empty: Ledger, url: str) -> None:
        """A store of a later version is not guessed at; the message says which is needed."""
        behind_its_back(empty, "UPDATE head SET schema_version = 3")
        with pytest.raises(NewerLedger, match="has store version 3; this Deal Ledger knows 2"):
            Ledger.open(url)

    @pytest.mark.parametrize("origin", ["", "a b", "a+b", "a\nb", "x" * 201, "a\x00b", "a\ud800"])
    def test_create_refuses_a_bad_origin(self, url: str, origin: str) -> None:
        """An origin is a word that a checkpoint can carry; nothing is made otherwise."""
        with pytest.raises(BadInput):
            Ledger.create(url, origin=origin)
        with Ledger.create(url) as ledger:
            assert 0 == ledger.head().size

    def test_two_ledgers_have_different_origins(self, url: str) -> None:
        """An origin that nobody chose is random."""
        with Ledger.create(url) as ledger:
            assert ledger.head().origin.startswith("deal-ledger/")
            assert 24 == len(ledger.head().origin)

    def test_origin_is_hashed(self, empty: Ledger) -> None:
        """The same event in another ledger has another leaf."""
        empty.append([party("acme")])
        record = next(empty.read())

        assert f'"ledger":"{ORIGIN}"'.encode() in record.body
