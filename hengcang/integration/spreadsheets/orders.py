"""A customer's file as the text one would have pasted from it: rows with tabs, or words."""

from pathlib import PurePath

from hengcang.integration.spreadsheets.tables import OLD_XLS, XLSX, SheetRow, decoded, table_of

TABLES = frozenset({".csv", ".tsv"})
_INSIDE = str.maketrans({"\t": " ", "\n": " ", "\r": " "})


def order_text(content: bytes, name: str) -> str:
    """What a person would paste: rows of a workbook or CSV with tabs, a text as it is.

    A computed cell says nothing here: the customer's sums are not read, and a computed quantity
    is asked for. Raises Refused: file_unreadable, sheet_too_large.
    """
    is_table = content.startswith(XLSX) or PurePath(name).suffix.lower() in TABLES
    if not is_table and not content.startswith(OLD_XLS):
        return decoded(content)
    return "\n".join(_line(row) for row in table_of(content).rows)


def _line(row: SheetRow) -> str:
    cells = ("" if at in row.formulas else cell for at, cell in enumerate(row.cells))
    return "\t".join(cell.translate(_INSIDE) for cell in cells)
