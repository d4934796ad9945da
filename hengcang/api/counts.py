"""Stock counts: planned, counted by many, reviewed, posted."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.utils.timezone import localdate
from ninja import Query, Router, Status

from hengcang.api.access import ApiRequest
from hengcang.api.audit_lines import AuditLineTold
from hengcang.api.count_shapes import (
    CountAsked,
    CountTold,
    ExplainAsked,
    LinePage,
    LinesAsked,
    PieceDifferenceTold,
    RecountAsked,
    RulesAsked,
    RulesTold,
    SheetAsked,
    TalliesAsked,
    told,
)
from hengcang.api.documents.asked import DocumentAsked, UndoAsked, VerbAsked
from hengcang.api.errors import answers
from hengcang.api.intents import EXTRA, key_for, key_in, once
from hengcang.api.paging import Page, cut, key_of
from hengcang.catalog import queries as catalog
from hengcang.compliance import queries as compliance
from hengcang.documents.actions import derived_uuid
from hengcang.documents.drafts import Target
from hengcang.documents.reversal import Undo
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.register import lists
from hengcang.register.counting import post_stock_count
from hengcang.register.kinds import BY_CODE
from hengcang.register.lists import DocumentFilter
from hengcang.stock import queries, variance
from hengcang.stock.actions import count_rules, counts, tallies
from hengcang.stock.actions.count_posting import reverse_stock_count
from hengcang.stock.count_drafts import CountDraft, CountEntry, Explanation, Recount
from hengcang.stock.piece_variance import piece_variance

router = Router(tags=["盘点单"])
KIND = BY_CODE["stock_count"]
ONE = "/{int:count_id}"
IN_QUERY: Any = Query(...)  # type: ignore[type-arg]


@router.get("", response=answers(200, Page[CountTold]), summary="盘点单：列表")
def stock_counts(request: ApiRequest, asked: DocumentAsked = IN_QUERY) -> object:
    after: Any = key_of(asked.next, localdate().__class__, int)
    wanted = DocumentFilter(
        status=asked.status or "",
        warehouse_id=asked.warehouse_id,
        dated_from=asked.dated_from,
        dated_to=asked.dated_to,
        words=asked.words,
        after=after,
        limit=asked.limit + 1,
    )
    rows = lists.listed(request.auth, KIND, wanted)
    page = cut(rows, asked.limit, lambda row: (row.dated, row.pk))
    return page | {"rows": [told(request.auth, row, None) for row in page["rows"]]}


@router.post("", response=answers(201, CountTold), summary="盘点单：新建", openapi_extra=EXTRA)
def create_stock_count(request: ApiRequest, body: CountAsked) -> object:
    actor, key = request.auth, key_for(request, body.client_uuid)
    fields = {name: getattr(body, name) for name in ("dated", "warehouse_id", "category_id")}
    draft = CountDraft(
        client_uuid=derived_uuid(key, "count"),
        scope=body.scope,
        item_ids=tuple(body.item_ids),
        zone=body.zone,
        note=body.note,
        **fields,
    )

    def act() -> Any:
        made = counts.save_stock_count(draft, actor=actor)
        if body.then == "start" and made.status == "draft":
            made = counts.start_stock_count(Target(made.pk, made.version), actor=actor)
        return made

    def again(made: int) -> Any:
        return queries.stock_count(actor, made)

    made = once(key, "stock_count.create", (body.then, draft), act, again)
    return Status(201, _whole(actor, made.pk))


@router.get("/rules", response=answers(200, RulesTold), summary="盘点差异规则")
def stock_count_rules(request: ApiRequest) -> object:
    return count_rules.rules_to_keep(actor=request.auth)


@router.put("/rules", response=answers(200, RulesTold), summary="设置盘点差异规则")
def save_stock_count_rules(request: ApiRequest, body: RulesAsked) -> object:
    return count_rules.save_count_rules(
        body.cause_above_quantity, body.cause_above_value, actor=request.auth
    )


@router.get(ONE, response=answers(200, CountTold), summary="盘点单：查看")
def stock_count(request: ApiRequest, count_id: int) -> object:
    return _whole(request.auth, count_id)


@router.get(f"{ONE}/lines", response=answers(200, LinePage), summary="盘点单：明细与差异")
def stock_count_lines(request: ApiRequest, count_id: int, asked: LinesAsked = IN_QUERY) -> object:
    actor = request.auth
    count = queries.stock_count(actor, count_id)
    lines = variance.variance_lines(actor, count)
    if asked.order == "value":
        lines = variance.by_value(lines)
    (start,) = key_of(asked.next, int) or (0,)
    start = max(0, start)
    shown = lines[start : start + asked.limit + 1]
    return cut(shown, asked.limit, lambda _: (start + asked.limit,))


@router.get(
    f"{ONE}/serial-differences",
    response=answers(200, list[PieceDifferenceTold]),
    summary="盘点单：序列号差异",
)
def stock_count_pieces(request: ApiRequest, count_id: int) -> object:
    return piece_variance(request.auth, queries.stock_count(request.auth, count_id))


@router.get(
    f"{ONE}/timeline", response=answers(200, list[AuditLineTold]), summary="盘点单：操作记录"
)
def stock_count_timeline(request: ApiRequest, count_id: int) -> object:
    queries.stock_count(request.auth, count_id)
    return compliance.timeline(request.auth, KIND.code, count_id)


@router.post(
    f"{ONE}/tallies", response=answers(200, CountTold), summary="录入实盘数", openapi_extra=EXTRA
)
def record_counts(request: ApiRequest, count_id: int, body: TalliesAsked) -> object:
    actor, key = request.auth, key_for(request, body.client_uuid)
    entries = _entries(actor, body)
    tallies.record_counts(count_id, entries, body.mode, key, actor=actor)
    return _whole(actor, count_id)


def _entries(actor: Actor, body: TalliesAsked) -> tuple[CountEntry, ...]:
    """Raises RefusedLines with field_missing, barcode_unknown."""
    codes = {entry.barcode for entry in body.entries if entry.barcode}
    hits = catalog.items_by_barcode(actor, codes) if codes else {}
    entries, refusals = [], []
    for number, asked in enumerate(body.entries, start=1):
        item_id, uom_id = asked.item_id, asked.item_uom_id
        if item_id is None and asked.barcode in hits:
            hit = hits[asked.barcode]
            item_id, uom_id = hit.item.pk, uom_id or hit.uom.pk
        if item_id is None:
            code = "barcode_unknown" if asked.barcode else "field_missing"
            facts = {"barcode": asked.barcode, "what": "商品"}
            refusals.append(Refused(code, f"lines.{number}.item", **facts))
            continue
        one = CountEntry(item_id, asked.quantity, uom_id, asked.zone, asked.note, asked.which)
        entries.append(replace(one, serials=tuple(asked.serials)))
    if refusals:
        raise RefusedLines(refusals)
    return tuple(entries)


@router.post(
    f"{ONE}/sheet", response=answers(200, CountTold), summary="导入整张盘点表", openapi_extra=EXTRA
)
def record_sheet(request: ApiRequest, count_id: int, body: SheetAsked) -> object:
    key = key_for(request, body.client_uuid)
    tallies.record_sheet(count_id, body.text, key, actor=request.auth)
    return _whole(request.auth, count_id)


@router.put(f"{ONE}/explanations", response=answers(200, CountTold), summary="填写差异原因")
def explain_stock_count(request: ApiRequest, count_id: int, body: ExplainAsked) -> object:
    said = [Explanation(**dict(line)) for line in body.lines]
    counts.explain_stock_count(Target(count_id, body.version), said, actor=request.auth)
    return _whole(request.auth, count_id)


@router.post(
    f"{ONE}/recount", response=answers(200, CountTold), summary="复盘所选商品", openapi_extra=EXTRA
)
def recount_stock_count(request: ApiRequest, count_id: int, body: RecountAsked) -> object:
    actor, target = request.auth, Target(count_id, body.version)
    wanted = Recount(tuple(body.item_ids), tuple(body.lines))
    return _step(
        request,
        "recount",
        (target, wanted, body.reason),
        lambda: counts.recount_stock_count(target, wanted, actor=actor, reason=body.reason),
    )


@router.post(
    f"{ONE}/reverse", response=answers(201, CountTold), summary="红冲", openapi_extra=EXTRA
)
def reverse_count(request: ApiRequest, count_id: int, body: UndoAsked) -> object:
    undo = Undo(key_for(request, body.client_uuid), body.reason, localdate())
    twin = reverse_stock_count(Target(count_id, body.version), undo, actor=request.auth)
    return Status(201, _whole(request.auth, twin.pk))


def _verb(verb: str, act: Callable[..., Any]) -> None:
    """POST …/<verb> with the version seen."""

    def step(request: ApiRequest, count_id: int, body: VerbAsked) -> object:
        actor, target = request.auth, Target(count_id, body.version)
        more = {"reason": body.reason} if verb == "void" else {}
        return _step(request, verb, (target, body.reason), lambda: act(target, actor=actor, **more))

    router.add_api_operation(
        f"{ONE}/{verb}",
        ["POST"],
        step,
        response=answers(200, CountTold),
        operation_id=f"stock_count_{verb}",
        summary=f"盘点单：{KIND.flow.steps[verb].label}",
        openapi_extra=EXTRA,
    )


for _name, _act in (
    ("start", counts.start_stock_count),
    ("submit", counts.submit_stock_count),
    ("post", post_stock_count),
    ("void", counts.void_stock_count),
):
    _verb(_name, _act)


def _step(request: ApiRequest, verb: str, body: object, act: Callable[[], Any]) -> object:
    actor = request.auth
    done = once(
        key_in(request),
        f"stock_count.{verb}",
        body,
        act,
        lambda made: queries.stock_count(actor, made),
    )
    return _whole(actor, done.pk)


def _whole(actor: Actor, count_id: int) -> dict[str, Any]:
    """The count and how it stands."""
    count = queries.stock_count(actor, count_id)
    lines = variance.variance_lines(actor, count)
    return told(actor, count, variance.summed(actor, count, lines))
