"""The demo company's last weeks beside buying and selling, done by the same actions as the pages.

Quotations, requisitions, goods sent back, transfers and counts; prices agreed and listed.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from random import Random
from typing import Any

from hengcang.catalog.queries import items_of_lines
from hengcang.cli.demo.desk import intent, target_of
from hengcang.documents.drafts import Draft, LineDraft
from hengcang.documents.flow import Status
from hengcang.documents.reversal import Undo
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.ledger.queries import StockFilter, StockRow, on_hand
from hengcang.partners.queries import PartnerFilter, Role, partners
from hengcang.pricing import actions as pricing
from hengcang.pricing.drafts import AgreedDraft, ListLineDraft, PriceListDraft
from hengcang.purchasing import queries as purchases
from hengcang.purchasing.actions import requisitions, returns
from hengcang.purchasing.actions.merging import Merge, MergeLine, merge_requisitions
from hengcang.register.counting import post_stock_count
from hengcang.sales.actions import orders, quotes
from hengcang.sales.actions.channels import ChannelDraft, save_channel
from hengcang.stock.actions import counts, tallies, transfer_receipts, transfers
from hengcang.stock.count_drafts import CountDraft, CountEntry, CountScope, Explanation, Mode

CHANNELS = (("MD", "门店"), ("DH", "电话"), ("WX", "微信"), ("DS", "电商"))
QUOTES, REQUISITIONS, TRANSFERS, COUNTS, SENT_BACK = 24, 12, 18, 4, 5


@dataclass(frozen=True, slots=True)
class Errands:
    """Who does them, on which shelves; `places` with the main warehouse first."""

    today: date
    dice: Random
    staff: dict[str, Actor]
    places: tuple[int, ...]

    def day(self, back: int) -> date:
        """Some day of the last `back` days, in the month of today: earlier ones are counted."""
        first = self.today.replace(day=1)
        return max(first, self.today - timedelta(days=self.dice.randrange(back)))

    def shelf(self, place: int, most: int = 60) -> list[StockRow]:
        """Goods of which there are plenty, in a random order."""
        rows = on_hand(SYSTEM, StockFilter(warehouse_id=place, limit=400))
        plenty = [row for row in rows if row.available >= 40]
        self.dice.shuffle(plenty)
        return plenty[:most]

    def paper(self, name: str, place: int, lines: tuple[LineDraft, ...], **more: Any) -> Draft:
        """Something to put on paper today; `name` is its intent."""
        return Draft(intent(name), self.today, place, lines, **more)

    def undo(self, name: str, reason: str) -> Undo:
        """Why what was posted today is taken back today; `name` is its intent."""
        return Undo(intent(name), reason, self.today)


def run(errands: Errands) -> None:
    """All of them are done, in the order a company would."""
    _channels_and_prices(errands)
    _quotes(errands)
    _requisitions(errands)
    _send_back(errands)
    _transfers(errands)
    _counts(errands)


def few_of(rows: list[StockRow], errands: Errands) -> tuple[LineDraft, ...]:
    """A few of each, at the usual prices."""
    return tuple(LineDraft(row.item_id, Decimal(errands.dice.randrange(2, 13))) for row in rows)


def _channels_and_prices(errands: Errands) -> None:
    shelf = errands.shelf(errands.places[0], 40)
    for code, name in CHANNELS:
        save_channel(ChannelDraft(code, name), actor=errands.staff["laoban"])
    goods = items_of_lines({row.item_id for row in shelf})
    prices = {
        pk: (one.item.sale_price * Decimal("0.95")).quantize(Decimal("0.01"))
        for pk, one in goods.items()
        if one.item.sale_price is not None
    }
    first = errands.today.replace(day=1)
    lines = tuple(ListLineDraft(pk, price) for pk, price in prices.items())
    pricing.save_list(PriceListDraft("冬季批发价", first, lines), actor=errands.staff["laoban"])
    for partner in some_partners(Role.CUSTOMER, 3):
        agreed = [AgreedDraft(pk, price, first) for pk, price in islice(prices.items(), 5)]
        pricing.agree_prices(partner.pk, partner.version, agreed, actor=errands.staff["laoban"])


def some_partners(role: Role, most: int) -> list[Any]:
    """The first of them."""
    return partners(SYSTEM, PartnerFilter(role=role, limit=most))


def _quotes(errands: Errands) -> None:
    """A third is still a draft, a third waits for an answer, a third was ordered."""
    lead, buyers = errands.staff["xiaoshou"], some_partners(Role.CUSTOMER, QUOTES)
    for at, buyer in enumerate(buyers):
        day = errands.day(14)
        draft = Draft(
            client_uuid=intent(f"quote:{at}"),
            dated=day,
            warehouse_id=errands.places[0],
            lines=few_of(errands.shelf(errands.places[0], 3 + at % 4), errands),
            partner_id=buyer.pk,
            valid_until=errands.today + timedelta(days=15),
            note="开学季报价" if at % 5 == 0 else "",
        )
        quote = quotes.save_quote(draft, actor=lead)
        if at % 3:
            quotes.step_quote(target_of(quote), "approve", actor=lead)
        if at % 3 == 2:
            uuid = intent(f"quoted:{at}")
            orders.order_quote(quote.pk, {}, on=errands.today, client_uuid=uuid, actor=lead)


def _requisitions(errands: Errands) -> None:
    """Most are approved; those of the first half are merged into orders, one per supplier."""
    asker, lead = errands.staff["cangguan"], errands.staff["caigou"]
    vendors = [vendor.pk for vendor in some_partners(Role.SUPPLIER, 4)]
    approved = []
    for at in range(REQUISITIONS):
        draft = Draft(
            client_uuid=intent(f"requisition:{at}"),
            dated=errands.day(10),
            warehouse_id=errands.places[at % len(errands.places)],
            lines=few_of(errands.shelf(errands.places[0], 2 + at % 3), errands),
            due_date=errands.today + timedelta(days=7 + at),
            reason="安全库存不足" if at % 2 else "客户预订",
        )
        made = requisitions.save_requisition(draft, actor=asker)
        if at % 4:
            requisitions.step_requisition(target_of(made), "approve", actor=lead)
            approved.append(made)
    wanted = tuple(
        MergeLine(line.pk, vendors[at % len(vendors)], line.quantity_in_unit)
        for at, made in enumerate(approved[: len(approved) // 2])
        for line in made.lines.all()
    )
    merge_requisitions(Merge(intent("merge"), errands.today, wanted), actor=lead)


def _send_back(errands: Errands) -> None:
    """One unit of a line of the newest receipts that still has it on the shelf."""
    buyer, done = errands.staff["laoban"], 0
    rows = purchases.receipts(SYSTEM).filter(status=Status.POSTED, reversal_of=None)
    for receipt in rows.order_by("-dated", "-id")[:40]:
        there = {
            row.item_id
            for row in on_hand(SYSTEM, StockFilter(warehouse_id=receipt.warehouse_id, limit=3000))
            if row.available >= 10
        }
        line = next((one for one in receipt.lines.all() if one.item_id in there), None)
        if line is None or line.quantity < 1:
            continue
        uuid = intent(f"sent back:{receipt.pk}")
        wanted = {line.pk: Decimal(1)}
        returns.return_receipt(receipt.pk, wanted, on=errands.today, client_uuid=uuid, actor=buyer)
        done += 1
        if done == SENT_BACK:
            return


def _transfers(errands: Errands) -> None:
    """From the main warehouse to the others: most arrived, some in part, some are on their way."""
    keeper = errands.staff["cangguan"]
    for at in range(TRANSFERS):
        draft = Draft(
            client_uuid=intent(f"transfer:{at}"),
            dated=errands.today,
            warehouse_id=errands.places[0],
            to_warehouse_id=errands.places[1 + at % (len(errands.places) - 1)],
            lines=few_of(errands.shelf(errands.places[0], 2 + at % 5), errands),
            note="前置仓补货",
        )
        transfer = transfers.save_transfer(draft, actor=keeper)
        if at % 6 == 0:
            continue
        transfers.ship_transfer(target_of(transfer), actor=keeper)
        if at % 3 == 2:
            continue
        first = transfer.lines.all()[0]
        arrived = {first.pk: first.quantity} if at % 3 == 0 else {}
        transfer_receipts.receive_transfer(
            transfer.pk,
            arrived,
            on=errands.today,
            client_uuid=intent(f"arrived:{at}"),
            actor=keeper,
        )


def _counts(errands: Errands) -> None:
    """Two were posted, one is reviewed, one is being counted."""
    keeper, chief = errands.staff["cangguan"], errands.staff["laoban"]
    for at in range(COUNTS):
        shelf = errands.shelf(errands.places[at % len(errands.places)], 12)
        count = counts.save_stock_count(
            CountDraft(
                intent(f"count:{at}"),
                errands.today,
                shelf[0].warehouse_id,
                CountScope.ITEMS,
                item_ids=tuple(row.item_id for row in shelf),
                note="月度抽盘",
            ),
            actor=keeper,
        )
        count = counts.start_stock_count(target_of(count), actor=keeper)
        entries = [CountEntry(row.item_id, row.on_hand - (n == 3)) for n, row in enumerate(shelf)]
        uuid = intent(f"counted:{at}")
        count = tallies.record_counts(count.pk, entries, Mode.SET, uuid, actor=keeper)
        if at == COUNTS - 1:
            continue
        count = counts.submit_stock_count(target_of(count), actor=keeper)
        if at == COUNTS - 2:
            continue
        why = [Explanation(shelf[3].item_id, "破损未报", keeper.name)]
        count = counts.explain_stock_count(target_of(count), why, actor=chief)
        post_stock_count(target_of(count), actor=chief)
