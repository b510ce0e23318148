"""The types that fields of events have: each a reader of this folder, as pydantic calls it.

They stand apart from the readers, so that who only reads or shows a text, such as shell completion,
need not load pydantic.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Final

from pydantic import PlainValidator

from dealledger.events.currency import parse_currency
from dealledger.events.dates import parse_day, parse_partial_day, parse_until
from dealledger.events.fraction import parse_given_stake, parse_move, parse_stake
from dealledger.events.text import (
    parse_country,
    parse_event_id,
    parse_name,
    parse_slug,
    parse_text,
)

LINE: Final = "line"
"""The mark of a field that holds one line of text."""

CURRENCY: Final = "currency"
"""The mark of a field that holds a currency."""

Slug = Annotated[str, PlainValidator(parse_slug)]
EventId = Annotated[str, PlainValidator(parse_event_id)]
Country = Annotated[str, PlainValidator(parse_country)]
Name = Annotated[str, PlainValidator(parse_name), LINE]
Text = Annotated[str, PlainValidator(parse_text)]

Day = Annotated[date, PlainValidator(parse_day)]
PartialDay = Annotated[str, PlainValidator(parse_partial_day)]
Until = Annotated[str, PlainValidator(parse_until)]

Currency = Annotated[str, PlainValidator(parse_currency), CURRENCY]
Stake = Annotated[Decimal, PlainValidator(parse_stake)]
GivenStake = Annotated[Decimal, PlainValidator(parse_given_stake)]
Move = Annotated[Decimal, PlainValidator(parse_move)]
