"""What people do with requests for quotation: one function per verb."""

from collections.abc import Collection
from datetime import date

from hengcang.books.inserting import insert_rows
from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.documents.actions import header_columns
from hengcang.documents.attempts import action
from hengcang.documents.drafts import Draft, Target
from hengcang.documents.flow import Status
from hengcang.documents.lines import built_lines, line_columns
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.outbox.models import OutboxMessage
from hengcang.partners.models import Partner
from hengcang.purchasing import inquiries, papers
from hengcang.purchasing.inquiry_models import Rfq, RfqLine, RfqSupplier, SupplierQuoteLine
from hengcang.purchasing.papers import FilledIn, Paper

MOST_SUPPLIERS = 50


@action
def save_rfq(draft: Draft, *, actor: Actor) -> Rfq:
    """A draft request exists; the same intent again returns it. It needs no price.

    Raises Refused: forbidden, intent_reused, and those of headers and lines.
    """
    made: Rfq = papers.saved(RFQ, draft, actor)
    return made


@action
def change_rfq(target: Target, draft: Draft, *, actor: Actor) -> Rfq:
    """The draft request is as filled in. Raises the codes of save_rfq, not_found, stale_version,
    wrong_status.
    """
    made: Rfq = papers.changed(RFQ, target, draft, actor)
    return made


@action
def step_rfq(target: Target, verb: str, *, actor: Actor, reason: str = "") -> Rfq:
    """One verb of INQUIRY_FLOW was done; approving tells the suppliers who are written down.

    Raises Refused: forbidden, not_found, stale_version, wrong_status, rfq_answered (take back,
    once a quote names it).
    """
    found: Rfq = papers.pressed(RFQ, target, verb, actor)
    if verb == "take_back" and _is_answered(found):
        raise Refused("rfq_answered", number=found.number or "")
    papers.stepped(found, verb, reason, actor)
    if verb == "approve":
        _tell(found, found.suppliers.values_list("partner_id", flat=True))
    return found


@action
def ask_suppliers(
    rfq_id: int, partner_ids: Collection[int], *, on: date, actor: Actor
) -> list[RfqSupplier]:
    """The suppliers are asked too; those who were asked before are not asked twice.

    Locks the request. Raises Refused: forbidden, not_found (request or supplier),
    source_not_open, too_many_suppliers.
    """
    found = inquiries.rfq(actor, rfq_id)
    demand(actor, "rfq.save", warehouse_id=found.warehouse_id)
    found = Rfq.objects.select_for_update(no_key=True).get(id=found.pk)
    if found.status not in (Status.DRAFT, Status.PENDING, Status.APPROVED):
        label = found.get_status_display()
        raise Refused("source_not_open", number=found.number or "", status_label=label)
    known = set(found.suppliers.values_list("partner_id", flat=True))
    fresh = sorted(set(partner_ids) - known)
    if len(known) + len(fresh) > MOST_SUPPLIERS:
        raise Refused("too_many_suppliers", "partner", limit=MOST_SUPPLIERS)
    _refuse_strangers(fresh, actor)
    made = insert_rows(
        [RfqSupplier(rfq=found, partner_id=partner_id, asked_on=on) for partner_id in fresh]
    )
    if fresh:
        subject = Subject(found.kind, found.pk, found.number or "")
        audit.record(actor, "rfq.ask", subject, suppliers=fresh)
    if found.status == Status.APPROVED:
        _tell(found, fresh)
    return made


def _refuse_strangers(partner_ids: list[int], actor: Actor) -> None:
    rows = Partner.objects.visible_to(actor).filter(id__in=partner_ids, is_active=True)
    if rows.filter(supplier__isnull=False).count() < len(partner_ids):
        raise Refused("not_found", "partner", what="供应商")


def _tell(found: Rfq, partner_ids: Collection[int]) -> None:
    """A message to each supplier stands in the outbox, once."""
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                key=f"rfq-{found.pk}-{partner_id}",
                topic="rfq",
                payload={"rfq_id": found.pk, "partner_id": partner_id},
            )
            for partner_id in partner_ids
        ],
        ignore_conflicts=True,
    )


def _is_answered(found: Rfq) -> bool:
    named = SupplierQuoteLine.objects.filter(source_line__document=found)
    return named.exclude(document__status=Status.VOIDED).exists()


def _filled_in(draft: Draft, actor: Actor) -> FilledIn:
    header = header_columns(draft, actor=actor) | {"due_date": draft.due_date}
    lines = built_lines(draft, None)

    def write(document: Rfq) -> None:
        insert_rows([RfqLine(document=document, **line_columns(line)) for line in lines])

    return FilledIn(header, write)


RFQ = Paper(Rfq, inquiries.rfqs, _filled_in)
