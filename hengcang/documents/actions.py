"""What every document type does alike: be found and locked, carry its header, take a step."""

from typing import Any, TypeVar
from uuid import UUID, uuid5

from django.db import connection
from django.db.models import F, QuerySet

from hengcang.books.rows import ask_lines, ask_locked
from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.documents.drafts import Draft, Target
from hengcang.documents.flow import Status
from hengcang.documents.models import Document, DocumentLine, TradeDocument
from hengcang.documents.numbering import number_taken
from hengcang.documents.parties import partner_of, warehouse_of
from hengcang.documents.rules import Amounts
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.codes import refuse_long
from hengcang.kernel.errors import Refused

D = TypeVar("D", bound=Document)
L = TypeVar("L", bound=DocumentLine)


def locked(rows: QuerySet[D], target: Target) -> D:
    """The document, locked until commit, as the person saw it.

    `rows` are those the actor may see. Raises Refused: not_found, stale_version.
    """
    return _as_seen(ask_locked(rows, target.id)(), target)


def locked_and_lines(rows: QuerySet[D], target: Target, line: type[L]) -> tuple[D, list[L]]:
    """As locked, and the document's lines of that model with it, in their order."""
    document, lines = ask_locked(rows, target.id), ask_lines(line, target.id)
    found = _as_seen(document(), target)
    read = lines()
    for one in read:
        one.document = found  # type: ignore[attr-defined]
    return found, read


def _as_seen(document: D | None, target: Target) -> D:
    if document is None:
        raise Refused("not_found", what="单据")
    if document.version != target.version:
        raise Refused("stale_version", version=document.version, seen=target.version)
    return document


def step(document: Document, verb: str, *, actor: Actor, **facts: object) -> None:
    """The locked document has moved along its flow, with a new version and an audit line.

    When it leaves draft it takes its number: hence the last statement of an action.
    Raises Refused("wrong_status") and changes nothing when the flow has no such step.
    """
    before = Status(document.status)
    document.status = document.flow.target(verb, before).value
    document.version += 1
    if document.number is None and document.status != Status.VOIDED:
        number_taken(document)
    else:
        _stepped(document)
    audit.record_numbered(
        actor,
        f"{document.kind}.{verb}",
        Subject(document.kind, document.pk),
        document._meta.db_table,
        {"before": before.value, **facts},
    )


def _stepped(document: Document) -> None:
    """The stored document has its status and version."""
    # Plain SQL: every act on a document pays for this line.
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {connection.ops.quote_name(document._meta.db_table)} "
            "SET status = %s, version = %s WHERE id = %s",
            [document.status, document.version, document.pk],
        )


def void(rows: QuerySet[D], target: Target, *, actor: Actor, reason: str = "") -> D:
    """The draft will never be posted; it keeps the number it has, if any.

    Raises Refused: forbidden, not_found, stale_version, wrong_status.
    """
    document = locked(rows, target)
    demand(actor, f"{document.kind}.save", warehouse_id=document.warehouse_id)
    step(document, "void", actor=actor, **({"reason": reason} if reason else {}))
    return document


def header_columns(draft: Draft, *, actor: Actor) -> dict[str, Any]:
    """The columns of any Document.

    Raises Refused: not_found (warehouse out of scope), warehouse_inactive.
    """
    return plain_columns(draft) | {"warehouse": warehouse_of(actor, draft.warehouse_id)}


TEXTS = (("external_no", "外部单号", 60), ("reason", "原因", 200), ("note", "备注", 500))


def plain_columns(draft: Draft) -> dict[str, Any]:
    """The columns of any Document that name no other row.

    Faces measure texts; loaders and programs come here too. Raises Refused("field_invalid").
    """
    for name, what, limit in TEXTS:
        refuse_long(getattr(draft, name), name, what, limit)
    return {
        "dated": draft.dated,
        "external_no": draft.external_no,
        "reason": draft.reason,
        "note": draft.note,
    }


def birth_columns(client_uuid: UUID, *, actor: Actor) -> dict[str, Any]:
    """The columns a document gets once, when it is made."""
    return {
        "client_uuid": client_uuid,
        "created_by_id": actor.id,
        "created_by_name": actor.name,
    }


def trade_header_columns(draft: Draft, role: str, *, actor: Actor) -> dict[str, Any]:
    """The columns of any TradeDocument but its sums. `role` is "customer" or "supplier".

    Raises also Refused: field_missing, not_found (partner out of scope), partner_inactive,
    partner_wrong_role.
    """
    return header_columns(draft, actor=actor) | {
        "partner": partner_of(actor, draft.partner_id, role),
        "prices_include_tax": draft.prices_include_tax,
    }


def sum_columns(total: Amounts) -> dict[str, Any]:
    """The money columns of a TradeDocument."""
    return {
        "net_amount": total.net,
        "tax_amount": total.tax,
        "amount_incl_tax": total.gross,
    }


def rewrite(document: Document, columns: dict[str, Any], *, actor: Actor, **facts: object) -> None:
    """A locked draft carries the new columns and a new version; the log says the facts.

    Raises Refused("wrong_status") when it is no draft.
    """
    refuse_unless_draft(document)
    for name, value in columns.items():
        setattr(document, name, value)
    document.version += 1
    document.save()
    audit.record(
        actor,
        f"{document.kind}.change",
        Subject(document.kind, document.pk, ""),
        version=document.version,
        **facts,
    )


def refuse_unless_draft(document: Document) -> None:
    """Raises Refused("wrong_status") unless the document may still be rewritten."""
    if document.status != Status.DRAFT:
        raise Refused(
            "wrong_status",
            verb="save",
            verb_label="修改",
            status=document.status,
            status_label=document.get_status_display(),
        )


def recorded_birth(document: Document, *, actor: Actor, **facts: object) -> None:
    """The audit line of a new draft, with these facts."""
    subject = Subject(document.kind, document.pk, "")
    audit.record(actor, f"{document.kind}.create", subject, **facts)


def mirror_header(
    document: Document, client_uuid: UUID, reason: str, *, actor: Actor
) -> dict[str, Any]:
    """The columns of a reversal of the document; its date is set by the caller."""
    columns: dict[str, Any] = {
        "warehouse_id": document.warehouse_id,
        "external_no": document.external_no,
        "reason": reason,
        "note": document.note,
        **birth_columns(client_uuid, actor=actor),
        **{name: getattr(document, name) for name in document.mirrored},
        **{name: -getattr(document, name) for name in document.negated},
    }
    for name in ("channel_id", "salesperson_id"):
        if hasattr(document, name):
            columns[name] = getattr(document, name)
    if isinstance(document, TradeDocument):
        columns |= {
            "partner_id": document.partner_id,
            "prices_include_tax": document.prices_include_tax,
            "net_amount": -document.net_amount,
            "tax_amount": -document.tax_amount,
            "amount_incl_tax": -document.amount_incl_tax,
            "bill_discount": -document.bill_discount,
            "rounding_off": -document.rounding_off,
            "discount_carried": -document.discount_carried,
        }
    return columns


def bump(document: Document) -> None:
    """The locked document has a new version, because what depends on it has changed."""
    type(document)._default_manager.filter(pk=document.pk).update(version=F("version") + 1)
    document.version += 1


def derived_uuid(client_uuid: UUID, name: str) -> UUID:
    """A second UUID that follows from an intent, for the second document it makes."""
    return uuid5(client_uuid, name)
