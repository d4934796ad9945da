"""The empty sheet of a kind: its headings, and what belongs under them."""

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from hengcang.integration.spreadsheets.columns import Column

WIDTH, WIDE = 14, 60


def template_of(title: str, columns: Sequence[Column]) -> bytes:
    """An XLSX workbook: 单据 to be filled in, 填写说明 to be read. Required headings bear a *."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    sheet.append([heading(column) for column in columns])
    for at in range(1, len(columns) + 1):
        letter = get_column_letter(at)
        sheet[f"{letter}1"].font = Font(bold=True)
        sheet.column_dimensions[letter].width = WIDTH
        sheet.column_dimensions[letter].number_format = "@"  # 001 stays 001
    sheet.freeze_panes = "A2"
    notes = book.create_sheet("填写说明")
    notes.append(["列", "必填", "怎么填"])
    for column in columns:
        required = "必填" if column.required else ""
        notes.append([column.label, required, column.help])
    for note in NOTES:
        notes.append([note])
    notes.column_dimensions["A"].width = 20
    notes.column_dimensions["C"].width = WIDE
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def heading(column: Column) -> str:
    return f"{column.label}*" if column.required else column.label


NOTES = (
    "一行一个商品。外部单号相同的行是一张单；都不填则整份文件是一张单。",
    "单据的列（客户、仓库、日期等）写在该单的第一行，其余行可不填或填得一样。",
    "数字用半角，不写千分号；日期写成 2026-11-24；公式请粘贴为数值。",
    "有一处不对就整份不导入，页面列出全部错误；同一份文件再次上传不会重复生成。",
)
