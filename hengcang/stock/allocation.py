"""配货: what shops ask of a warehouse, what it has, and how that would be shared."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from django.db.models import F, Q, QuerySet, Sum

from hengcang.documents.flow import Status
from hengcang.documents.rules import Ratio
from hengcang.identity.access import demand
from hengcang.kernel import search
from hengcang.kernel.actor import Actor
from hengcang.kernel.rounding import ZERO
from hengcang.ledger.elsewhere import stocked_at
from hengcang.ledger.queries import Stocked, stocked
from hengcang.stock import asking
from hengcang.stock.models import ShopRequestLine, StockTransferLine
from hengcang.stock.sharing import Ask, Share, shares, step_of

MOST = 300
OLDEST = ("document__dated", "document_id", "position")
NOTHING = Stocked(ZERO, ZERO, ZERO)


@dataclass(frozen=True, slots=True)
class DeskFilter:
    """Which open lines: those that ask a warehouse, of a shop, of items so named or a request so
    numbered; None and "" mean all.
    """

    warehouse_id: int
    shop_id: int | None = None
    words: str = ""
    limit: int = MOST


@dataclass(frozen=True, slots=True)
class Supply:
    """What a warehouse can give of an item, base units. `planned`: on drafts of transfers that are
    allocated to requests already, and not shipped.
    """

    available: Decimal
    planned: Decimal

    @property
    def free(self) -> Decimal:
        """What is not allocated yet; never below zero."""
        return max(self.available - self.planned, ZERO)


@dataclass(frozen=True, slots=True)
class DeskLine:
    """An open request line with what its shop has, what its item is asked for in all, what there
    is of it, and the share it would get. Base units.
    """

    line: ShopRequestLine
    shop: Stocked
    asked: Decimal
    supply: Supply
    share: Share

    @property
    def open(self) -> Decimal:
        return open_of(self.line)

    @property
    def is_in_units(self) -> bool:
        """Whether it is given out in whole units of the line."""
        uom = self.line.item_uom
        return step_of_line(self.line) * uom.ratio_den == uom.ratio_num


def open_of(line: ShopRequestLine) -> Decimal:
    """What no transfer holds of the line, base units."""
    return Decimal(line.quantity - line.qty_allocated)


def desk(actor: Actor, wanted: DeskFilter) -> list[DeskLine]:
    """Open lines by item, each item's oldest first, with a proposal for each; at most the limit,
    whole items where that is possible. Six queries.

    The proposal shares what is free among all open lines of the item, listed or not. Raises
    Refused: forbidden, not_found (the warehouse is out of scope).
    """
    demand(actor, "shop_request.allocate", warehouse_id=wanted.warehouse_id)
    lines = _listed(actor, wanted)
    asking_for: dict[int, list[ShopRequestLine]] = defaultdict(list)
    everyone = open_lines(actor, wanted.warehouse_id)
    for line in everyone.filter(item_id__in={line.item_id for line in lines}).order_by(*OLDEST):
        asking_for[line.item_id].append(line)
    supply = supplies(actor, wanted.warehouse_id, asking_for)
    told = {
        share.line_id: share
        for item_id, found in asking_for.items()
        for share in shares(_asks(found), supply[item_id].free)
    }
    asked = {item_id: sum(map(open_of, found), ZERO) for item_id, found in asking_for.items()}
    there = stocked_at(actor, [(ln.item_id, ln.document.warehouse_id) for ln in lines])
    return [
        DeskLine(
            line,
            there.get((line.item_id, line.document.warehouse_id), NOTHING),
            asked[line.item_id],
            supply[line.item_id],
            told[line.pk],
        )
        for line in lines
        if line.pk in told  # somebody may have allocated it since
    ]


def _asks(lines: Iterable[ShopRequestLine]) -> list[Ask]:
    return [Ask(line.pk, open_of(line), step_of_line(line)) for line in lines]


def _listed(actor: Actor, wanted: DeskFilter) -> list[ShopRequestLine]:
    rows = open_lines(actor, wanted.warehouse_id)
    if wanted.shop_id is not None:
        rows = rows.filter(document__warehouse_id=wanted.shop_id)
    for word in search.words_of(wanted.words):
        rows = rows.filter(_named(word))
    rows = rows.select_related("document__warehouse", "item__base_uom", "item_uom__uom")
    ordered = rows.order_by("item__code", *OLDEST)
    found = list(ordered[: wanted.limit + 1])
    if len(found) <= wanted.limit:
        return found
    whole = [line for line in found if line.item_id != found[-1].item_id]
    return whole or found[: wanted.limit]


def open_lines(actor: Actor, warehouse_id: int) -> QuerySet[ShopRequestLine]:
    """Lines of approved requests to the warehouse with something no transfer holds."""
    rows = asking.request_lines(actor).filter(
        document__to_warehouse_id=warehouse_id,
        document__status=Status.APPROVED,
        qty_allocated__lt=F("quantity"),
    )
    return rows.order_by()


def _named(word: str) -> Q:
    item = Q(item__search_tokens__contains=search.grams_of(word), item__search_text__contains=word)
    return item | Q(document__number__startswith=word.upper())


def step_of_line(line: ShopRequestLine) -> Decimal:
    """The smallest part of what is open that the line is given, base units."""
    uom = line.item_uom
    ratio = Ratio(uom.ratio_num, uom.ratio_den, line.item.quantity_places)
    return step_of(open_of(line), ratio)


def supplies(actor: Actor, warehouse_id: int, item_ids: Iterable[int]) -> dict[int, Supply]:
    """What the warehouse can give of each item. Two queries. Raises as ledger.queries.stocked."""
    ids = sorted(set(item_ids))
    there = stocked(actor, warehouse_id, ids)
    held = _planned(warehouse_id, ids)
    return {pk: Supply(there.get(pk, NOTHING).available, held.get(pk, ZERO)) for pk in ids}


def _planned(warehouse_id: int, item_ids: list[int]) -> dict[int, Decimal]:
    rows = StockTransferLine.objects.filter(
        document__warehouse_id=warehouse_id,
        document__status=Status.DRAFT,
        source_line__isnull=False,
        stock_status="good",
        item_id__in=item_ids,
    )
    sums = rows.order_by().values_list("item_id").annotate(sum=Sum("quantity"))
    return cast("dict[int, Decimal]", dict(sums))
