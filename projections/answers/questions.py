"""All questions and the functions that answer them: the table by which others find the answers.

The command line, the page and its JSON ask the same functions. Nothing is loaded before it is
asked. The first argument of each is a View (of `show`, the ledger), the others are plain: words as
somebody types them, numbers, days, and the frozen values `Asked` (which web) and `Wanted` (which
events). Who has a ledger hands over `opened`, which opens it, where the function takes that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from dealledger.projections.answers.report import Report

_HOME: Final = "dealledger.projections.answers"


@dataclass(frozen=True, slots=True)
class Question:
    """Where the answer to a question is. module: in this package. function: of it."""

    module: str
    function: str = "answer"

    def answer(self) -> Callable[..., Report]:
        """Return the function that answers; its module is loaded now."""
        found: Any = getattr(import_module(f"{_HOME}.{self.module}"), self.function)
        function: Callable[..., Report] = found
        return function


QUESTIONS: Final[dict[str, Question]] = {
    "log": Question("log"),
    "show": Question("show"),
    "parties": Question("parties"),
    "stakes": Question("stakes"),
    "flows": Question("flows"),
    "commitments": Question("commitments"),
    "rights": Question("rights"),
    "history stake": Question("history", "stake"),
    "history net": Question("history", "net"),
    "history commitment": Question("history", "commitment"),
    "history circularity": Question("history", "circularity"),
    "history concentration": Question("history", "concentration"),
    "diff": Question("diff"),
    "explain stake": Question("explain", "stake"),
    "explain net": Question("explain", "net"),
    "explain balance": Question("explain", "balance"),
    "explain commitment": Question("explain", "commitment"),
    "reconcile": Question("reconcile"),
    "duplicates": Question("duplicates"),
    "relation": Question("relation"),
    "reciprocity": Question("reciprocity"),
    "circularity": Question("circularity"),
    "cycles": Question("cycles"),
    "exposure": Question("exposure"),
    "concentration": Question("concentration"),
    "dependencies": Question("dependencies"),
}
"""By the name of the command, in the order of its help."""

SPELLED: Final[dict[str, str]] = {
    "currency": "in",
    "everything": "all",
    "first": "from",
    "kinds": "kind",
    "lag": "backdated",
    "layers": "layer",
    "only_open": "open",
    "recorded": "recorded-since",
    "second": "to",
    "text": "grep",
    "which": "view",
    "with_record": "record",
}
"""How an argument is called on the command line, where that is not its own name."""
