"""大写金额 by 《支付结算办法》附一: zeros said once, 整 after yuan and jiao, never after fen.

Where 万 or 元 is a zero and what follows is not, the rule allows 零 or none: we write none.
"""

import random
from decimal import Decimal
from itertools import pairwise

import pytest

from hengcang.kernel.amount_words import amount_cn_upper

DIGITS = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("1", "壹元整"),
        ("10", "壹拾元整"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("100000000", "壹亿元整"),
        ("100010001", "壹亿零壹万零壹元整"),
        ("999999999999.99", "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        ("-10.3", "负壹拾元叁角整"),
    ],
)
def test_amounts_as_the_rules_write_them(amount: str, said: str) -> None:
    assert amount_cn_upper(Decimal(amount)) == said


def _read(text: str) -> Decimal:
    """The amount a reader understands, by a way of its own: stacks, not groups of four."""
    whole, _, rest = text.removeprefix("负").removesuffix("整").partition("元")
    if "元" not in text:
        whole, rest = "", whole
    total, section, digit = 0, 0, 0
    units = {"拾": 10, "佰": 100, "仟": 1000}
    for sign in whole:
        if sign in DIGITS:
            digit = DIGITS[sign]
        elif sign in units:
            section, digit = section + digit * units[sign], 0
        else:
            factor = 10_000 if sign == "万" else 10**8
            total = (
                (total + section + digit) * factor
                if sign == "亿"
                else total + (section + digit) * factor
            )
            section, digit = 0, 0
    cents = 0
    for sign, unit in pairwise(rest):
        if sign in DIGITS and unit in "角分":
            cents += DIGITS[sign] * (10 if unit == "角" else 1)
    value = Decimal(total + section + digit) + Decimal(cents) / 100
    return -value if text.startswith("负") else value


def test_what_is_written_is_read_back() -> None:
    chance = random.Random(11)
    for _ in range(3000):
        amount = Decimal(chance.randrange(10 ** chance.randint(1, 13))) / 100
        assert _read(amount_cn_upper(amount)) == amount, amount
