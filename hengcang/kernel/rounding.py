"""Rounding to the cent, HALF_UP, at named points only."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal(0)


def to_cent(value: Decimal) -> Decimal:
    """The amount rounded to 2 dp, HALF_UP (away from zero at the half)."""
    return value.quantize(CENT, ROUND_HALF_UP)


def split(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """`amount` (2 dp) in shares proportional to `weights`; the shares sum to it exactly.

    Largest remainder: every share is cut to the cent, then the missing cents go to the largest
    cut-off parts, the earlier line first. Source: Hamilton's method of apportionment.
    """
    total = sum(weights, ZERO)
    assert total > 0, "a split needs something to split by"
    exact = [amount * weight / total for weight in weights]
    shares = [value.quantize(CENT, ROUND_DOWN) for value in exact]
    missing = amount - sum(shares, ZERO)
    cent = CENT if missing > 0 else -CENT
    by_remainder = sorted(range(len(weights)), key=lambda i: (-abs(exact[i] - shares[i]), i))
    for i in by_remainder[: int(abs(missing) / CENT)]:
        shares[i] += cent
    return shares
