"""A past written at once stands as if it had been made and pressed one document after the other."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import connection, transaction

from hengcang.catalog.models import ItemUom, Uom
from hengcang.documents.drafts import Draft, LineDraft, Target
from hengcang.kernel.actor import SYSTEM
from hengcang.purchasing.actions import orders as purchase_orders
from hengcang.purchasing.actions import receipts as purchase_receipts
from hengcang.register.history import write_past
from hengcang.register.past import Event, PastDocument, PastLine
from hengcang.register.verify import verify_books
from hengcang.sales import queries as sales
from hengcang.sales.actions import deliveries, orders, returns
from hengcang.stock.actions import other_receipts
from tests.worlds import World, world

D = Decimal
DAYS = [date(2026, 11, day) for day in (2, 3, 4, 5, 6)]
KINDS = ("sales_salesorder", "sales_salesdelivery", "sales_salesreturn", "stock_otherreceipt",
         "purchasing_purchaseorder", "purchasing_purchasereceipt")  # fmt: skip
UNLIKE = {"id", "document_id", "source_line_id", "client_uuid", "created_at", "external_no", "at",
          "xid", "row_hash", "subject_id", "posting_id", "source_id"}  # fmt: skip


def _boxed(made: World) -> ItemUom:
    for item in made.items:
        item.tax_rate = D(13)
        item.save()
    box = Uom.objects.create(name="箱")
    return ItemUom.objects.create(item=made.items[0], uom=box, ratio_num=12)


def _by_actions(made: World, box: ItemUom) -> None:
    place, (first, second) = made.warehouses[0].pk, made.items

    def draft(day: date, partner: int | None, *lines: LineDraft, **more: Any) -> Draft:
        return Draft(uuid4(), day, place, lines, partner_id=partner, **more)

    opening = other_receipts.save_other_receipt(
        draft(DAYS[0], None, LineDraft(second.pk, D(4), unit_cost=D("8.5")), reason="期初"),
        actor=SYSTEM,
    )
    other_receipts.post_other_receipt(Target(opening.pk, opening.version), actor=SYSTEM)
    line = LineDraft(first.pk, D(2), item_uom_id=box.pk, price=D("101.5"))
    bought = purchase_orders.save_order(
        draft(DAYS[0], made.supplier.pk, line, due_date=DAYS[2]), actor=SYSTEM
    )
    purchase_orders.step_order(Target(bought.pk, bought.version), "approve", actor=SYSTEM)
    purchase_receipts.receive_order(bought.pk, {}, on=DAYS[1], client_uuid=uuid4(), actor=SYSTEM)
    wanted = (LineDraft(first.pk, D(1), item_uom_id=box.pk, price=D("180")),
              LineDraft(second.pk, D(6), price=D("19.9")))  # fmt: skip
    sold = orders.save_order(
        draft(DAYS[2], made.customer.pk, *wanted, due_date=DAYS[3]), actor=SYSTEM
    )
    orders.step_order(Target(sold.pk, sold.version), "approve", actor=SYSTEM)
    lines = list(sales.order_lines(SYSTEM).filter(document_id=sold.pk))
    delivery = deliveries.deliver_order(
        sold.pk, {lines[0].pk: D(12), lines[1].pk: D(4)}, on=DAYS[3], client_uuid=uuid4(),
        actor=SYSTEM,
    )  # fmt: skip
    back = sales.return_draft(
        SYSTEM, delivery, {delivery.lines.all()[0].pk: D(5)}, on=DAYS[4], client_uuid=uuid4()
    )
    returned = returns.save_return(back, actor=SYSTEM)
    returns.post_return(Target(returned.pk, returned.version), actor=SYSTEM)


def _at_once(made: World, box: ItemUom) -> None:
    place, (first, second) = made.warehouses[0].pk, made.items
    own = {item.pk: item.uoms.get(ratio_num=1).pk for item in made.items}

    def paper(kind: str, day: date, lines: list[PastLine], **more: Any) -> PastDocument:
        return PastDocument(kind, uuid4(), day, place, SYSTEM, lines, **more)

    start = PastLine(second.pk, own[second.pk], D(4), D(4), cost_amount=D("34"))
    ordered = PastLine(first.pk, box.pk, D(2), D(24), D("101.5"), D(13))
    got = PastLine(first.pk, box.pk, D(2), D(24), D("101.5"), D(13), source=ordered)
    whole = PastLine(first.pk, box.pk, D(1), D(12), D(180), D(13), reserved=D(12))
    short = PastLine(second.pk, own[second.pk], D(6), D(6), D("19.9"), D(13), reserved=D(4))
    left = PastLine(first.pk, box.pk, D(1), D(12), D(180), D(13), source=whole, unreserved=D(12))
    some = PastLine(second.pk, own[second.pk], D(4), D(4), D("19.9"), D(13), source=short,
                    unreserved=D(4))  # fmt: skip
    back = PastLine(first.pk, own[first.pk], D(5), D(5), D(15), D(13), source=left)
    supplier = {"partner_id": made.supplier.pk, "credit_days": 60}
    customer = {"partner_id": made.customer.pk, "credit_days": 30}
    write_past(
        [
            Event("post", paper("other_receipt", DAYS[0], [start], reason="期初")),
            Event(
                "approve", paper("purchase_order", DAYS[0], [ordered], due_date=DAYS[2], **supplier)
            ),
            Event("post", paper("purchase_receipt", DAYS[1], [got], **supplier)),
            Event(
                "approve",
                paper("sales_order", DAYS[2], [whole, short], due_date=DAYS[3], **customer),
            ),
            Event("post", paper("sales_delivery", DAYS[3], [left, some], **customer)),
            Event("post", paper("sales_return", DAYS[4], [back], **customer)),
        ],
        actor=SYSTEM,
    )


def _rows() -> dict[str, list[dict[str, Any]]]:
    tables = [*KINDS, *(f"{kind}line" for kind in KINDS), "documents_numberseries",
              "ledger_costbalance", "ledger_stockbalance", "ledger_availability",
              "ledger_partnerbalance", "ledger_moneyentry", "ledger_stockentry",
              "ledger_promiseentry"]  # fmt: skip
    unlike = UNLIKE | {"position", "value_from_id", "stock_id", "cost_id", "entry_id"}
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
            names = [column.name for column in cursor.description or ()]
            hidden = UNLIKE if table.endswith("line") else unlike
            found[table] = [
                {name: cell for name, cell in zip(names, row, strict=True) if name not in hidden}
                for row in cursor.fetchall()
            ]
            if table.startswith("ledger_"):  # there the ids follow the order of first use
                found[table].sort(key=repr)
        cursor.execute(
            "SELECT verb, kind, label, facts::text FROM compliance_auditline "
            "WHERE kind <> 'book' ORDER BY verb, label, facts::text"
        )
        found["audit"] = [dict(enumerate(row)) for row in cursor.fetchall()]
    return found


def test_the_tables_are_those_of_the_actions(book: Any) -> None:
    made = world()
    box = _boxed(made)
    point = transaction.savepoint()
    _by_actions(made, box)
    assert not verify_books()
    expected = _rows()
    transaction.savepoint_rollback(point)
    _at_once(made, box)
    assert not verify_books()
    found = _rows()
    for table, rows in expected.items():
        assert found[table] == rows, table
