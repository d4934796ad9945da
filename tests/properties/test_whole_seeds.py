"""The whole machine is shown bugs of every area, one at a time, and must not stay silent."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

from hengcang.assembly.actions import assemblies
from hengcang.books.models import Book
from hengcang.books.switch import using_book
from hengcang.documents.rules import first_to_expire
from hengcang.ledger import counting, goods, serials
from hengcang.ledger.entries import StockStatus
from hengcang.purchasing.actions import awarding, inspections, merging, receipts
from hengcang.purchasing.actions import orders as purchase_orders
from hengcang.purchasing.actions import returns as purchase_returns
from hengcang.purchasing.postings import arrived
from hengcang.sales.actions import fulfilling, orders, reservations
from hengcang.stock.actions import bin_moves, scraps, status_changes, transfer_receipts, transfers
from hengcang.stock.transfer_postings import put_on_order
from tests.properties.whole.everything import Everything
from tests.properties.whole.walking import walk

Seed = Callable[[pytest.MonkeyPatch], None]


def _goods_of(
    patch: pytest.MonkeyPatch, module: Any, name: str, change: Callable[..., Any]
) -> None:
    """Every stock line that this posting of the module makes is `change`d."""
    right = getattr(module, name)

    def wrong(*arguments: Any) -> Any:
        posting = right(*arguments)
        return replace(posting, stock=tuple(change(line) for line in posting.stock))

    patch.setattr(module, name, wrong)


def _status(line: Any, was: StockStatus, becomes: StockStatus) -> Any:
    if line.key.status is not was:
        return line
    return replace(line, key=replace(line.key, status=becomes))


def rejected_goods_are_good(patch: pytest.MonkeyPatch) -> None:
    def change(line: Any) -> Any:
        return _status(line, StockStatus.DEFECT, StockStatus.GOOD)

    _goods_of(patch, inspections, "inspection_posting", change)


def scrap_takes_good_goods(patch: pytest.MonkeyPatch) -> None:
    right = scraps.SCRAPS.posting

    def wrong(*arguments: Any) -> Any:
        posting = right(*arguments)
        lines = (_status(line, StockStatus.DEFECT, StockStatus.GOOD) for line in posting.stock)
        return replace(posting, stock=tuple(lines))

    patch.setattr(scraps, "SCRAPS", replace(scraps.SCRAPS, posting=wrong))


def frozen_goods_are_in_quarantine(patch: pytest.MonkeyPatch) -> None:
    right = status_changes.STATUS_CHANGES.posting

    def wrong(*arguments: Any) -> Any:
        posting = right(*arguments)
        lines = (_status(line, StockStatus.FROZEN, StockStatus.QC) for line in posting.stock)
        return replace(posting, stock=tuple(lines))

    table = replace(status_changes.STATUS_CHANGES, posting=wrong)
    patch.setattr(status_changes, "STATUS_CHANGES", table)


def put_away_into_no_bin(patch: pytest.MonkeyPatch) -> None:
    def change(line: Any) -> Any:
        return replace(line, key=replace(line.key, bin_id=None)) if line.quantity > 0 else line

    _goods_of(patch, bin_moves, "bin_move_posting", change)


def expired_goods_are_sold(patch: pytest.MonkeyPatch) -> None:
    right = goods.taken_out

    def wrong(lines: Any, warehouse: Any, *, usable_on: Any) -> Any:
        return right(lines, warehouse, usable_on=None)

    patch.setattr(goods, "taken_out", wrong)


def last_to_expire_first(patch: pytest.MonkeyPatch) -> None:
    right = first_to_expire
    patch.setattr(goods, "first_to_expire", lambda size, found: right(size, found[::-1]))


def arrived_goods_are_still_expected(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(transfer_receipts, "no_longer_expected", lambda *_: ())


def a_reversed_shipment_is_still_expected(patch: pytest.MonkeyPatch) -> None:
    right = put_on_order

    def wrong(transfer: Any, lines: Any) -> Any:
        return tuple(p for p in right(transfer, lines) if p.quantity > 0)

    patch.setattr(transfers, "put_on_order", wrong)


def a_count_forgets_what_is_entered_late(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(counting, "since", lambda *_: {})


def the_oldest_order_gives_way(patch: pytest.MonkeyPatch) -> None:
    right = reservations._newest_first
    patch.setattr(reservations, "_newest_first", lambda line: tuple(-n for n in right(line)))


def merging_covers_more_than_was_wanted(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(merging, "_within", lambda covers, _: covers)


def closing_gives_no_wish_back(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(purchase_orders, "give_back", lambda *_, **__: None)


def awarding_forgets_former_orders(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(awarding, "ordered_of", lambda *_: {})


def a_reversed_receipt_is_not_expected_again(patch: pytest.MonkeyPatch) -> None:
    right = arrived

    def wrong(sources: Any, wanted: Any) -> Any:
        return right(sources, {pk: quantity for pk, quantity in wanted.items() if quantity > 0})

    patch.setattr(receipts, "arrived", wrong)


def unseen_goods_go_back_uncounted(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(purchase_returns, "unseen_of", lambda _: {})


def a_quote_stays_ordered(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(orders, "_free_quotes", lambda *_: None)


def a_reversed_delivery_reserves_nothing(patch: pytest.MonkeyPatch) -> None:
    right = fulfilling.reservations

    def wrong(lines: Any, sources: Any) -> Any:
        promises, changes = right(lines, sources)
        kept = [p for p in promises if p.quantity < 0]
        return tuple(kept), {pk: change for pk, change in changes.items() if change < 0}

    patch.setattr(fulfilling, "reservations", wrong)


def the_product_comes_once_too_often(patch: pytest.MonkeyPatch) -> None:
    def change(line: Any) -> Any:
        return replace(line, quantity=2 * line.quantity) if line.quantity > 0 else line

    _goods_of(patch, assemblies, "assembly_posting", change)


def a_reversal_forgets_where_a_piece_was(patch: pytest.MonkeyPatch) -> None:
    right = serials._backwards

    def wrong(*arguments: Any) -> Any:
        move = right(*arguments)
        return replace(move, stands_on=move.step)

    patch.setattr(serials, "_backwards", wrong)


SEEDS: list[Seed] = [
    rejected_goods_are_good,
    scrap_takes_good_goods,
    frozen_goods_are_in_quarantine,
    put_away_into_no_bin,
    expired_goods_are_sold,
    last_to_expire_first,
    arrived_goods_are_still_expected,
    a_reversed_shipment_is_still_expected,
    a_count_forgets_what_is_entered_late,
    the_oldest_order_gives_way,
    merging_covers_more_than_was_wanted,
    closing_gives_no_wish_back,
    awarding_forgets_former_orders,
    a_reversed_receipt_is_not_expected_again,
    unseen_goods_go_back_uncounted,
    a_quote_stays_ordered,
    a_reversed_delivery_reserves_nothing,
    the_product_comes_once_too_often,
    a_reversal_forgets_where_a_piece_was,
]


def complaint(book: Book, examples: int, steps: int) -> str:
    """What the machine says; empty when it stays silent."""
    how = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    try:
        with using_book(book.code):
            walk(Everything, steps, how)
    except Exception as said:  # noqa: BLE001 - that is what is wanted
        return f"{type(said).__name__}: {said}"
    return ""


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.__name__)
def test_the_whole_machine_sees_the_bug(
    seed: Seed, monkeypatch: pytest.MonkeyPatch, kept_book: Book
) -> None:
    seed(monkeypatch)
    said = complaint(kept_book, 60, 80)
    print(f"\n{seed.__name__}: {said[:300] or 'MISSED'}")  # noqa: T201
    assert said
