"""Rows pasted from a spreadsheet: which column is what. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_QUANTITY_HEADS = """
数量 件数 订货数 订数 订货数量 需求数 需求数量 采购数量 订购数量 qty quantity
"""
_NEVER_HEADS = """
序号 单价 金额 备注 价格 小计 含税单价 no no. 行号 税率 税额 到货日期 交货日期 日期 price amount
"""
_WORD_HEADS = """
编码 货号 商品编码 物料编码 编号 款号 条码 品名 名称 商品 商品名称 描述 规格 规格型号 型号 颜色
尺码 尺寸 产品 产品名称 货品 code name spec
"""
_QUANTITY = frozenset(_QUANTITY_HEADS.split())
_UNIT = frozenset({"单位", "计量单位", "unit"})
_NEVER = frozenset(_NEVER_HEADS.split())
_WORDS = frozenset(_WORD_HEADS.split())
_HEADS = _QUANTITY | _UNIT | _NEVER | _WORDS


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row taken apart. A header has no words; without one the cells are read as a sentence."""

    words: str
    quantity: str
    unit: str
    is_header: bool = False


def table_rows(lines: Sequence[str]) -> dict[int, TableRow]:
    """By the index of the line; lines without tabs are missing."""
    rows: dict[int, TableRow] = {}
    heads: list[str] = []
    counted = 0
    for at, line in enumerate(lines):
        if "\t" not in line:
            heads = [] if line.strip() else heads
            counted = 0
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if _is_header(cells):
            heads = [cell.lower() for cell in cells]
            rows[at] = TableRow("", "", "", is_header=True)
        elif heads:
            rows[at] = _by_heads(heads, cells)
        else:
            counted += 1
            rows[at] = _by_looks(cells, counted)
    return rows


def _is_header(cells: Sequence[str]) -> bool:
    known = sum(cell.lower() in _HEADS for cell in cells)
    return known >= 2 and not any(re.fullmatch(r"[\d.]+", cell) for cell in cells)


def _by_heads(heads: Sequence[str], cells: Sequence[str]) -> TableRow:
    pairs = list(zip(heads, cells, strict=False))
    words = " ".join(c for head, c in pairs if head not in _QUANTITY | _UNIT | _NEVER and c)
    quantity = next((cell for head, cell in pairs if head in _QUANTITY), "")
    unit = next((cell for head, cell in pairs if head in _UNIT), "")
    return TableRow(words, quantity, unit)


def _by_looks(cells: Sequence[str], counted: int) -> TableRow:
    """Without a header: a first cell that counts the rows is dropped."""
    kept = cells[1:] if cells and cells[0] == str(counted) and len(cells) > 2 else cells
    return TableRow("  ".join(cell for cell in kept if cell), "", "")
