"""Money of parts and discounts on paper, in cents: the oracle's own arithmetic."""

from fractions import Fraction

from tests.properties import oracle

Money = tuple[int, int, int]  # gross, the tax in it, and what was taken off; cents


def part_of_line(whole: Money, taken: Money, own: Money, part: Fraction | None, tax: str) -> Money:
    """The money of a part of a line: all that is left when it ends it (`part` None), else its own
    less its share of the discount, if that is left.
    """
    left = (whole[0] - taken[0], whole[1] - taken[1], whole[2] - taken[2])
    if part is None:
        return left
    off = min(oracle.cents(whole[2] * part), left[2], own[0])
    gross, inside, off = taken_off((own[0], own[1], 0), off, tax)
    gross = min(left[0], gross)
    return gross, min(inside, left[1], gross), off


def part_beyond(whole: Money, taken: Money, own: Money, part: Fraction, tax: str) -> Money:
    """The money of a part that goes beyond its line: its own, less what is left of the discount."""
    off = min(oracle.cents(whole[2] * part), whole[2] - taken[2], own[0])
    return taken_off((own[0], own[1], 0), off, tax)


def taken_off(money: Money, off: int, tax: str) -> Money:
    """The money after so much was taken off it."""
    if not off:
        return money
    rate = Fraction(tax) / 100
    gross = money[0] - off
    return gross, oracle.cents(gross * rate / (1 + rate)), off


def offs(off: int, grosses: list[int]) -> list[int]:
    """Cents taken off a whole, over its lines: whole cents by weight, then one each to those that
    lost most by that, the first of equals first.
    """
    whole = sum(grosses)
    if not off or not whole:
        return [0] * len(grosses)
    shares = [off * gross // whole for gross in grosses]
    lost = sorted(range(len(grosses)), key=lambda n: -Fraction(off * grosses[n] % whole, whole))
    for n in lost[: off - sum(shares)]:
        shares[n] += 1
    return shares
