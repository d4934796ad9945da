"""The columns a sheet of documents may have, and which of them a file's first row names."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from hengcang.integration.spreadsheets.tables import SheetRow, Table
from hengcang.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `key` is what it fills, `is_head` whether it speaks of the whole document."""

    key: str
    label: str
    required: bool = False
    is_head: bool = False
    help: str = ""
    other_names: tuple[str, ...] = ()


NAMES = ("商品名称", "商品", "品名", "名称", "规格", "规格型号")
IGNORED = frozenset({"序号", "行号", "金额", *NAMES})
"""What people keep beside the code to read; it is neither read nor trusted."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A cell that must be mended: where, what stands there, and why."""

    row: int
    column: str
    text: str
    refusal: Refused


class SheetRefused(Refused):
    """The file was not imported: everything that is wrong in it, by row."""

    def __init__(self, wrong: Sequence[Wrong]) -> None:
        super().__init__("sheet_refused", "file", count=len(wrong))
        self.wrong = sorted(wrong, key=lambda each: each.row)


@dataclass
class Named:
    """A row by the keys of its columns. Cells that are not there are ""."""

    number: int
    cells: dict[str, str]
    formulas: frozenset[str] = field(default_factory=frozenset)


def named_rows(table: Table, columns: Sequence[Column]) -> list[Named]:
    """The rows below the headings. Raises Refused("no_lines"); SheetRefused with
    sheet_column_unknown, sheet_column_twice, sheet_column_missing.
    """
    if not table.rows:
        raise Refused("no_lines", "file")
    heading, *rows = table.rows
    keys = _keys(heading, columns)
    if not rows:
        raise Refused("no_lines", "file")
    return [_named(row, keys) for row in rows]


def plain_heading(text: str) -> str:
    """A heading without the marks of a template and without differences nobody sees."""
    return text.translate(_ALIKE).replace(" ", "").replace("\n", "").strip("*").casefold()


_ALIKE = str.maketrans({"（": "(", "）": ")", "％": "%", "　": "", "＊": "*"})


def _keys(heading: SheetRow, columns: Sequence[Column]) -> dict[int, str]:
    by_name = {
        plain_heading(name): each for each in columns for name in (*each.other_names, each.label)
    }
    keys: dict[int, str] = {}
    wrong: list[Wrong] = []
    for at, text in enumerate(heading.cells):
        name = plain_heading(text)
        if not name or (name in IGNORED and name not in by_name):
            continue
        found = by_name.get(name)
        if found is None:
            unknown = Refused("sheet_column_unknown", "file", text=text[:40])
            wrong.append(Wrong(heading.number, text[:40], text[:40], unknown))
        elif found.key in keys.values():
            twice = Refused("sheet_column_twice", "file", what=found.label)
            wrong.append(Wrong(heading.number, found.label, text[:40], twice))
        else:
            keys[at] = found.key
    for each in columns:
        if each.required and each.key not in keys.values():
            missing = Refused("sheet_column_missing", "file", what=each.label)
            wrong.append(Wrong(heading.number, each.label, "", missing))
    if wrong:
        raise SheetRefused(wrong)
    return keys


def _named(row: SheetRow, keys: dict[int, str]) -> Named:
    cells = {key: row.cells[at] for at, key in keys.items() if at < len(row.cells)}
    return Named(row.number, cells, frozenset(keys[at] for at in row.formulas if at in keys))
