"""What stands around the lines: buttons, the strip beside the head, the chain, the timeline."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse

from hengcang.compliance.queries import timeline
from hengcang.documents.flow import ON_THE_WAY, STATUS_LABELS, Status
from hengcang.kernel.actor import Actor
from hengcang.pages.editor import Event, Fact, Link, Verb
from hengcang.purchasing.awaiting import awaits_inspection
from hengcang.register import queries as register
from hengcang.register.kinds import BY_CODE, KINDS, Kind, open_verbs
from hengcang.sales.picking import OPEN as PICKED
from hengcang.sales.queries import last_order_date
from hengcang.sales.shipping import standing_of as standing_of_deliveries
from hengcang.settlement.queries import sees_payable, standing_of
from hengcang.stock.asking import has_open
from hengcang.web import clock
from hengcang.web.documents import announced, by_warehouse
from hengcang.web.masters import words

PRIMARY = ("approve", "post", "ship", "submit")
DANGER = frozenset({"void", "reverse", "close", "lapse"})
ICONS = {
    "approve": "circle-check",
    "post": "circle-check",
    "ship": "truck",
    "submit": "send",
    "reverse": "undo-2",
}
REASONS = {
    "lapse": "失效后不能再下单，单据保留可查；再报价请复制为新报价单。",
    "close": "未执行的部分不再执行，占用或在途会释放。",
    "reverse": "会生成一张红字单据冲回库存和金额，原单保留可查。",
    "send_back": "写明要改什么，制单人会看到。",
    "void": "作废后不能再修改或审核，单据保留可查。",
}
FOLLOW_LABELS = {
    "sales_delivery": "出库",
    "sales_return": "退货",
    "sales_exchange": "换货",
    "supplier_quote": "登记报价",
    "arrival_notice": "到货通知",
    "purchase_receipt": "入库",
    "purchase_return": "退货",
    "quality_inspection": "质检",
    "sales_order": "下单",
    "stock_transfer": "调拨",
    "transfer_receipt": "调入",
}
FOLLOWED_FROM = frozenset(
    {Status.APPROVED.value, Status.POSTED.value, *(status.value for status in ON_THE_WAY)}
)
BORN_OF_OTHERS = frozenset({"purchase_order", "purchase_requisition"})
COMPARED = frozenset({Status.APPROVED.value, Status.CLOSED.value})
"""Kinds without a source kind whose drafts may come from other documents all the same."""
NEVER_COPIED = frozenset({"transfer_receipt"})
"""Kinds whose every line takes from a source: the same goods do not arrive twice."""
AUDIT_WORDS = {
    "allocate": "配货，生成调拨单",
    "order": "生成采购订单",
    "create": "新建",
    "print": "打印",
    "attach": "上传附件",
    "detach": "移除附件",
    "change": "修改",
    "complete": "全部执行完成",
    "reopen": "重新打开",
    "shipped": "发货",
    "signed": "签收",
    "withdrawn": "撤销发货",
    "unsigned": "撤销签收",
}


def verbs(actor: Actor, kind: Kind, document: Any | None) -> list[Verb]:
    """The buttons the flow and the permissions allow, dangerous ones first, the main one last."""
    status = document.status if document else Status.DRAFT.value
    is_reversal = bool(getattr(document, "reversal_of_id", None))
    allowed = open_verbs(actor, kind, status, is_reversal=is_reversal)
    names = [verb.name for verb in allowed if document or verb.name != "void"]
    main = next((name for name in PRIMARY if name in names), "")
    ordered = sorted(names, key=lambda name: (name == main, name not in DANGER))
    labels = {verb.name: verb.label for verb in allowed}
    return [_verb(name, labels[name], kind, document, main) for name in ordered]


def _verb(name: str, label: str, kind: Kind, document: Any | None, main: str) -> Verb:
    impact = ""
    if name == "reverse" and document:
        impact = reverse("document-impact", args=[kind.plural, document.pk, name])
    return Verb(
        name,
        label,
        icon=ICONS.get(name, ""),
        primary=name == main,
        danger=name in DANGER,
        reason=REASONS.get(name, ""),
        impact_url=impact,
    )


def links(actor: Actor, kind: Kind, document: Any | None, lines: Sequence[Any]) -> list[Link]:
    """Buttons that open another page: what follows this document, and a copy of it."""
    if document is None or getattr(document, "reversal_of_id", None):
        return []
    found = [
        Link(
            FOLLOW_LABELS[follower.code],
            "",
            f"{_new(follower)}?from={document.pk}",
            primary=follower.code != "arrival_notice"
            and document.status in (Status.APPROVED, *ON_THE_WAY),
        )
        for follower in KINDS
        if follower.source == kind.code
        and document.status in FOLLOWED_FROM
        and _is_wanted(actor, follower, document)
        and actor.may(f"{follower.code}.save")
    ]
    if kind.code == "shop_request" and found:
        query = f"?warehouse={document.to_warehouse_id}&q={document.number}"
        found.insert(0, Link("配货", "", reverse("allocation") + query))
    found += announced.links(actor, document)
    found += _work_pages(actor, kind, document, lines)
    if actor.may(f"{kind.code}.save") and kind.code not in NEVER_COPIED:
        found.append(Link("复制", "", f"{_new(kind)}?copy={document.pk}"))
    return found


def _work_pages(actor: Actor, kind: Kind, document: Any, lines: Sequence[Any]) -> list[Link]:
    """Pages of work on the document that are no document."""
    found = []
    if PICKED.get(kind.code) == document.status:
        found.append(
            Link("拣货单", "", f"{reverse('pick-list')}?kind={kind.plural}&id={document.pk}")
        )
    if kind.code == "rfq" and document.status in COMPARED and actor.may("supplier_quote.view"):
        found.append(Link("比价", "", reverse("rfq-compare", args=[document.pk])))
    if kind.code == "sales_delivery" and document.status == Status.POSTED:
        found.append(Link("物流签收", "", f"{reverse('shipment-list')}?delivery={document.pk}"))
    if kind.code == "sales_order" and document.number and actor.may("sales_order.save"):
        found.append(Link("再来一单", "", f"{_new(kind)}?again={document.pk}"))
        found.append(Link("设为定期", "", reverse("order-standing", args=[document.pk])))
    if (split := by_warehouse.link(actor, document, lines)) is not None:
        found.append(split)
    return found


def _is_wanted(actor: Actor, follower: Kind, document: Any) -> bool:
    """Whether there is anything left of the document for such a follower, and it is the actor's."""
    if follower.code == "quality_inspection":
        return _awaits_inspection(actor, document)
    if follower.code == "stock_transfer":
        supplies = actor.may("shop_request.allocate") and actor.reaches(document.to_warehouse_id)
        return supplies and has_open(document)
    return True


def _awaits_inspection(actor: Actor, receipt: Any) -> bool:
    may = actor.may("quality_inspection.save") and actor.may("quality_inspection.view")
    return may and awaits_inspection(actor, receipt.pk)


def _new(kind: Kind) -> str:
    return reverse("document-new", args=[kind.plural])


def side(actor: Actor, kind: Kind, partner_id: int | None, *, new: bool) -> list[Fact]:
    """How the partner stands, for those who may see money; a new order also when the last was."""
    facts: list[Fact] = []
    if partner_id is None or not kind.role:
        return facts
    if actor.may("money.view"):
        facts += _money(actor, kind, partner_id)
    if new and kind.code == "sales_order" and (last := last_order_date(actor, partner_id)):
        facts.append(Fact("上次下单", last.isoformat()))
    return facts


def _money(actor: Actor, kind: Kind, partner_id: int) -> Iterator[Fact]:
    standing = standing_of(actor, partner_id)
    if kind.role == "supplier":
        if sees_payable(actor):
            yield Fact("应付余额", words.money(standing.payable))
        return
    if (left := standing.credit_left) is not None:
        yield Fact("剩余信用", words.money(left), "down" if left < 0 else "")
    yield Fact("应收余额", words.money(standing.receivable))


def chain(actor: Actor, kind: Kind, document: Any) -> list[Link]:
    """The documents this one came from and what came of it, itself among them, in order of time."""
    if document.status == Status.DRAFT and not (kind.source or kind.code in BORN_OF_OTHERS):
        return []
    linked = register.chain(actor, kind, document)
    if not linked:
        return []
    here = Link(kind.label, str(document), "", STATUS_LABELS[Status(document.status)], here=True)
    sent = [ln.document.document_id for ln in linked if ln.document.kind == "sales_delivery"]
    standing = standing_of_deliveries(actor, sent)
    placed = [
        (link.document.dated, link.document.document_id, _linked(link, standing)) for link in linked
    ]
    placed.append((document.dated, document.pk, here))
    order = {"source": 0, "original": 0, "": 1, "follower": 2, "reversal": 2}
    relations = [order[link.relation] for link in linked] + [1]
    ranked = sorted(zip(relations, placed, strict=True), key=lambda each: (each[0], *each[1][:2]))
    return [link for _, (_, _, link) in ranked]


def _linked(link: register.Link, sent: dict[int, str]) -> Link:
    """One document of the chain; a delivery also says whether the customer has it."""
    row = link.document
    kind = BY_CODE[row.kind]
    label = kind.label + {"reversal": "（红冲）", "original": "（被红冲）"}.get(link.relation, "")
    url = reverse("document", args=[kind.plural, row.document_id])
    status = STATUS_LABELS[Status(row.status)]
    if row.kind == "sales_delivery" and row.document_id in sent:
        status = f"{status}，{sent[row.document_id]}"
    return Link(label, row.number or "草稿", url, status)


def events(actor: Actor, kind: Kind, document_id: int) -> list[Event]:
    """Who did what when, in words, oldest first."""
    return [
        Event(clock.clock_time(line.at), line.actor_name, _deed(kind, line.verb, line.facts))
        for line in timeline(actor, kind.code, document_id)
    ]


def _deed(kind: Kind, verb: str, facts: dict[str, Any]) -> str:
    name = verb.rpartition(".")[2]
    if verb == "ledger.post":
        moved = facts.get("recosted_entries")
        return f"记账 {facts.get('lines', 0)} 行" + (f"，重算 {moved} 笔成本" if moved else "")
    step = kind.flow.steps.get(name)
    deed = AUDIT_WORDS.get(name) or (step.label if step else name)
    return f"{deed}（{facts['reason']}）" if facts.get("reason") else deed
