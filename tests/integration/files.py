"""Spreadsheets made in memory, as a person's program would write them."""

import io
from collections.abc import Sequence

from openpyxl import Workbook


def workbook(*rows: Sequence[object]) -> bytes:
    """An XLSX with these rows on its first sheet."""
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def csv_of(*rows: Sequence[object], encoding: str = "utf-8-sig") -> bytes:
    """The same as CSV."""
    return "\r\n".join(",".join(str(cell) for cell in row) for row in rows).encode(encoding)
