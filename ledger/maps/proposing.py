"""Proposes a map for a table, by its headings and by what its cells look like, and says why.

What a heading says goes first; what cells look like decides where headings say nothing. What is
only likely is marked, so that a person decides it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from dealledger.events import KINDS, BadInput, Event, Refused, to_json
from dealledger.events.currency import MINOR_DIGITS
from dealledger.events.names import Names
from dealledger.events.text import visible
from dealledger.ledger.append.dialect import Dialect
from dealledger.ledger.append.import_summary import ImportSummary
from dealledger.ledger.append.named_parties import Parties
from dealledger.ledger.maps.looking import Look
from dealledger.ledger.maps.map_reading import map_of
from dealledger.ledger.maps.mapped_rows import Mapped
from dealledger.ledger.maps.profile import NOTHING, ColumnProfile

_WORDS: Final = {
    "investor": "investor investors funder lead_investor led_by backer",
    "lender": "lender creditor",
    "payer": "payer customer client buyer from paid_by",
    "holder": "holder owner shareholder",
    "investee": "investee company startup portfolio_company issuer target organization "
    "organisation borrower recipient venture name",
    "payee": "payee supplier vendor seller to paid_to",
    "effective_on": "date day effective_on closed closed_on close_date deal_date announced "
    "announced_on announced_date year when funded_at on",
    "amount": "amount sum raised size value deal_size investment total price paid raised_amount "
    "money funding",
    "currency": "currency raised_currency_code ccy",
    "stake": "stake ownership share percent equity",
    "pre_money": "pre_money premoney",
    "post_money": "post_money postmoney valuation",
    "sort": "type kind round stage investment_type round_type instrument series funding_round_code",
    "purpose": "purpose",
    "source_url": "url link source source_url",
    "note": "note notes remark remarks comment comments description",
    "id": "id no nr number sr_no serial key ref reference",
}
"""What columns are called, by what they are for."""
_ROLE: Final = {word: role for role, words in _WORDS.items() for word in words.split()}
_SIDES: Final = {
    "funding": ("investor", "investee"), "payment": ("payer", "payee"),
    "holding": ("holder", "issuer"),
}  # fmt: skip
_UNIT: Final = re.compile(r"(thousand|million|billion|lakh|crore)s?|\b(mn?|bn?|k)\b", re.IGNORECASE)
_SHORT: Final = {
    "m": "millions",
    "mn": "millions",
    "b": "billions",
    "bn": "billions",
    "k": "thousands",
}
_MOST_SHOWN: Final = 3
_UNSHOWN: Final = ("announced_on", "note", "source_url", "source_title")
_SIGNS: Final = {"$": "USD", "€": "EUR", "£": "GBP", "dollar": "USD", "euro": "EUR"}


@dataclass(slots=True)
class _Line:
    """A line of the map, and why it is there."""

    text: str
    why: str = ""


def propose(name: str, seen: Look, dialect: Dialect) -> str:
    """Return a map for a table. name: of its file. dialect: what was said of how it is written."""
    columns, rows, head = seen
    roles = _roles(columns)
    kind = _kind(roles)
    lines = [
        _Line(f"# A map of {visible(name)}, by its first {len(rows):,} rows. Check each line.")
    ]
    lines += _file(columns, head, dialect)
    lines += _values(columns, roles)
    lines += _event(kind, roles, rows)
    used = list(roles.values())
    for each in columns:
        if each not in used and each.heading in KINDS[kind].model_fields and each.cells:
            lines.append(_Line(f"{each.heading} = {{ column = {_quoted(each.given)} }}"))
            used.append(each)
    unused = [each for each in columns if each not in used and each.cells]
    if unused:
        lines.append(_Line(""))
        lines += [_Line(f"# not used: {visible(each.given)} ({_sample(each)})") for each in unused]
    text = "".join(map(_written, lines))
    return text + "".join(f"# {line}".rstrip() + "\n" for line in _outcome(text, rows))


def _file(columns: Sequence[ColumnProfile], head: int | None, dialect: Dialect) -> list[_Line]:
    """Return the table that says how the file is written, if there is something to say."""
    lines = [
        _Line(f"{name} = {_quoted(value)}")
        for name in ("separator", "quote", "encoding", "sheet")
        if (value := getattr(dialect, name)) != getattr(Dialect(), name)
    ]
    if head:
        lines.append(_Line(f"head = {head}", "the line of the headings"))
    elif head == 0:
        names = _list([each.given for each in columns])
        lines.append(_Line(f"headings = {names}", "the table has none: rename them"))
    return [_Line(""), _Line("[file]"), *lines] if lines else []


def _outcome(text: str, rows: Sequence[dict[str, str]]) -> Iterator[str]:
    """Yield what the map makes of the rows that were looked at."""
    account = ImportSummary()
    found = map_of(text, "this map")
    mapped = Mapped(found, Parties(Names(), account, register=True), account)
    if found.counts_ahead():
        for row in rows:
            mapped.count(row)
    events: list[Event] = []
    refused: list[str] = []
    for row in rows:
        try:
            events += mapped.events(row)
        except (BadInput, Refused) as error:
            refused.append(str(error).splitlines()[0])
    skipped = account.skipped.total()
    yield ""
    yield (
        f"{len(rows):,} rows become {len(events):,} events; {skipped:,} are left out, "
        f"{len(refused):,} would be refused"
    )
    yield from (f"refused: {visible(each)}" for each in refused[:_MOST_SHOWN])
    for event in events[:_MOST_SHOWN]:
        said = {name: value for name, value in to_json(event).items() if name not in _UNSHOWN}
        yield visible(json.dumps(said, ensure_ascii=False))


def _written(line: _Line) -> str:
    return f"{line.text}  # {line.why}\n" if line.why else f"{line.text}\n"


def _quoted(text: str) -> str:
    """Return a text as TOML has it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _in_text(column: ColumnProfile) -> str:
    """Return a column as it stands in a text; nothing, if its heading has a brace."""
    return "" if set("{}") & set(column.given) else f"{{{column.given}}}"


def _sample(column: ColumnProfile) -> str:
    cells = list(dict.fromkeys(column.cells))[:3]
    return visible(", ".join(cell[:30].replace("\n", " ") for cell in cells))


def _roles(columns: Sequence[ColumnProfile]) -> dict[str, ColumnProfile]:
    """Return a column for each role that one is for."""
    found: dict[str, ColumnProfile] = {}
    for each in columns:
        role = _named_role(each)
        if role and role not in found and _fits(role, each):
            found[role] = each
    free = [each for each in columns if each not in found.values()]
    for role, test in _LOOKS.items():
        if role not in found:
            best = max(free, key=lambda each: test(each), default=None)
            if best is not None and best.is_mostly(test(best)) and _fits(role, best):
                found[role] = best
                free.remove(best)
    sides = {"investor", "payer", "holder", "lender", "investee", "payee"}
    named = [each for each in free if _is_of_names(each)]
    if not sides & found.keys() and len(named) > 1:
        # Who pays stands in fewer different cells than who is paid: an investor has many deals.
        ranked = sorted(named, key=lambda each: (-each.variety, -sum(map(len, each.cells))))[:2]
        found["investee"], found["investor"] = ranked
    return found


_LOOKS: Final[dict[str, Callable[[ColumnProfile], int]]] = {
    "effective_on": lambda each: each.dates if each.variety > 1 else 0,
    "currency": lambda each: each.codes,
    "source_url": lambda each: each.links,
    "amount": lambda each: each.numbers if not each.is_unique or each.dates == 0 else 0,
}


def _named_role(column: ColumnProfile) -> str:
    """Return the role that a heading names: as a whole, else by its last or first word."""
    plain = re.sub(r"([a-z])([A-Z])", r"\1 \2", column.given).casefold()
    plain = re.sub(r"\(.*?\)|\b(in|usd|eur|gbp|inr)\b|[$€£%]", " ", plain)
    words = re.findall("[a-z]+", plain)
    whole = "_".join(words)
    tries = [whole, whole.removesuffix("_name"), *words[::-1]]
    return next((_ROLE[word] for word in tries if word in _ROLE), "")


def _fits(role: str, column: ColumnProfile) -> bool:
    """Tell whether the cells of a column can be what a role is for."""
    if role == "effective_on":
        return column.is_mostly(column.dates)
    if role in ("amount", "pre_money", "post_money", "stake"):
        words = len(column.undisclosed())
        numbers = column.numbers + sum(cell.casefold() in NOTHING for cell in column.cells)
        return column.numbers > 0 and (column.is_mostly(numbers) or bool(words))
    if role == "currency":
        return column.is_mostly(column.codes)
    if role == "id":
        return column.is_unique
    if role == "source_url":
        return column.is_mostly(column.links)
    return bool(column.cells)


def _is_of_names(column: ColumnProfile) -> bool:
    others = column.dates + column.numbers + column.codes + column.links
    return column.told > 0 and others < 0.2 * len(column.cells) and column.variety > 2


def _kind(roles: dict[str, ColumnProfile]) -> str:
    if "stake" in roles and "holder" in roles and "amount" not in roles:
        return "holding"
    return "payment" if {"payer", "payee"} & roles.keys() else "funding"


def _values(columns: Sequence[ColumnProfile], roles: dict[str, ColumnProfile]) -> Iterator[_Line]:
    """Yield the table that says how cells are written, if there is something to say."""
    lines: list[_Line] = []
    day = roles.get("effective_on")
    if day is not None and day.form:
        why = f"{day.dates:,} of {len(day.cells):,} cells of {visible(day.given)} are that"
        why += f"; it may be {day.other_form} as well" if day.other_form else ""
        lines.append(_Line(f"date = {_quoted(day.form)}", why))
    if day is not None and any(re.fullmatch("[0-9]{4}[.]0", cell) for cell in day.cells):
        column = f"column = {_quoted(day.given)}"
        lines.append(_Line(f"replace = [{{ pattern = '[.]0$', by = \"\", {column} }}]", "2006.0"))
    numbers = [roles[role] for role in ("amount", "pre_money", "post_money") if role in roles]
    if any(each.groups_lakh for each in numbers):
        lines.append(_Line('grouping = "lakh"', "such as 20,00,000"))
    if any(each.sign == "," for each in numbers):
        lines.append(_Line('decimal = ","'))
    words = list(dict.fromkeys(word for each in numbers for word in each.undisclosed()))
    if words:
        why = "an amount that is not known: the fact stands without one"
        lines.append(_Line(f"undisclosed = {_list(words)}", why))
    blank = Counter(cell.casefold() for each in columns if each not in numbers
                    for cell in each.cells if cell.casefold() in NOTHING)  # fmt: skip
    if blank:
        lines.append(_Line(f"nothing = {_list(list(blank))}", "read as blank cells"))
    if lines:
        yield from [_Line(""), _Line("[values]"), *lines]


def _list(words: Sequence[str]) -> str:
    return "[" + ", ".join(map(_quoted, words)) + "]"


def _event(
    kind: str, roles: dict[str, ColumnProfile], rows: Sequence[dict[str, str]]
) -> Iterator[_Line]:
    """Yield the rule of what a row becomes."""
    giver, taker = _SIDES[kind]
    from_column = next((roles[each] for each in ("investor", "lender", "payer", "holder")
                        if each in roles), None)  # fmt: skip
    to_column = next((roles[each] for each in ("investee", "payee") if each in roles), None)
    yield _Line("")
    if from_column is not None and len(from_column.cells) < len(rows):
        yield from [_Line("[[skip]]"),
                    _Line(f"when = {{ column = {_quoted(from_column.given)}, empty = true }}"),
                    _Line(f'reason = "no {giver} is named"'), _Line("")]  # fmt: skip
    yield _Line("[[event]]")
    yield _Line(f'kind = "{kind}"', "" if from_column and to_column else "is it that?")
    if "id" in roles and _in_text(roles["id"]):
        why = "no cell stands twice, so the file can be corrected and imported again"
        yield _Line(f"id = {_quoted(_in_text(roles['id']))}", why)
    signs = from_column.between() if from_column is not None else []
    yield _side(giver, from_column, signs)
    yield _side(taker, to_column, [])
    yield _day_line(roles)
    yield from _amount(kind, roles, rows, signs)
    yield from _terms(kind, roles, several=bool(signs))
    if "source_url" in roles:
        yield _Line(f"source_url = {{ column = {_quoted(roles['source_url'].given)} }}")
    texts = [text for role in ("sort", "note") if role in roles and (text := _in_text(roles[role]))]
    if texts:
        yield _Line(f"note = {_quoted('; '.join(texts))}")
    sort = roles.get("sort")
    if sort is not None and kind == "funding":
        debts = [cell for cell in dict.fromkeys(sort.cells) if re.search("(?i)debt|loan", cell)]
        words = ", ".join(f'{_quoted(cell)} = "debt"' for cell in debts)
        if debts:
            yield _Line(f"instrument = {{ column = {_quoted(sort.given)}, words = {{ {words} }}, "
                        'otherwise = "equity" }')  # fmt: skip


def _terms(kind: str, roles: dict[str, ColumnProfile], *, several: bool) -> Iterator[_Line]:
    """Yield the further fields that a kind has. several: whether a row becomes several events."""
    for name in ("pre_money", "post_money", "stake", "purpose"):
        if name not in roles or name not in KINDS[kind].model_fields:
            continue
        keys, why = [f"column = {_quoted(roles[name].given)}"], ""
        if name.endswith("_money"):
            unit, currency = _unit(roles[name])
            if not unit and "amount" in roles and (unit := _unit(roles["amount"])[0]):
                why = f"in {unit}, as {visible(roles['amount'].given)}?"
            keys += [f'unit = "{unit}"'] * bool(unit) + [f'currency = "{currency}"'] * bool(
                currency
            )
            keys += ['each = "whole"'] * several
        yield _Line(f"{name} = {{ {', '.join(keys)} }}", why)


def _side(name: str, column: ColumnProfile | None, signs: list[str]) -> _Line:
    if column is None:
        return _Line(f'{name} = "?"', f"no column names the {name}: write a slug, or a column")
    split = f", split = {_list(signs)}" if signs else ""
    why = f"several {name}s in a cell are several events" if signs else ""
    return _Line(f"{name} = {{ column = {_quoted(column.given)}{split} }}", why)


def _day_line(roles: dict[str, ColumnProfile]) -> _Line:
    day = roles.get("effective_on")
    if day is None:
        return _Line('effective_on = "2000-01-01"', "no column of dates was found: write one")
    years = sum(re.fullmatch("[0-9]{4}", cell) is not None for cell in day.cells)
    why = "years only: taken as their last day" if years == len(day.cells) else ""
    return _Line(f"effective_on = {{ column = {_quoted(day.given)} }}", why)


def _amount(
    kind: str, roles: dict[str, ColumnProfile], rows: Sequence[dict[str, str]], signs: list[str]
) -> Iterator[_Line]:
    amount = roles.get("amount")
    if amount is None or kind == "holding":
        return
    keys = [f"column = {_quoted(amount.given)}"]
    unit, currency = _unit(amount)
    if unit:
        keys.append(f'unit = "{unit}"')
    if "currency" not in roles:
        keys.append(f'currency = "{currency or "USD"}"')
    why = "" if currency or "currency" in roles else "is it USD?"
    of = _repeats(roles, rows)
    if signs or of:
        keys.append('each = "evenly"')
        why = f"{why} divided among those that share it".strip()
    if of:
        keys.append(f"of = {_list(of)}")
        why = "the same amount stands on the rows of a round: taken for its total"
    yield _Line(f"amount = {{ {', '.join(keys)} }}", why)
    if "currency" in roles:
        yield _Line(f"currency = {{ column = {_quoted(roles['currency'].given)} }}")


def _unit(column: ColumnProfile) -> tuple[str, str | None]:
    """Return the unit and the currency that a heading names."""
    words = re.sub(r"([a-z])([A-Z])", r"\1 \2", column.given)
    found = _UNIT.search(words)
    unit = ""
    if found:
        unit = f"{found[1].lower()}s" if found[1] else _SHORT[found[2].lower()]
    codes = [code for code in re.findall("[A-Z]{3}", words) if code in MINOR_DIGITS]
    signs = [code for sign, code in _SIGNS.items() if sign in words.casefold()]
    return unit, next(iter([*codes, *signs]), None)


def _repeats(roles: dict[str, ColumnProfile], rows: Sequence[dict[str, str]]) -> list[str]:
    """Return the columns of a round, if its total seems to stand on the row of each investor."""
    if not {"investor", "investee", "effective_on", "amount"} <= roles.keys():
        return []
    parts = [roles[each] for each in ("investee", "effective_on", "sort") if each in roles]
    rounds: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for row in rows:
        if roles["amount"].heading in row:
            rounds.setdefault(tuple(row.get(each.heading, "") for each in parts), []).append(row)
    shared = [each for each in rounds.values()
              if len({row.get(roles["investor"].heading) for row in each}) > 1]  # fmt: skip
    same = sum(len({row[roles["amount"].heading] for row in each}) == 1 for each in shared)
    if not same or same * 2 <= len(shared):
        return []
    return [each.given for each in (*parts, roles["amount"])]
