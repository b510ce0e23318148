"""What can be wrong with a ledger itself, apart from what is appended to it."""

from __future__ import annotations

from dealledger.events.errors import DealLedgerError
from dealledger.ledger.naming import shown_name


class NoLedger(DealLedgerError):
    """Somebody named a ledger that does not exist; queries never create one."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no ledger at {shown_name(name)}", "make one with: deals init")


class LedgerExists(DealLedgerError):
    """Somebody wants to make a ledger where something is already."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{shown_name(name)} exists already; nothing was changed", "choose another name"
        )


class NotALedger(DealLedgerError):
    """Somebody named a file or database that holds no ledger."""

    def __init__(self, name: str, found: str) -> None:
        said = f"{shown_name(name)} is not a ledger: {found}"
        super().__init__(said, "name another with --ledger")


class NewerLedger(DealLedgerError):
    """The ledger was made by a Deal Ledger that stores it in a newer way."""

    def __init__(self, name: str, version: int, known: int) -> None:
        super().__init__(
            f"{name} has store version {version}; this Deal Ledger knows {known}",
            "upgrade deal-ledger",
        )


class Damaged(DealLedgerError):
    """The stored bytes cannot be read back as they were written."""


class Unwritable(DealLedgerError):
    """The ledger can be read and not be written: a read-only file, a full disk, missing rights."""


class Unconfirmed(Unwritable):
    """The disk failed when it was to keep a transaction for good: it may have it or not."""


class Busy(DealLedgerError):
    """Somebody else holds the ledger for longer than we wait."""

    def __init__(
        self,
        name: str,
        why: str = "another writer holds it",
        hint: str = "nothing was recorded; try again",
    ) -> None:
        super().__init__(f"{name} is busy: {why}", hint)


class Overtaken(Busy):
    """The database undid a transaction, since another one went first; it may be tried again."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "another writer went first")


class Unreachable(DealLedgerError):
    """The database server does not answer, refuses the connection, or is gone."""


class MaybeRecorded(Unreachable):
    """Server or disk failed at the commit, or the append was interrupted: was it recorded or not?

    ids: of the events, as far as known; to append them again by their ids is safe.
    """

    def __init__(self, name: str, ids: tuple[str, ...], what: str = "was lost") -> None:
        self.ids = ids
        again = (
            f"do it again with --id {ids[0]}" if len(ids) == 1 else "do it again with the same ids"
        )
        super().__init__(
            f"{name} {what} at the commit: this may be recorded or not",
            f"{again}: it is recorded once",
        )


class Stopped(KeyboardInterrupt):
    """An append, or the making of a ledger, was interrupted before it could record anything."""
