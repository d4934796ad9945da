"""The chain of prices against a brute-force reading of it, and the arithmetic of 调价."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengcang.kernel.errors import Refused
from hengcang.pricing import rules
from hengcang.pricing.rules import Offer, Size, Step, adjusted, checked_validity

D = Decimal
DAY = date(2026, 11, 24)
PIECE, CRATE = Size(1, 1, 1), Size(2, 12, 1)


def quoted(offers: list[Offer], unit: Size, on: date) -> Any:
    return rules.quoted(offers, unit, on)


def offer(step: Step, price: str, unit: Size = PIECE, since: date = DAY, until=None) -> Offer:
    return Offer(step, D(price), unit, step.name, since, until)


def test_the_first_step_that_has_a_valid_price_wins() -> None:
    every = [offer(step, str(step.value)) for step in reversed(Step)]
    for step in Step:
        found = quoted(every, PIECE, DAY)
        assert found is not None
        assert (found.step, found.price) == (step, D(step.value))
        every = [o for o in every if o.step != step]
    assert quoted(every, PIECE, DAY) is None


def test_a_price_holds_on_both_its_days_and_not_beyond() -> None:
    one = [offer(Step.AGREED, "9", since=DAY, until=DAY + timedelta(days=1))]
    asked = [DAY + timedelta(days=n) for n in (-1, 0, 1, 2)]
    assert [quoted(one, PIECE, day) is not None for day in asked] == [False, True, True, False]


def test_the_reason_says_until_when() -> None:
    until = [offer(Step.AGREED, "9", until=date(2026, 12, 31))]
    assert quoted(until, PIECE, DAY).reason == "AGREED，至 12-31"
    later = [offer(Step.TIER, "9", until=date(2027, 3, 31))]
    assert quoted(later, PIECE, DAY).reason == "TIER，至 2027-03-31"
    assert quoted([offer(Step.AGREED, "9")], PIECE, DAY).reason == "AGREED，长期"
    assert quoted([offer(Step.OWN, "9")], PIECE, DAY).reason == "OWN"
    assert quoted([offer(Step.LAST, "9")], PIECE, DAY).reason == "LAST，11-24"


def test_another_units_price_is_converted_but_the_own_unit_goes_first() -> None:
    base = offer(Step.AGREED, "1.25")
    assert quoted([base], CRATE, DAY).price == D("15.0000")
    crate = offer(Step.AGREED, "14", CRATE, since=DAY - timedelta(days=300))
    assert quoted([base, crate], CRATE, DAY).price == D(14)
    assert quoted([crate], PIECE, DAY).price == D("1.1667")  # 14 / 12, HALF_UP at 4 dp


offers = st.builds(
    Offer,
    st.sampled_from(Step),
    st.sampled_from([D("1"), D("2.5"), D("3.3333")]),
    st.sampled_from([PIECE, CRATE]),
    st.just("x"),
    st.sampled_from([DAY - timedelta(days=n) for n in range(4)]),
    st.sampled_from([None, *(DAY + timedelta(days=n) for n in range(-1, 3))]),
)


@given(st.lists(offers, max_size=8), st.sampled_from([PIECE, CRATE]))
def test_it_agrees_with_looking_step_by_step(found: list[Offer], unit: Size) -> None:
    expected = None
    for step in (Step.AGREED, Step.TIER, Step.EVERYBODY, Step.OWN, Step.LAST):
        here = [o for o in found if o.step == step and o.since <= DAY]
        here = [o for o in here if o.until is None or o.until >= DAY]
        own = [o for o in here if o.unit == unit]
        for o in sorted(own or here, key=lambda o: o.since, reverse=True):
            expected = expected or (step, o)
    quote = quoted(found, unit, DAY)
    if expected is None:
        assert quote is None
        return
    step, chosen = expected
    assert quote.step == step
    bases = chosen.price / chosen.unit.num * unit.num
    assert abs(quote.price - bases) <= D("0.00005")


@given(st.decimals(0, 9999, places=4), st.decimals(-99, 900, places=2), st.integers(0, 4))
def test_an_adjusted_price_is_within_half_a_step(price: D, percent: D, places: int) -> None:
    exact = price + price * percent / 100
    assert abs(adjusted(price, percent, places) - exact) <= D(1).scaleb(-places) / 2


@pytest.mark.parametrize("percent", ["-100", "-101", "900.01"])
def test_a_price_is_not_moved_to_nothing_or_beyond_measure(percent: str) -> None:
    with pytest.raises(Refused) as refused:
        adjusted(D(10), D(percent), 2)
    assert refused.value.code == "rate_too_far"


def test_a_validity_does_not_end_before_it_begins() -> None:
    checked_validity(DAY, DAY)
    with pytest.raises(Refused) as refused:
        checked_validity(DAY, DAY - timedelta(days=1))
    assert refused.value.code == "validity_backwards"
