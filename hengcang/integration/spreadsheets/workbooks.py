"""XLSX as rows of texts. It is a zip of XML from anywhere: its sizes are known before reading."""

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook

from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import shown

Cells = list[str]
MAX_UNPACKED = 64 * 1024 * 1024
MAX_OTHER_PART = 4 * 1024 * 1024  # styles, themes: what is no sheet and no text of one
MAX_PARTS = 400
LAST_ROW = 1_048_576  # that a spreadsheet can have
SHEETS = ("xl/worksheets/", "xl/sharedStrings")
SHEET_DIGITS = ".15g"  # a spreadsheet shows 15 digits: 0.1 is stored as 0.1000000000000000055
BROKEN = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    ParseError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What a damaged or hostile workbook makes of a reader."""


class FormulaCell(str):
    """A cell whose value another program would have to compute."""

    __slots__ = ()


def workbook_rows(content: bytes) -> Iterator[Cells]:
    """The rows of the first sheet, empty ones too: row n is the n-th that comes out.

    Raises Refused: file_unreadable, sheet_too_large.
    """
    try:
        _refuse_bomb(content)
        yield from _rows(content)
    except BROKEN:
        reason = "工作簿已损坏或加密，请用表格软件打开后另存为 .xlsx"
        raise Refused("file_unreadable", "file", reason=reason) from None


def _refuse_bomb(content: bytes) -> None:
    """Raises Refused("sheet_too_large") by the sizes the zip states; reading never exceeds them."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
        small = [part for part in parts if not part.filename.startswith(SHEETS)]
        if (
            len(parts) > MAX_PARTS
            or sum(part.file_size for part in parts) > MAX_UNPACKED
            or any(part.file_size > MAX_OTHER_PART for part in small)
        ):
            what = f"展开后 {MAX_UNPACKED // 1024**2} MB"
            raise Refused("sheet_too_large", "file", what=what)
        for part in parts:
            with packed.open(part) as opened:
                if b"<!DOCTYPE" in opened.read(2048).upper():
                    raise ValueError("a workbook declares no entities")


def _rows(content: bytes) -> Iterator[Cells]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and extensions we never look at
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what the file says of its size may be anything
            for number, row in enumerate(sheet.iter_rows(), start=1):
                if number > LAST_ROW:
                    raise ValueError("no spreadsheet has so many rows")
                yield [_text(cell) for cell in row]
        finally:
            book.close()


def _text(cell: Any) -> str:
    """What a person reads in the cell, with dates as 2026-11-24 and numbers without exponents."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return FormulaCell(str(getattr(value, "text", value))[:80])
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return shown(Decimal(format(value, SHEET_DIGITS)))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else str(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()
