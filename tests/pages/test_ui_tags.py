"""Filters meet whatever a user typed: they answer, and never raise."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengcang.pages.templatetags.ui import icon, money, num, qty

NASTY = [
    "", " ", "abc", "NaN", "-NaN", "sNaN", "Infinity", "-inf", "1e999999999", "-1e-999999999",
    "１２", "1_000", "1,000", "0x10", "-0", "--1", "☕", "\x00", None, True, 1.5, [], {}, object(),
]  # fmt: skip
anything = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.decimals(), st.binary()
)


@pytest.mark.parametrize("value", NASTY)
@pytest.mark.parametrize("shown", [money, qty, num])
def test_a_filter_answers_a_text_to_anything(shown: Callable[[object], str], value: object) -> None:
    assert isinstance(shown(value), str)


@given(anything)
def test_no_filter_raises_or_writes_a_page_of_zeros(value: Any) -> None:
    for shown in (money, qty, num):
        assert len(shown(value)) <= max(60, 2 * len(str(value)))


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12
    )
)
def test_num_keeps_the_exact_value(value: Any) -> None:
    assert Decimal(num(value)) == value
    assert not num(value).endswith(".")


@given(st.text())
def test_a_text_that_is_no_number_comes_back_as_typed(text: str) -> None:
    try:
        Decimal(text)
    except ArithmeticError:
        assert money(text) == qty(text) == num(text) == text


def test_amounts_quantities_and_icons_look_as_agreed() -> None:
    assert money(Decimal(12345)) == "12,345.00"
    assert money("1.005") == "1.01"
    assert money(Decimal("-0.005")) == "-0.01"
    assert qty("2408.500000") == "2,408.5"
    assert num("100.00") == "100"
    assert num("-0.0") == "0"
    assert num("") == ""
    assert money("1e3") == "1,000.00"
    assert 'aria-hidden="true"' in icon("plus")
    assert "&quot;" in icon('"')
