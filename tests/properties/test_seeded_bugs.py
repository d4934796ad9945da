"""The machines are tested too: each is shown bugs, one at a time, and must not stay silent."""

import time
from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from hengcang.books.models import Book
from hengcang.books.switch import using_book
from hengcang.documents import lines, parts, rules
from hengcang.ledger import actions, locks, replay, reversal, writes
from hengcang.ledger.valuation import moving_average
from hengcang.purchasing import postings
from hengcang.purchasing.actions import returns as purchase_returns
from hengcang.sales.actions import exchanges, fulfilling, orders, taking_back
from hengcang.sales.postings import exchange_posting, wanted_reservations
from tests.properties.machine import Books
from tests.properties.test_valuation_machine import Shelf

Seed = Callable[[pytest.MonkeyPatch], None]


def _half_even(patch: pytest.MonkeyPatch) -> None:
    def rounded(numerator: int, denominator: int) -> int:
        return round(numerator / denominator)

    patch.setattr(moving_average, "_half_up", rounded)


def _unit_price_first(patch: pytest.MonkeyPatch) -> None:
    """Price rounded to the cent, times quantity: the last unit does not take what is left."""

    def value(held: moving_average.Held, quantity: int) -> int:
        price = moving_average._half_up(held.value * 1_000_000, held.quantity)
        return min(held.value, price * quantity // 1_000_000)

    patch.setattr(moving_average, "issue_value", value)


def _last_share_is_no_rest(patch: pytest.MonkeyPatch) -> None:
    whole = moving_average.share

    def share(rest: moving_average.Remaining, quantity: int) -> moving_average.Remaining:
        part = whole(rest, quantity)
        return replace(part, value=max(0, part.value - 1)) if quantity == rest.quantity else part

    patch.setattr(moving_average, "share", share)


def _back_date_rewrites_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(replay, "_entries_from", lambda *_: [])


def _reversal_at_average(patch: pytest.MonkeyPatch) -> None:
    mirror = reversal._negated_stock

    def negated(*arguments: Any) -> Any:
        return tuple(
            replace(line, follows=None) if line.quantity < 0 else line
            for line in mirror(*arguments)
        )

    patch.setattr(reversal, "_negated_stock", negated)


def _other_warehouses_unseen(patch: pytest.MonkeyPatch) -> None:
    """What came back elsewhere keeps its cost although its delivery's has changed."""
    patch.setattr(replay, "_reach", lambda keys, *_: keys)


def _undone_returns_still_take(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(moving_average, "_undone_under_their_own_date", lambda _: set())


def _reservation_not_released(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(fulfilling, "reservations", lambda *_: ((), {}))


def _closing_keeps_the_reservation(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(orders, "released", lambda *_: ())


def _availability_off_by_one(patch: pytest.MonkeyPatch) -> None:
    change = locks.stock_change

    def off(resolved: Any) -> Any:
        moved = change(resolved)
        moved[min(moved)] += 1
        return moved

    patch.setattr(locks, "stock_change", off)


def _no_look_at_later_days(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(actions, "refuse_later_shortage", lambda *_: None)


def _returns_unchecked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(taking_back, "refuse_excess", lambda *_: None)


def _sent_back_unchecked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(purchase_returns, "refuse_excess", lambda *_: None)


def _sent_back_at_average(patch: pytest.MonkeyPatch) -> None:
    """Goods go back at the average although their receipt is known."""
    patch.setattr(postings, "_origin", lambda _: None)


def _cents_half_even(patch: pytest.MonkeyPatch) -> None:
    def to_cent(value: Decimal) -> Decimal:
        return value.quantize(Decimal("0.01"), ROUND_HALF_EVEN)

    patch.setattr(rules, "to_cent", to_cent)


def _tax_on_top_of_net(patch: pytest.MonkeyPatch) -> None:
    right = rules.line_amounts

    def wrong(quantity: Decimal, pricing: rules.Pricing) -> rules.Amounts:
        return right(quantity, replace(pricing, includes_tax=True))

    patch.setattr(lines, "line_amounts", wrong)


def _parts_carry_no_discount(patch: pytest.MonkeyPatch) -> None:
    share = parts._share

    def none(*arguments: Any) -> Any:
        part = share(*arguments)
        return part if part.ends else part._replace(bill_share=Decimal(0))

    patch.setattr(parts, "_share", none)


def _all_reserved_at_the_order(patch: pytest.MonkeyPatch) -> None:
    """A line's own warehouse is forgotten when it is reserved."""
    wanted = wanted_reservations

    def there(order: Any, order_lines: Any) -> Any:
        return tuple(
            replace(promise, warehouse_id=order.warehouse_id)
            for promise in wanted(order, order_lines)
        )

    patch.setattr(orders, "wanted_reservations", there)


def _money_forgotten(patch: pytest.MonkeyPatch) -> None:
    """A reversal that leaves the partner owing."""
    append = writes.append_money

    def forgetful(posting: Any, record_id: int) -> None:
        append(replace(posting, money=()) if posting.reversal_of else posting, record_id)

    patch.setattr(writes, "append_money", forgetful)


def _exchange_owed_in_full(patch: pytest.MonkeyPatch) -> None:
    """What came back is forgotten in what the customer owes."""
    right = exchange_posting

    def wrong(exchange: Any, *arguments: Any) -> Any:
        posting = right(exchange, *arguments)
        return replace(posting, money=(replace(posting.money[0], amount=exchange.out_amount),))

    patch.setattr(exchanges, "exchange_posting", wrong)


def _exchanges_took_no_part(patch: pytest.MonkeyPatch) -> None:
    """Returns and exchanges do not know of each other when the last part takes the rest."""
    patch.setattr(taking_back, "PARTS", taking_back.PARTS[:1])


def _variance_lost(patch: pytest.MonkeyPatch) -> None:
    shelve = moving_average._shelve

    def lossy(books: Any, move: Any, part: Any) -> None:
        shelve(books, move, part)
        books.costs[move.position] = books.costs[move.position]._replace(variance=0)

    patch.setattr(moving_average, "_shelve", lossy)


PURE: list[Seed] = [
    _half_even,
    _unit_price_first,
    _last_share_is_no_rest,
    _undone_returns_still_take,
    _variance_lost,
]
ON_BOOKS: list[Seed] = [
    _half_even,
    _unit_price_first,
    _last_share_is_no_rest,
    _back_date_rewrites_nothing,
    _reversal_at_average,
    _other_warehouses_unseen,
    _reservation_not_released,
    _closing_keeps_the_reservation,
    _availability_off_by_one,
    _no_look_at_later_days,
    _returns_unchecked,
    _sent_back_unchecked,
    _sent_back_at_average,
    _cents_half_even,
    _tax_on_top_of_net,
    _parts_carry_no_discount,
    _all_reserved_at_the_order,
    _money_forgotten,
    _exchange_owed_in_full,
    _exchanges_took_no_part,
]


def _caught(machine: type, examples: int, steps: int) -> tuple[str, float]:
    """By what kind of complaint, and after how many seconds."""
    started = time.perf_counter()
    try:
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
    except Exception as complaint:  # noqa: BLE001 - that is what is wanted
        return type(complaint).__name__, time.perf_counter() - started
    return "", time.perf_counter() - started


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", PURE, ids=lambda seed: seed.__name__)
def test_the_pure_machine_sees_the_bug(seed: Seed, monkeypatch: pytest.MonkeyPatch) -> None:
    seed(monkeypatch)
    complaint, seconds = _caught(Shelf, 2000, 25)
    print(f"\npure machine, {seed.__name__}: {complaint or 'MISSED'} after {seconds:.1f} s")  # noqa: T201
    assert complaint


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", ON_BOOKS, ids=lambda seed: seed.__name__)
def test_the_machine_on_the_books_sees_the_bug(
    seed: Seed, monkeypatch: pytest.MonkeyPatch, kept_book: Book
) -> None:
    seed(monkeypatch)
    with using_book(kept_book.code):
        complaint, seconds = _caught(Books, 250, 40)
    print(f"\nbooks machine, {seed.__name__}: {complaint or 'MISSED'} after {seconds:.1f} s")  # noqa: T201
    assert complaint
