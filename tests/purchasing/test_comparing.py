"""Which offer is the best, and why: pure."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hengcang.purchasing.comparing import Need, Offer, best_offer, one_each
from hengcang.purchasing.rules import Terms

ON = date(2026, 11, 24)
TEN = Need(Decimal(10), ON)


def offer(
    number: int, net: str, *, moq: str | None = None, days: int | None = None, late: bool = False
) -> Offer:
    least = None if moq is None else Decimal(moq)
    terms = Terms(
        0, 1, 1, least or Decimal(0), Decimal(net), True, least, None, days, ON - timedelta(days=1)
    )
    until = ON - timedelta(days=1) if late else ON
    return Offer(number, number, Fraction(net), terms, until)


def chosen(need: Need, *offers: Offer) -> tuple[int, str]:
    best = best_offer(offers, need)
    assert best is not None
    return best.offer.id, best.why


def test_the_cheapest_with_how_much_cheaper() -> None:
    assert chosen(TEN, offer(1, "10"), offer(2, "9")) == (2, "总价最低，比第二家低 10%")


def test_a_moq_is_paid_for() -> None:
    dear, cheap = offer(1, "10", days=5), offer(2, "9", moq="12", days=2)
    assert chosen(TEN, dear, cheap) == (1, "总价最低，比第二家低 7.41%；5 天到货")
    assert chosen(Need(Decimal(12), ON), dear, cheap)[0] == 2
    assert TEN.faults(cheap) == ["低于起订量"]
    assert chosen(TEN, cheap) == (2, "唯一有效报价；2 天到货；已按起订量 12 计算")


def test_equal_totals_go_to_the_quicker() -> None:
    slow, unknown, quick = offer(1, "9", days=9), offer(2, "9"), offer(3, "9", days=2)
    assert chosen(TEN, slow, unknown, quick)[0] == 3


def test_goods_in_time_before_cheap_goods() -> None:
    need = Need(Decimal(10), ON, ON + timedelta(days=5))
    late, early = offer(1, "5", days=6), offer(2, "9", days=5)
    assert chosen(need, late, early) == (2, "只有这家赶得上需用日期；5 天到货")
    assert need.faults(late) == ["赶不上需用日期"]
    both = chosen(need, late, offer(3, "9", days=8))
    assert both == (1, "总价最低，比第二家低 44.44%；各家都赶不上需用日期；6 天到货")


def test_expired_offers_are_shown_and_never_taken() -> None:
    assert best_offer([offer(1, "5", late=True)], TEN) is None
    assert chosen(TEN, offer(1, "5", late=True), offer(2, "9"))[0] == 2
    assert TEN.faults(offer(1, "5", late=True)) == ["已过有效期"]


def test_of_one_supplier_the_step_that_is_reached() -> None:
    steps = [offer(1, "9"), offer(2, "8", moq="10"), offer(3, "7", moq="100")]
    mine = [Offer(o.id, 1, o.net, o.terms, o.valid_until) for o in steps]
    assert [o.id for o in one_each(mine, TEN)] == [2]
    assert [o.id for o in one_each(mine, Need(Decimal(9), ON))] == [1]
    assert [o.id for o in one_each(mine[1:], Need(Decimal(9), ON))] == [2]
    expired = Offer(9, 1, Fraction(1), mine[0].terms, ON - timedelta(days=1))
    assert [o.id for o in one_each([expired, *mine], TEN)] == [2]
