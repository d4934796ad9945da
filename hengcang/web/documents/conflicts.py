"""What somebody else changed while a form was open: the two versions, field by field."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from hengcang.pages.editor import Difference
from hengcang.pages.forms import Field
from hengcang.web.documents.rows import EMPTY, Row

SHOWN = 40
CELLS = {
    "direction": "方向",
    "typed": "商品",
    "quantity": "数量",
    "price": "单价",
    "discount": "折扣%",
    "unit_cost": "成本单价",
    "due_date": "行交期",
    "note": "备注",
    "place": "出库仓",
    "batch_no": "批号",
    "expiry_date": "有效期至",
    "bin_code": "库位",
    "to_bin_code": "移入库位",
    "stock_status": "状态",
    "to_status": "调整为",
    "rejected": "不合格数",
    "reject_cause": "不合格原因",
    "serials": "序列号",
    "rejected_serials": "不合格序列号",
}


def differences(
    fields: tuple[Sequence[Field], Sequence[Field]],
    rows: tuple[Sequence[Row], Sequence[Row]],
    hidden: frozenset[str] = frozenset(),
) -> list[Difference]:
    """Where yours (first) and theirs (second) differ; columns the person may not see left out."""
    return [*_of_heads(*fields), *_of_lines(*rows, hidden)][:SHOWN]


def _of_heads(yours: Sequence[Field], theirs: Sequence[Field]) -> Iterator[Difference]:
    now = {field.name: field.chosen_label for field in theirs}
    for field in yours:
        if field.chosen_label != now.get(field.name, ""):
            yield Difference(field.label, field.chosen_label, now.get(field.name, ""))


def _of_lines(
    yours: Sequence[Row], theirs: Sequence[Row], hidden: frozenset[str]
) -> Iterator[Difference]:
    for number, (mine, now) in enumerate(zip_longest(yours, theirs, fillvalue=EMPTY), start=1):
        for key, label in CELLS.items():
            if key not in hidden and _text(mine, key) != _text(now, key):
                yield Difference(f"第 {number} 行 {label}", _text(mine, key), _text(now, key))


def _text(row: Mapping[str, str], key: str) -> str:
    text = row[key]
    if "." in text and key not in {"typed", "note"}:
        text = text.rstrip("0").rstrip(".")
    return "100" if key == "discount" and not text and row["item"] else text
