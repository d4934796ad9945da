"""A file as rows of texts, whatever program wrote it. Nothing in it is computed or trusted."""

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass

from hengcang.integration.spreadsheets.workbooks import Cells, FormulaCell, workbook_rows
from hengcang.kernel.errors import Refused

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 80
LONGEST_CELL = 2_000
XLSX, OLD_XLS = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
DELIMITERS = "\t,;"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row as typed; `number` as spreadsheets count, from 1. `formulas`: where one stands."""

    number: int
    cells: tuple[str, ...]
    formulas: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """The rows that say something, and the SHA-256 of the file they came in."""

    rows: tuple[SheetRow, ...]
    digest: str


def table_of(content: bytes) -> Table:
    """The first sheet of an XLSX workbook, or a text with tabs, commas or semicolons.

    Raises Refused: file_unreadable, sheet_too_large.
    """
    if len(content) > MAX_BYTES:
        raise Refused("sheet_too_large", "file", what=f"{MAX_BYTES // 1024**2} MB")
    if content.startswith(OLD_XLS):
        raise unreadable("这是旧的 .xls 或加密的工作簿，请另存为 .xlsx 后上传")
    found = workbook_rows(content) if content.startswith(XLSX) else _text_rows(content)
    rows: list[SheetRow] = []
    for number, cells in enumerate(found, start=1):
        row = _row(number, cells)
        if row is None:
            continue
        if len(rows) >= MAX_ROWS:
            raise Refused("sheet_too_large", "file", what=f"{MAX_ROWS} 行")
        rows.append(row)
    return Table(tuple(rows), hashlib.sha256(content).hexdigest())


def unreadable(reason: str) -> Refused:
    """The refusal of a whole file."""
    return Refused("file_unreadable", "file", reason=reason)


def _row(number: int, cells: Cells) -> SheetRow | None:
    """None for a row that says nothing. Raises Refused("sheet_too_large")."""
    while cells and not cells[-1]:
        cells.pop()
    if not cells:
        return None
    if len(cells) > MAX_COLUMNS:
        raise Refused("sheet_too_large", "file", what=f"{MAX_COLUMNS} 列")
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise Refused("sheet_too_large", "file", what=f"每格 {LONGEST_CELL} 字")
    formulas = tuple(at for at, cell in enumerate(cells) if isinstance(cell, FormulaCell))
    return SheetRow(number, tuple(cells), formulas)


def _text_rows(content: bytes) -> Iterator[Cells]:
    text = decoded(content)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield [cell.strip() for cell in cells]
    except csv.Error:
        raise unreadable("有一行的引号没有成对，请用表格软件重新另存为 CSV") from None


def decoded(content: bytes) -> str:
    """Text as spreadsheets save it: UTF-8 or GB 18030. Raises Refused("file_unreadable")."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise unreadable("不是 XLSX、CSV 或文本文件，请另存为其中一种后上传")


def text_of_sheet(content: bytes) -> str:
    """A workbook's first sheet as lines with tabs, each at its own row; a text as it is.

    Tabs and line breaks inside a cell become blanks, commas become 、: they would part cells.
    Raises Refused: file_unreadable (also for a formula), sheet_too_large.
    """
    if not content.startswith(XLSX):
        return decoded(content)
    lines: list[str] = []
    for row in table_of(content).rows:
        if row.formulas:
            raise unreadable(f"第 {row.number} 行有公式，请选择性粘贴为数值")
        lines += [""] * (row.number - 1 - len(lines))
        lines.append("\t".join(cell.translate(_INSIDE) for cell in row.cells))
    return "\n".join(lines)


_INSIDE = str.maketrans({"\t": " ", "\n": " ", "\r": " ", ",": "、", "，": "、"})
