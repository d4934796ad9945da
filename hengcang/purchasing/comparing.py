"""比价: which offer for a line is the best, and why. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hengcang.kernel.numbers import shown
from hengcang.kernel.rounding import ZERO
from hengcang.purchasing.rules import Terms, best_terms
from hengcang.purchasing.watching import CENT, rounded

NO_DAYS = 10**6  # a lead time nobody stated ranks last among equals


@dataclass(frozen=True, slots=True)
class Offer:
    """One supplier's answer to a line. `net`: per base unit, after discount, without tax.

    `terms.moq` is in the offer's unit.
    """

    id: int
    partner_id: int
    net: Fraction
    terms: Terms
    valid_until: date

    def taken(self, quantity: Decimal) -> Decimal:
        """What has to be ordered to get so many base units: at least the MOQ; base units."""
        return max(quantity, (self.terms.moq or ZERO) * self.terms.num / self.terms.den)

    def cost(self, quantity: Decimal) -> Fraction:
        """What getting so many base units comes to, without tax."""
        return self.net * Fraction(self.taken(quantity))

    def arrives(self, on: date) -> date | None:
        """When goods ordered on a day are there; None: not stated."""
        days = self.terms.lead_time_days
        return None if days is None else on + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Need:
    """How many base units are asked for, ordered on which day, wanted on which."""

    quantity: Decimal
    on: date
    due: date | None = None

    def is_late(self, offer: Offer) -> bool:
        """Whether the goods would come after the day they are wanted."""
        arrival = offer.arrives(self.on)
        return self.due is not None and arrival is not None and arrival > self.due

    def faults(self, offer: Offer) -> list[str]:
        """What speaks against an offer."""
        found = ["已过有效期"] if offer.valid_until < self.on else []
        found += ["赶不上需用日期"] if self.is_late(offer) else []
        return found + (["低于起订量"] if offer.taken(self.quantity) > self.quantity else [])


@dataclass(frozen=True, slots=True)
class Best:
    """The offer to take, and why."""

    offer: Offer
    why: str


def one_each(offers: Iterable[Offer], need: Need) -> list[Offer]:
    """Of each supplier the offer whose step the quantity reaches; valid ones before expired ones.

    Where no step is reached, the one with the lowest.
    """
    by_supplier: dict[int, list[Offer]] = defaultdict(list)
    for offer in offers:
        by_supplier[offer.partner_id].append(offer)
    found = []
    for mine in by_supplier.values():
        valid = [offer for offer in mine if offer.valid_until >= need.on] or mine
        best = best_terms([offer.terms for offer in valid], need.quantity, 0)
        lowest = min(valid, key=lambda offer: offer.taken(ZERO))
        found.append(next((offer for offer in valid if offer.terms is best), lowest))
    return found


def best_offer(offers: Sequence[Offer], need: Need) -> Best | None:
    """Among one offer of each supplier: valid, in time if any is, then the least cost with its
    MOQ, then the shortest lead time, then the earliest.
    """
    valid = [offer for offer in offers if offer.valid_until >= need.on]
    in_time = [offer for offer in valid if not need.is_late(offer)]
    ranked = sorted(in_time or valid, key=lambda offer: _rank(offer, need))
    if not ranked:
        return None
    return Best(ranked[0], "；".join(_reasons(ranked, len(valid), need)))


def _rank(offer: Offer, need: Need) -> tuple[Fraction, int, int]:
    days = offer.terms.lead_time_days
    return offer.cost(need.quantity), NO_DAYS if days is None else days, offer.id


def _reasons(ranked: Sequence[Offer], valid: int, need: Need) -> list[str]:
    first = ranked[0]
    reasons = [_against_second(ranked, need) if len(ranked) > 1 else "唯一有效报价"]
    if len(ranked) == 1 and valid > 1:
        reasons = ["只有这家赶得上需用日期"]
    elif need.is_late(first):
        reasons.append("各家都赶不上需用日期")
    if first.terms.lead_time_days is not None:
        reasons.append(f"{first.terms.lead_time_days} 天到货")
    if first.taken(need.quantity) > need.quantity:
        reasons.append(f"已按起订量 {shown(first.terms.moq or ZERO)} 计算")
    return reasons


def _against_second(ranked: Sequence[Offer], need: Need) -> str:
    first, second = ranked[0].cost(need.quantity), ranked[1].cost(need.quantity)
    if first == second:
        return "总价与第二家相同，到货更快或更早报价"
    percent = rounded((second - first) * 100 / second, CENT)
    return f"总价最低，比第二家低 {shown(percent)}%"
