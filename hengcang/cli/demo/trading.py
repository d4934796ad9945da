"""Eighteen months of trade, day by day: who orders what, what leaves, what is bought. Pure.

The day: goods arrive, customers order, goods leave, some come back, the buyers look at the shelves.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import accumulate, islice
from random import Random
from uuid import UUID, uuid5

from hengcang.cli.demo import seasons
from hengcang.cli.demo.buying import Buyers
from hengcang.cli.demo.company import MEAN_LINES, SIZES, TASTES, Client, Company, Good
from hengcang.cli.demo.shelves import OpenOrder, Shelf, fitting_pack, line_of, part_of
from hengcang.kernel.actor import Actor
from hengcang.register.past import Event, PastDocument, PastLine

ORDERS_A_DAY = 10.0
NAMESPACE = UUID("6ba0c2f6-6f0e-5c57-8f7c-6a0d7d2b8a11")
LEDGER_MAX = 500  # lines of one opening document
RETURN_REASONS = ("包装破损", "发错颜色", "客户多订", "质量问题", "规格不符")


class Trading:
    """The state of the company while its past unfolds."""

    def __init__(self, company: Company, dice: Random, first: date, last: date) -> None:
        self.company, self.dice, self.staff = company, dice, company.staff
        self.first, self.last = first, last
        self.shelves: defaultdict[tuple[int, int], Shelf] = defaultdict(Shelf)
        self.open: list[OpenOrder] = []
        self.coming_back: dict[date, list[tuple[PastDocument, PastLine, int]]] = defaultdict(list)
        self.buyers = Buyers(company, dice, self.shelves, self.paper)
        self._counts: dict[str, int] = defaultdict(int)
        self._choices: dict[tuple[str, int, int], tuple[list[Good], list[float]]] = {}

    def events(self) -> Iterator[Event]:
        """Everything that happened, in order."""
        yield from self._opening()
        for day in islice(_days(self.first, self.last), 1, None):
            yield from self.buyers.receive(day)
            yield from self._orders(day)
            yield from self._deliveries(day)
            yield from self._returns(day)
            yield from self.buyers.order(day)
        yield from self._loose_ends()

    def paper(
        self, kind: str, day: date, place: int, by: Actor, lines: list[PastLine]
    ) -> PastDocument:
        """A document with an intent of its own, the same in every run."""
        self._counts[kind] += 1
        name = f"{kind}:{self._counts[kind]}"
        return PastDocument(kind, uuid5(NAMESPACE, name), day, place, by, lines)

    def _opening(self) -> Iterator[Event]:
        for place in self.company.places:
            kept = (self._opening_line(good, place) for good in self.company.goods)
            lines = [line for line in kept if line is not None]
            for at in range(0, len(lines), LEDGER_MAX):
                part = lines[at : at + LEDGER_MAX]
                keeper = self.staff.storekeeper
                document = self.paper("other_receipt", self.first, place, keeper, part)
                document.reason = "期初库存"
                yield Event("post", document)

    def _opening_line(self, good: Good, place: int) -> PastLine | None:
        if place not in good.places:
            return None
        units = self.buyers.target(good, place, self.first, days=30)
        self.shelves[good.id, place].on_hand += units
        line = line_of(good, units, good.cost)
        net = good.cost / (1 + good.tax_rate / 100)
        line.cost_amount = (net * units).quantize(Decimal("0.01"))
        return line

    def _orders(self, day: date) -> Iterator[Event]:
        number = int(ORDERS_A_DAY * seasons.busyness(day, self.first) + self.dice.random())
        for _ in range(number):
            order = self._order(day)
            self._reserve(order, day)
            yield Event("approve", order)

    def _order(self, day: date) -> PastDocument:
        clients = self.company.clients
        client = self.dice.choices(clients, cum_weights=self._client_weights)[0]
        place = client.place if self.dice.random() < 0.85 else self.company.places[0]
        lines = [self._line(client, good, day) for good in self._goods(client, place, day)]
        order = self.paper("sales_order", day, place, client.by, lines)
        order.partner_id, order.credit_days = client.id, client.credit_days
        order.due_date = day + timedelta(days=self.dice.choice((1, 1, 2, 3)))
        return order

    def _goods(self, client: Client, place: int, day: date) -> list[Good]:
        """Between 1 and 14 different goods, by taste and season."""
        key = (client.kind, place, day.toordinal() // 7)
        if key not in self._choices:
            taste, kept = TASTES[client.kind], [g for g in self.company.goods if place in g.places]
            weights = (
                g.weight * taste[g.group] * seasons.season_factor(g.season, day) for g in kept
            )
            self._choices[key] = kept, list(accumulate(weights))
        goods, weights_so_far = self._choices[key]
        count = min(14, 1 + int(self.dice.expovariate(1 / (MEAN_LINES - 0.5))))
        chosen = self.dice.choices(goods, cum_weights=weights_so_far, k=count)
        return list({good.id: good for good in chosen}.values())

    def _line(self, client: Client, good: Good, day: date) -> PastLine:
        wanted = good.lot * SIZES[client.kind] * self.dice.lognormvariate(0, 0.6)
        pack, units = fitting_pack(good, max(1, round(wanted)))
        price = good.price * client.discount * (Decimal("0.95") if pack else 1)
        return line_of(good, units, max(price, good.cost), pack)

    def _reserve(self, order: PastDocument, day: date) -> None:
        opened = OpenOrder(order, day.toordinal() + self.dice.choice((0, 1, 1, 2)))
        for at, line in enumerate(order.lines):
            shelf, units = self.shelves[line.item_id, order.warehouse_id], int(line.quantity)
            held = max(0, min(units, shelf.available))
            shelf.reserved += held
            shelf.waiting += units - held
            line.reserved = Decimal(held)
            opened.left[at], opened.held[at] = units, held
        self.open.append(opened)

    def _deliveries(self, day: date) -> Iterator[Event]:
        if seasons.is_closed(day):
            return
        for opened in self.open:
            if opened.ready > day.toordinal():
                continue
            parts = self._leaving(opened)
            complete = parts == opened.left
            waited = day.toordinal() - opened.tried >= 6
            if parts and (complete or waited):
                opened.tried = day.toordinal()
                yield Event("post", self._delivery(opened, parts, day))
        self.open = [opened for opened in self.open if opened.left]

    def _leaving(self, opened: OpenOrder) -> dict[int, int]:
        """What could leave now, by line: what is held for it and what is free."""
        parts, order = {}, opened.document
        for at, left in opened.left.items():
            shelf = self.shelves[order.lines[at].item_id, order.warehouse_id]
            units = opened.held[at] + max(0, min(left - opened.held[at], shelf.available))
            if units:
                parts[at] = units
        return parts

    def _delivery(self, opened: OpenOrder, parts: dict[int, int], day: date) -> PastDocument:
        order, lines = opened.document, []
        for at, units in parts.items():
            source = order.lines[at]
            shelf, held = self.shelves[source.item_id, order.warehouse_id], opened.held[at]
            line = part_of(source, self._by_id[source.item_id], units)
            line.unreserved = Decimal(min(units, held))
            shelf.on_hand -= units
            shelf.reserved -= min(units, held)
            shelf.waiting -= units - min(units, held)
            opened.held[at] -= min(units, held)
            opened.left[at] -= units
            lines.append(line)
        opened.left = {at: left for at, left in opened.left.items() if left}
        delivery = self.paper(
            "sales_delivery", day, order.warehouse_id, self.staff.storekeeper, lines
        )
        delivery.partner_id, delivery.credit_days = order.partner_id, order.credit_days
        self._maybe_return(delivery, day)
        return delivery

    def _maybe_return(self, delivery: PastDocument, day: date) -> None:
        if self.dice.random() > 0.04:
            return
        line = self.dice.choice(delivery.lines)
        units = max(1, int(int(line.quantity) * self.dice.uniform(0.1, 0.6)))
        back = day + timedelta(days=self.dice.randrange(2, 15))
        while seasons.is_closed(back):
            back += timedelta(days=1)
        self.coming_back[back].append((delivery, line, units))

    def _returns(self, day: date) -> Iterator[Event]:
        for delivery, line, units in self.coming_back.pop(day, ()):
            back = part_of(line, self._by_id[line.item_id], units)
            self.shelves[line.item_id, delivery.warehouse_id].on_hand += units
            keeper = self.staff.storekeeper
            document = self.paper("sales_return", day, delivery.warehouse_id, keeper, [back])
            document.partner_id, document.credit_days = delivery.partner_id, delivery.credit_days
            document.reason = self.dice.choice(RETURN_REASONS)
            yield Event("post", document)

    def _loose_ends(self) -> Iterator[Event]:
        """What lies on the desks today: drafts, and orders that wait for approval."""
        for verb, count in (("submit", 7), ("draft", 5)):
            for _ in range(count):
                yield Event(verb, self._order(self.last))
        yield from self.buyers.loose_ends(self.last)

    @cached_property
    def _client_weights(self) -> list[float]:
        return list(accumulate(client.weight for client in self.company.clients))

    @cached_property
    def _by_id(self) -> dict[int, Good]:
        return {good.id: good for good in self.company.goods}


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
