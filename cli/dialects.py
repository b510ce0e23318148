"""The options that say how a table is written, where that is not found by looking."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from dealledger.ledger.append.dialect import Dialect

_OPTIONS = (
    click.option("--separator", metavar="SIGN", help="What separates the cells of CSV: one of "
                 "; , | tab, or another sign. Default: found."),
    click.option("--quote", metavar="SIGN", help="What stands around cells of CSV; none: nothing. "
                 'Default: ".'),
    click.option("--encoding", metavar="NAME", help="Of CSV, such as cp1252 or utf-16. Default: "
                 "found."),
    click.option("--decimal", metavar="SIGN", help="What stands before decimals: comma or point. "
                 "Default: found."),
    click.option("--sheet", metavar="NAME", help="Of a workbook. Default: the one that was open."),
    click.option("--head", metavar="LINES", help="The line of the headings, such as 3, or 2,3 if "
                 "they take two. Default: found."),
)  # fmt: skip


def dialect_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options as one `dialect`, a function that returns it; it raises BadInput."""

    @functools.wraps(function)
    def command(
        *args: Any,
        separator: str | None,
        quote: str | None,
        encoding: str | None,
        decimal: str | None,
        sheet: str | None,
        head: str | None,
        **others: Any,
    ) -> Any:
        def dialect() -> Dialect:
            from dealledger.ledger.append import dialect as parsing
            from dealledger.ledger.append.lines import known_encoding

            return parsing.Dialect(
                separator and parsing.parse_separator(separator),
                '"' if quote is None else parsing.parse_quote(quote),
                encoding and known_encoding(encoding),
                decimal and parsing.parse_decimal_sign(decimal),
                sheet,
                parsing.parse_head(head) if head else (),
            )

        return function(*args, dialect=dialect, **others)

    wrapped: Callable[..., Any] = command
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped
