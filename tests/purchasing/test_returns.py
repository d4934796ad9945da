"""Goods go back to the supplier: costs, caps, debts and refusals, every figure by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from hengcang.documents.reversal import Undo
from hengcang.identity.roles import TEMPLATES
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.ledger import queries as books
from hengcang.ledger.models import EntryCost
from hengcang.ledger.queries import StockFilter
from hengcang.purchasing import queries
from hengcang.purchasing.actions import receipts, returns
from hengcang.purchasing.models import PurchaseReceipt, PurchaseReturn
from hengcang.register.verify import verify_books
from hengcang.settlement import queries as settlement
from tests.documents.trade import cost, delivered, issued, received, reversed_, sent_back
from tests.worlds import TODAY, World, draft, line, target, world

D = Decimal
EARLY = date(2026, 11, 2)


@pytest.fixture
def made(book) -> World:
    return world()


def _stock(made: World) -> tuple[Decimal, Decimal | None]:
    rows = books.on_hand(SYSTEM, StockFilter(item_ids=(made.items[0].pk,), nonzero=False))
    row = next(r for r in rows if r.warehouse_id == made.warehouses[0].pk)
    return row.on_hand, row.value


def _payable(made: World) -> Decimal:
    return Decimal(settlement.standing_of(SYSTEM, made.supplier.pk).payable)


def _returned(receipt: PurchaseReceipt) -> Decimal:
    return Decimal(receipt.lines.get().qty_returned)


def test_goods_go_back_at_the_cost_they_came_in_at(made: World) -> None:
    dear = received(made, "10", "6", EARLY)
    received(made, "10", "2")  # 20 at 4.00
    back = sent_back(made, dear, "4")
    assert back.number == "CGTH202611-0001"
    assert back.amount_incl_tax == D("24.00")  # the receipt's price, nobody typed it
    assert cost(back) == D("24.00")
    assert _stock(made) == (16, D("56.00"))
    assert _payable(made) == D("56.00")  # 60 + 20 − 24
    assert _returned(dear) == 4
    assert verify_books() == []


def test_never_more_than_is_held_the_rest_is_variance(made: World) -> None:
    dear = received(made, "10", "6", EARLY)
    received(made, "10", "2")  # 20 at 4.00
    issued(made, "12")  # 8 left, worth 32.00
    back = sent_back(made, dear, "8")  # came in at 48.00: the shelf has 32.00
    assert cost(back) == D("32.00")
    assert _stock(made) == (0, D("0.00"))
    booked = EntryCost.objects.get(entry__posting__kind="purchase_return")
    assert (booked.value, booked.variance) == (D("-32.00"), D("16.00"))
    assert back.amount_incl_tax == D("48.00")
    assert verify_books() == []


def test_no_more_goes_back_than_was_received(made: World) -> None:
    receipt = received(made, "10", "6")
    received(made, "10", "6")
    sent_back(made, receipt, "7")
    with pytest.raises(Refused) as refused:
        sent_back(made, receipt, "4")
    assert refused.value.code == "more_than_received"
    assert (refused.value.facts["open"], refused.value.facts["needed"]) == ("3", "4")
    sent_back(made, receipt, "3")
    assert _returned(receipt) == 10
    with pytest.raises(Refused) as refused:
        queries.return_draft(SYSTEM, receipt, {}, on=TODAY, client_uuid=uuid4())
    assert refused.value.code == "source_line_unknown"


def test_goods_that_are_gone_do_not_go_back(made: World) -> None:
    receipt = received(made, "10", "6")
    delivered(made, "8")
    with pytest.raises(Refused) as refused:
        sent_back(made, receipt, "3")
    assert refused.value.code == "insufficient_stock"
    assert _returned(receipt) == 0


def test_a_reversal_brings_them_again(made: World) -> None:
    receipt = received(made, "10", "6")
    back = sent_back(made, receipt, "4")
    with pytest.raises(Refused) as refused:
        reversed_(receipt)
    assert refused.value.code == "has_followers"
    twin = reversed_(back)
    assert cost(twin) == D("-24.00")
    assert _stock(made) == (10, D("60.00"))
    assert _payable(made) == D("60.00")
    assert _returned(receipt) == 0
    reversed_(receipt)
    assert _stock(made) == (0, D("0.00"))
    assert verify_books() == []


def test_without_an_origin_it_says_why_and_states_the_price(made: World) -> None:
    received(made, "10", "6", EARLY)
    received(made, "10", "2")
    place, item, supplier = made.warehouses[0], made.items[0], made.supplier
    bare = draft(place, [line(item, "5", "7")], partner=supplier)
    with pytest.raises(Refused) as refused:
        returns.save_return(bare, actor=SYSTEM)
    assert (refused.value.code, refused.value.field) == ("reason_missing", "reason")
    with pytest.raises(Refused) as refused:
        returns.save_return(
            draft(place, [line(item, "5")], partner=supplier, reason="破损"), actor=SYSTEM
        )
    assert isinstance(refused.value, RefusedLines)
    assert [each.code for each in refused.value.refusals] == ["price_missing"]
    saved = returns.save_return(replace(bare, reason="去年的货破损"), actor=SYSTEM)
    back = returns.post_return(target(saved), actor=SYSTEM)
    assert cost(back) == D("20.00")  # 5 at the average of 4.00
    assert _payable(made) == D("45.00")  # 80 − 35
    assert verify_books() == []


def test_a_receipt_goes_back_in_one_act_once(made: World) -> None:
    receipt = received(made, "10", "6")
    intent, only = uuid4(), receipt.lines.get().pk

    def act(quantity: int) -> PurchaseReturn:
        return returns.return_receipt(
            receipt.pk, {only: D(quantity)}, on=TODAY, client_uuid=intent, actor=SYSTEM
        )

    first = act(4)
    assert act(4).pk == first.pk
    with pytest.raises(Refused) as refused:
        act(5)
    assert refused.value.code == "intent_reused"
    assert _returned(receipt) == 4
    rest = returns.return_receipt(receipt.pk, {}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    assert rest.lines.get().quantity == 6


def test_a_draft_is_changed_previewed_and_voided(made: World) -> None:
    receipt = received(made, "10", "6")
    typed = line(made.items[0], "2", source_line_id=receipt.lines.get().pk)
    filled = draft(made.warehouses[0], [typed], partner=made.supplier)
    saved = returns.save_return(filled, actor=SYSTEM)
    assert returns.save_return(filled, actor=SYSTEM).pk == saved.pk
    more = replace(filled, lines=(replace(typed, quantity=D(3)),))
    changed = returns.change_return(target(saved), more, actor=SYSTEM)
    assert changed.amount_incl_tax == D("18.00")
    with pytest.raises(Refused) as refused:
        returns.change_return(target(saved), more, actor=SYSTEM)
    assert refused.value.code == "stale_version"
    assert returns.preview_return(saved.pk, actor=SYSTEM).blocked is None
    assert _stock(made) == (10, D("60.00"))
    returns.void_return(target(changed), actor=SYSTEM, reason="不退了")
    assert _returned(receipt) == 0


def test_a_back_dated_one_tells_before_what_it_would_change(made: World) -> None:
    receipt = received(made, "10", "6", EARLY)
    received(made, "10", "2", EARLY)
    delivered(made, "5")
    typed = line(made.items[0], "10", source_line_id=receipt.lines.get().pk)
    saved = returns.save_return(
        draft(made.warehouses[0], [typed], date(2026, 11, 3), made.supplier), actor=SYSTEM
    )
    impact = returns.preview_return(saved.pk, actor=SYSTEM)
    assert (impact.entries, impact.shift) == (1, D("-10.00"))  # 5 at 4.00 become 5 at 2.00
    back = returns.post_return(target(saved), actor=SYSTEM)
    undo = returns.preview_return_reversal(back.pk, on=TODAY, actor=SYSTEM)
    assert undo.shift == D("10.00")


def test_the_receipt_of_another_supplier_is_unknown(made: World) -> None:
    receipt = received(made, "10", "6")
    typed = line(made.items[1], "2", source_line_id=receipt.lines.get().pk)
    with pytest.raises(Refused) as refused:
        returns.save_return(draft(made.warehouses[0], [typed], partner=made.supplier), actor=SYSTEM)
    assert refused.value.code == "source_line_unknown"


def test_a_reversed_receipt_takes_nothing_back(made: World) -> None:
    receipt = received(made, "10", "6")
    received(made, "10", "6")
    typed = line(made.items[0], "2", source_line_id=receipt.lines.get().pk)
    saved = returns.save_return(
        draft(made.warehouses[0], [typed], partner=made.supplier), actor=SYSTEM
    )
    reversed_(receipt)
    with pytest.raises(Refused) as refused:
        returns.post_return(target(saved), actor=SYSTEM)
    assert refused.value.code == "source_not_open"
    assert verify_books() == []


def _as(role: str, made: World) -> Actor:
    row = next(template for template in TEMPLATES if template.code == role)
    return Actor(
        id=9,
        name=row.name,
        permissions=frozenset(row.permissions),
        warehouse_ids=frozenset({made.warehouses[0].pk}),
    )


def test_who_does_not_see_prices_takes_those_of_the_receipt(made: World) -> None:
    keeper = _as("STOREKEEPER", made)
    receipt = received(made, "10", "6")
    typed = line(made.items[0], "2", source_line_id=receipt.lines.get().pk)
    saved = returns.save_return(
        draft(made.warehouses[0], [replace(typed, price=D(99))], partner=made.supplier),
        actor=keeper,
    )
    assert saved.amount_incl_tax == D("12.00")
    with pytest.raises(Refused) as refused:
        returns.save_return(
            draft(made.warehouses[0], [line(made.items[0], "2", "6")], partner=made.supplier,
                  reason="破损"),
            actor=keeper,
        )  # fmt: skip
    assert refused.value.code == "return_price_hidden"
    posted = returns.post_return(target(saved), actor=keeper)
    with pytest.raises(Refused) as refused:
        returns.reverse_return(target(posted), Undo(uuid4(), "录错", TODAY), actor=keeper)
    assert refused.value.code == "forbidden"
    with pytest.raises(Refused) as refused:
        returns.save_return(draft(made.warehouses[1], [typed], partner=made.supplier), actor=keeper)
    assert refused.value.code in {"not_found", "forbidden"}
    nobody = replace(keeper, permissions=frozenset())
    with pytest.raises(Refused) as refused:
        returns.return_receipt(receipt.pk, {}, on=TODAY, client_uuid=uuid4(), actor=nobody)
    assert refused.value.code == "forbidden"
    other = received(made, "1", "6", place=1)
    with pytest.raises(Refused) as refused:
        receipts.preview_receipt(other.pk, actor=keeper)
    assert refused.value.code == "not_found"
