"""A text that no column holds is refused by the action itself, whoever calls it."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from hengcang.books.models import Book
from hengcang.documents.drafts import Target
from hengcang.documents.reversal import Undo
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.kernel.refusals import sentence
from hengcang.purchasing.actions import receipts
from hengcang.purchasing.models import PurchaseReceipt
from tests.documents.trade import received
from tests.worlds import TODAY, draft, line, world

TOO_LONG = [("external_no", 60, "外部单号"), ("reason", 200, "原因"), ("note", 500, "备注")]


@pytest.mark.parametrize(("name", "limit", "what"), TOO_LONG)
def test_a_header(book: Book, name: str, limit: int, what: str) -> None:
    made = world()
    filled = draft(made.warehouses[0], [line(made.items[0], "1", "2")], partner=made.supplier)
    texts: list[dict[str, Any]] = [{name: "长" * limit}, {name: "长" * (limit + 1)}]
    fits = replace(filled, **texts[0])
    receipts.save_receipt(fits, actor=SYSTEM)
    longer = replace(filled, client_uuid=uuid4(), **texts[1])
    with pytest.raises(Refused) as refused:
        receipts.save_receipt(longer, actor=SYSTEM)
    assert refused.value.field == name
    assert sentence(refused.value) == f"{what}填写有误：最多 {limit} 字。"
    assert PurchaseReceipt.objects.count() == 1


def test_a_line(book: Book) -> None:
    made = world()
    typed = line(made.items[0], "1", "2", note="长" * 201)
    filled = draft(made.warehouses[0], [typed], partner=made.supplier)
    with pytest.raises(Refused) as refused:
        receipts.save_receipt(filled, actor=SYSTEM)
    (only,) = refused.value.refusals  # type: ignore[attr-defined]
    assert (only.code, only.field) == ("field_invalid", "lines.1.note")


def test_why_it_is_undone(book: Book) -> None:
    receipt = received(world(), "1", "2")
    with pytest.raises(Refused, match="field_invalid"):
        receipts.reverse_receipt(
            Target(receipt.pk, receipt.version), Undo(uuid4(), "长" * 201, TODAY), actor=SYSTEM
        )
