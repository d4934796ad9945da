"""What people do with stock counts as a whole: make, start, submit, count again, explain."""

from collections.abc import Sequence

from django.db import connection

from hengcang.books.inserting import insert_row, insert_rows
from hengcang.catalog.models import Item, ItemCategory
from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.documents.actions import (
    birth_columns,
    bump,
    header_columns,
    locked,
    recorded_birth,
    step,
    void,
)
from hengcang.documents.attempts import action
from hengcang.documents.drafts import Draft, Target
from hengcang.documents.flow import STATUS_LABELS, Status
from hengcang.documents.intents import claim, settle
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.ledger import counting
from hengcang.ledger.counting import Expected
from hengcang.stock import queries
from hengcang.stock.actions.count_pieces import forget_replaced
from hengcang.stock.count_drafts import CountDraft, CountScope, Explanation, Recount
from hengcang.stock.differences import found
from hengcang.stock.models import StockCount, StockCountLine

OPEN = [Status.COUNTING.value, Status.REVIEW.value]


@action
def save_stock_count(draft: CountDraft, *, actor: Actor) -> StockCount:
    """A count is planned; nothing is on it before it starts. The same intent again returns it.

    Raises Refused: forbidden, intent_reused, not_found, warehouse_inactive, field_missing.
    """
    demand(actor, "stock_count.save", warehouse_id=draft.warehouse_id)
    if (made := claim(draft.client_uuid, "stock_count.save", draft)) is not None:
        return queries.stock_count(actor, made)
    header = Draft(draft.client_uuid, draft.dated, draft.warehouse_id, (), note=draft.note)
    count = insert_row(
        StockCount(
            **header_columns(header, actor=actor),
            **_scope_columns(draft),
            **birth_columns(draft.client_uuid, actor=actor),
        )
    )
    if draft.scope == CountScope.ITEMS:
        wanted = _chosen(draft)
        insert_lines(count, counting.expected(count.warehouse_id, item_ids=wanted))
    settle(draft.client_uuid, count.kind, count.pk)
    recorded_birth(count, actor=actor)
    return count


def _chosen(draft: CountDraft) -> set[int]:
    """Raises Refused: field_missing, item_unknown."""
    chosen = set(draft.item_ids)
    if not chosen:
        raise Refused("field_missing", "items", what="要盘点的商品")
    if Item.objects.filter(id__in=chosen).count() < len(chosen):
        raise Refused("item_unknown", "items")
    return chosen


def _scope_columns(draft: CountDraft) -> dict[str, object]:
    """Raises Refused: field_missing, not_found."""
    if draft.scope == CountScope.CATEGORY:
        if draft.category_id is None:
            raise Refused("field_missing", "category", what="商品类别")
        if not ItemCategory.objects.filter(id=draft.category_id).exists():
            raise Refused("not_found", "category", what="商品类别")
    if draft.scope == CountScope.ZONE and not draft.zone.strip():
        raise Refused("field_missing", "zone", what="区域")
    category = draft.category_id if draft.scope == CountScope.CATEGORY else None
    return {
        "scope": draft.scope.value,
        "category_id": category,
        "zone": draft.zone.strip(),
    }


@action
def start_stock_count(target: Target, *, actor: Actor) -> StockCount:
    """People may count: a line stands for every stock key that holds goods, with its book quantity.

    A zone's count starts empty and holds what is found in it. Locks the warehouse against another
    start. Raises Refused: forbidden, not_found, stale_version, wrong_status, counted_elsewhere,
    nothing_to_count.
    """
    count = _taken(target, "start", actor)
    if count.scope != CountScope.ZONE:
        path = count.category.path if count.category else ""
        chosen = None
        if count.scope == CountScope.ITEMS:
            chosen = set(count.lines.values_list("item_id", flat=True))
            count.lines.all().delete()  # and made again with what the books say now
        add_lines(count, counting.expected(count.warehouse_id, category_path=path, item_ids=chosen))
        if not count.lines.exists():
            raise Refused("nothing_to_count")
    step(count, "start", actor=actor)
    return count


def add_lines(count: StockCount, expected: Sequence[Expected]) -> None:
    """The stock keys are on the count, in this order, after those it has.

    An item is on one open count of a warehouse at a time: two would correct the same difference.
    Locks the warehouse. Raises Refused("counted_elsewhere").
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM places_warehouse WHERE id = %s FOR NO KEY UPDATE", [count.warehouse_id]
        )
    others = StockCountLine.objects.filter(
        document__warehouse_id=count.warehouse_id,
        document__status__in=OPEN,
        item_id__in={e.key.item_id for e in expected},
    ).exclude(document=count)
    other = others.select_related("document", "item").order_by("id").first()
    if other is not None:
        raise Refused(
            "counted_elsewhere", item_name=other.item.name, number=other.document.number or ""
        )
    insert_lines(count, expected)


def insert_lines(count: StockCount, expected: Sequence[Expected]) -> None:
    """The stock keys stand on the count, after those it has."""
    last = count.lines.order_by("-position").values_list("position", flat=True).first() or 0
    insert_rows(
        [
            StockCountLine(
                document=count,
                position=position,
                item_id=e.key.item_id,
                item_uom_id=e.base_uom_id,
                bin_id=e.key.bin_id,
                batch_id=e.key.batch_id,
                stock_status=e.key.status.value,
                quantity_in_unit=0,
                quantity=0,
                expected=e.quantity,
            )
            for position, e in enumerate(expected, start=last + 1)
        ]
    )


@action
def submit_stock_count(target: Target, *, actor: Actor) -> StockCount:
    """Counting is over and somebody reviews the differences; what nobody counted stays as it is.

    Raises Refused: forbidden, not_found, stale_version, wrong_status, nothing_counted,
    counted_below_zero.
    """
    count = _taken(target, "submit", actor)
    counted = found(count)
    if not counted:
        raise Refused("nothing_counted")
    below = [f.key.item_id for f in counted.values() if f.counted < 0]
    if below:
        name = Item.objects.values_list("name", flat=True).get(id=below[0])
        raise Refused("counted_below_zero", item_name=name)
    step(count, "submit", actor=actor, counted=len(counted))
    return count


@action
def recount_stock_count(
    target: Target, wanted: Recount, *, actor: Actor, reason: str = ""
) -> StockCount:
    """The lines are to be counted again: what was counted of them no longer holds.

    Raises Refused: forbidden, not_found, stale_version, wrong_status, item_not_in_count.
    """
    count = _taken(target, "recount", actor)
    items, positions = set(wanted.item_ids), set(wanted.lines)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE stock_stockcountline SET round = round + 1, moved_from = '' "
            "WHERE document_id = %s AND (item_id = ANY(%s) OR position = ANY(%s))"
            " RETURNING item_id, position",
            [count.pk, sorted(items), sorted(positions)],
        )
        changed = cursor.fetchall()
    unknown = items - {item for item, _ in changed} or positions - {nth for _, nth in changed}
    if not changed or unknown:
        raise Refused("item_not_in_count")
    forget_replaced(count)
    step(count, "recount", actor=actor, lines=len(changed), reason=reason)
    return count


@action
def explain_stock_count(target: Target, said: Sequence[Explanation], *, actor: Actor) -> StockCount:
    """The lines carry their cause, who answers, and what the reviewer knows; a new version.

    While counting or in review. Raises Refused: forbidden, not_found, stale_version, wrong_status,
    item_not_in_count.
    """
    count: StockCount = locked(queries.stock_counts(actor), target)
    demand(actor, "stock_count.save", warehouse_id=count.warehouse_id)
    _refuse_unless_open(count, "填写差异原因")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE stock_stockcountline l SET cause = k.cause, responsible = k.responsible,"
            " unit_cost = k.unit_cost, moved_from = k.moved_from FROM unnest(%s::bigint[],"
            " %s::int[], %s::text[], %s::text[], %s::numeric[], %s::text[])"
            " k(item, line, cause, responsible, unit_cost, moved_from)"
            " WHERE l.document_id = %s AND l.item_id = k.item"
            " AND coalesce(k.line, l.position) = l.position RETURNING l.item_id, l.position",
            [
                [e.item_id for e in said],
                [e.line for e in said],
                [e.cause.strip() for e in said],
                [e.responsible.strip() for e in said],
                [e.unit_cost for e in said],
                [e.moved_from.value for e in said],
                count.pk,
            ],
        )
        changed = set(cursor.fetchall())
    known = changed | {(item, None) for item, _ in changed}
    if any((e.item_id, e.line) not in known for e in said):
        raise Refused("item_not_in_count")
    bump(count)
    audit.record(actor, "stock_count.explain", _subject(count), lines=len(changed))
    return count


@action
def void_stock_count(target: Target, *, actor: Actor, reason: str = "") -> StockCount:
    """The count will never be posted; its items may be counted elsewhere.

    Raises the codes of documents.void.
    """
    return void(queries.stock_counts(actor), target, actor=actor, reason=reason)


def _taken(target: Target, verb: str, actor: Actor) -> StockCount:
    """The count, locked, with the right to the verb and in a status that allows it."""
    count: StockCount = locked(queries.stock_counts(actor), target)
    permission = StockCount.flow.steps[verb].permission
    demand(actor, f"stock_count.{permission}", warehouse_id=count.warehouse_id)
    StockCount.flow.target(verb, count.status)
    return count


def _refuse_unless_open(count: StockCount, what: str) -> None:
    if count.status not in OPEN:
        raise Refused(
            "wrong_status",
            verb_label=what,
            status=count.status,
            status_label=STATUS_LABELS[Status(count.status)],
        )


def _subject(count: StockCount) -> Subject:
    return Subject(count.kind, count.pk, count.number or "")
