"""How the demo company buys: every other week a supplier's shelves are looked at. Pure.

An order point with a cover of weeks ahead, in whole packs; goods arrive after the supplier's lead
time give or take some days, now and then in two parts.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from math import ceil, sin
from random import Random

from hengcang.cli.demo import seasons
from hengcang.cli.demo.company import Company, Good, Vendor
from hengcang.cli.demo.shelves import Shelf, fitting_pack, line_of, part_of
from hengcang.register.past import Event, PastDocument, PastLine

REVIEW_DAYS, COVER_DAYS = 14, 18
Paper = Callable[..., PastDocument]


class Buyers:
    """Purchase orders under way."""

    def __init__(
        self,
        company: Company,
        dice: Random,
        shelves: defaultdict[tuple[int, int], Shelf],
        paper: Paper,
    ) -> None:
        self.company, self.dice, self.shelves, self.paper = company, dice, shelves, paper
        self.arriving: dict[date, list[tuple[PastDocument, dict[int, int]]]] = defaultdict(list)
        self._by_id = {good.id: good for good in company.goods}

    def target(self, good: Good, place: int, day: date, *, days: int) -> int:
        """Base units that last `days` from that day, and a reserve for busy customers.

        What sells often is kept in reserve more than what is asked for once a season.
        """
        rate = self.company.rate(good, place)
        ahead = rate * seasons.mean_ahead(good.season, day, days)
        reserve = good.lot * (1.3 + min(1.6, 15 * rate / good.lot))
        return max(1, ceil(ahead * days + reserve))

    def order(self, day: date) -> Iterator[Event]:
        """Orders to the suppliers whose turn it is."""
        if seasons.is_closed(day):
            return
        for vendor in self.company.vendors:
            if vendor.is_due(day):
                for place in self.company.places:
                    order = self._order(vendor, place, day)
                    if order is not None:
                        yield Event("approve", order)

    def receive(self, day: date) -> Iterator[Event]:
        """What arrives that day is in stock."""
        for order, parts in self.arriving.pop(day, ()):
            lines = []
            for at, units in parts.items():
                source = order.lines[at]
                shelf = self.shelves[source.item_id, order.warehouse_id]
                shelf.on_hand += units
                shelf.on_order -= units
                lines.append(part_of(source, self._by_id[source.item_id], units))
            keeper = self.company.staff.storekeeper
            receipt = self.paper("purchase_receipt", day, order.warehouse_id, keeper, lines)
            receipt.partner_id, receipt.credit_days = order.partner_id, order.credit_days
            yield Event("post", receipt)

    def loose_ends(self, day: date) -> Iterator[Event]:
        """Orders to suppliers that wait for approval, or are only drafts."""
        for verb, count in (("submit", 3), ("draft", 2)):
            for vendor in self.dice.sample(self.company.vendors, count):
                goods = self.dice.sample(vendor.goods, min(5, len(vendor.goods)))
                yield Event(verb, self._paper(vendor, self.company.places[0], day, goods))

    def _order(self, vendor: Vendor, place: int, day: date) -> PastDocument | None:
        """None when too little is needed to be worth a truck."""
        lines: list[PastLine] = []
        urgent = False
        for good in vendor.goods:
            if place not in good.places:
                continue
            shelf = self.shelves[good.id, place]
            point = self.target(good, place, day, days=vendor.lead_days + REVIEW_DAYS)
            if shelf.position >= point:
                continue
            urgent = urgent or shelf.position < point // 3
            upto = self.target(good, place, day, days=vendor.lead_days + REVIEW_DAYS + COVER_DAYS)
            lines.append(self._line(good, upto - shelf.position, day))
        if len(lines) < 3 and not urgent:
            return None
        for line in lines:
            self.shelves[line.item_id, place].on_order += int(line.quantity)
        order = self._dressed(vendor, place, day, lines)
        self._plan_arrival(order, vendor, day)
        return order

    def _paper(self, vendor: Vendor, place: int, day: date, goods: list[Good]) -> PastDocument:
        return self._dressed(vendor, place, day, [self._line(g, 2 * g.lot, day) for g in goods])

    def _dressed(
        self, vendor: Vendor, place: int, day: date, lines: list[PastLine]
    ) -> PastDocument:
        order = self.paper("purchase_order", day, place, self.company.staff.buyer, lines)
        order.partner_id, order.credit_days = vendor.id, vendor.credit_days
        order.due_date = day + timedelta(days=vendor.lead_days)
        return order

    def _line(self, good: Good, units: int, day: date) -> PastLine:
        pack, units = fitting_pack(good, max(units, good.packs[0][1] if good.packs else 1))
        drift = 1 + 0.05 * sin(day.toordinal() / 97 + good.id) + self.dice.uniform(-0.015, 0.015)
        return line_of(good, units, good.cost * Decimal(str(round(drift, 3))), pack)

    def _plan_arrival(self, order: PastDocument, vendor: Vendor, day: date) -> None:
        units = {at: int(line.quantity) for at, line in enumerate(order.lines)}
        first = self._working_day(
            day + timedelta(days=vendor.lead_days + self.dice.randrange(-1, 4))
        )
        if self.dice.random() < 0.08 and len(units) > 1:
            late = dict(list(units.items())[len(units) // 2 :])
            units = {at: n for at, n in units.items() if at not in late}
            self.arriving[self._working_day(first + timedelta(days=5))].append((order, late))
        self.arriving[first].append((order, units))

    @staticmethod
    def _working_day(day: date) -> date:
        while seasons.is_closed(day):
            day += timedelta(days=1)
        return day
