"""Workbooks of spreadsheets (.xlsx): the rows of one sheet, as text, read one by one.

A formula counts with the value that was stored beside it; one without is a mistake with its cell,
never a blank. Numbers have the 15 digits that spreadsheets keep, dates are YYYY-MM-DD.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dealledger.events import BadInput
from dealledger.events.decimals import decimal_text
from dealledger.events.errors import closest
from dealledger.events.text import shown

if TYPE_CHECKING:
    from openpyxl import Workbook

ENDINGS: Final = (".xlsx", ".xlsm")
MOST_BYTES: Final = 2_000_000_000
_MOST_TIMES: Final = 200
_DIGITS: Final = 15


class Rows:
    """The rows of a sheet. read: which sheet it is, and which others there are, to be said."""

    def __init__(self, name: str, sheet: str | None, advance: Callable[[int], None]) -> None:
        """sheet: by its name; default: the one that was open when the file was saved.

        advance: told the bytes read, at the end. Raises: BadInput.
        """
        _check_size(name)
        self._name = name
        self._advance = advance
        self._values = _opened(name, data_only=True)
        self._formulas = _opened(name, data_only=False)
        self._sheet = self._chosen(sheet)
        others = [each for each in self._values.sheetnames if each != self._sheet]
        self.read = f"{name}: read the sheet {shown(self._sheet)}" + (
            f", not {', '.join(map(shown, others))}" if others else ""
        )
        self.is_worth_saying = bool(others) and sheet is None

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the number of each row that is not blank, and its cells. Raises: BadInput."""
        try:
            values = self._values[self._sheet].iter_rows(values_only=True)
            formulas = self._formulas[self._sheet].iter_rows(values_only=True)
            for number, (row, made) in enumerate(zip(values, formulas, strict=True), start=1):
                if any(each is not None for each in made):
                    cells = [self._text(number, *each) for each in enumerate(zip(row, made))]  # noqa: B905
                    if any(cells):
                        yield number, cells
        finally:
            self._values.close()
            self._formulas.close()
        self._advance(Path(self._name).stat().st_size)

    def _chosen(self, sheet: str | None) -> str:
        names = self._values.sheetnames
        if sheet is None:
            active = self._values.active
            return str(active.title if active is not None else names[0])
        if sheet not in names:
            hint = closest(sheet, names) or f"there are {', '.join(map(shown, names))}"
            raise BadInput(f"{self._name} has no sheet {shown(sheet)}", hint)
        return sheet

    def _text(self, row: int, column: int, both: tuple[Any, Any]) -> str:
        value, made = both
        if value is None and made is not None:
            from openpyxl.utils import get_column_letter

            place = f"{get_column_letter(column + 1)}{row}"
            said = f"{self._name}: the formula in {place} has no stored value"
            raise BadInput(said, "open and save the file in a spreadsheet program")
        return text_of(value)


def text_of(value: object) -> str:
    """Return the text of a cell's value as people type it.

    >>> text_of(1250000), text_of(Decimal("0.27")), text_of(datetime(2024, 3, 1)), text_of(None)
    ('1250000', '0.27', '2024-03-01', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return (value.date() if midnight else value.replace(microsecond=0)).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if isinstance(value, int | Decimal):
        return decimal_text(Decimal(value))
    try:
        return decimal_text(Decimal(format(value, f".{_DIGITS}g")))
    except (ValueError, TypeError, ArithmeticError):
        return str(value)


def _check_size(name: str) -> None:
    """Refuse what is not a workbook, and what would unpack to far more than it is."""
    try:
        packed = Path(name).stat().st_size
        with zipfile.ZipFile(name) as archive:
            size = sum(each.file_size for each in archive.infolist())
    except OSError as error:
        raise BadInput(f"{name} cannot be read: {error.strerror}") from None
    except zipfile.BadZipFile:
        raise BadInput(f"{name} is not a workbook", "save it as .xlsx, or as CSV") from None
    if size > MOST_BYTES or size > max(100_000_000, packed * _MOST_TIMES):
        raise BadInput(f"{name} unpacks to {size:,} bytes", "save the sheet that counts as CSV")


def _opened(name: str, *, data_only: bool) -> Workbook:
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise BadInput(
            "workbooks need the openpyxl package", "pip install 'deal-ledger[xlsx]', or save as CSV"
        ) from None
    try:
        return load_workbook(name, read_only=True, data_only=data_only, keep_links=False)
    except (KeyError, ValueError, zipfile.BadZipFile, TypeError, SyntaxError):
        raise BadInput(f"{name} is not a workbook", "save it as .xlsx, or as CSV") from None
