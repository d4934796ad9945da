"""Which price goes first, and how prices are moved. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum

from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import shown

PRICE = Decimal("0.0001")
HUNDRED = Decimal(100)
ONE_DAY = timedelta(days=1)
FARTHEST = Decimal(900)


class Step(IntEnum):
    """The order in which prices are asked for: agreed with the customer, a list's for the tier, a
    list's for everybody, the item's own, the last one paid.
    """

    AGREED = 1
    TIER = 2
    EVERYBODY = 3
    OWN = 4
    LAST = 5


@dataclass(frozen=True, slots=True)
class Size:
    """A unit of an item: 1 of it is num/den base units."""

    id: int
    num: int
    den: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A price per `unit` that was set or paid. `words` say what it is: 协议价, 批发价."""

    step: Step
    price: Decimal
    unit: Size
    words: str
    since: date
    until: date | None = None

    def holds(self, on: date) -> bool:
        """Whether it is valid on that day, both ends included."""
        return self.since <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class Quote:
    """The price to propose per the asked unit, 4 dp, and why: 协议价，至 12-31."""

    price: Decimal
    step: Step
    reason: str


def quoted(offers: Iterable[Offer], unit: Size, on: date) -> Quote | None:
    """The price of the first step that has a valid offer, or None.

    Within a step an offer in the asked unit goes before one that must be converted, then the one
    that began last, then the earlier of the given order.
    """
    valid = [offer for offer in offers if offer.holds(on)]
    if not valid:
        return None
    best = min(valid, key=lambda o: (o.step, o.unit.id != unit.id, -o.since.toordinal()))
    price = best.price
    if best.unit.id != unit.id:
        exact = price * best.unit.den * unit.num / (best.unit.num * unit.den)
        price = exact.quantize(PRICE, ROUND_HALF_UP)
    return Quote(price, best.step, _reason(best, on))


def _reason(offer: Offer, on: date) -> str:
    if offer.step is Step.LAST:
        return f"{offer.words}，{_day(offer.since, on)}"
    if offer.step is Step.OWN:
        return offer.words
    return f"{offer.words}，{'至 ' + _day(offer.until, on) if offer.until else '长期'}"


def _day(day: date, on: date) -> str:
    return f"{day:%m-%d}" if day.year == on.year else day.isoformat()


def adjusted(price: Decimal, percent: Decimal, places: int) -> Decimal:
    """The price moved by so many percent, rounded HALF_UP to the decimals wanted.

    Raises Refused: rate_too_far (a price below nothing, or tenfold), field_invalid (decimals).
    """
    if not -HUNDRED < percent <= FARTHEST:
        raise Refused("rate_too_far", "percent", text=shown(percent), limit=shown(FARTHEST))
    if not 0 <= places <= 4:
        raise Refused("field_invalid", "places", what="小数位", reason="应为 0 到 4。")
    return (price * (HUNDRED + percent) / HUNDRED).quantize(
        Decimal(1).scaleb(-places), ROUND_HALF_UP
    )


def checked_validity(since: date, until: date | None, field: str = "valid_to") -> None:
    """Raises Refused("validity_backwards") when it would end before it began."""
    if until is not None and until < since:
        raise Refused("validity_backwards", field, since=f"{since}", until=f"{until}")
