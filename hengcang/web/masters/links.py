"""Addresses and words for documents that a ledger or a card points to."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from hengcang.kernel.actor import Actor, FieldClass
from hengcang.pages.tables import Pill
from hengcang.register import queries as register
from hengcang.register.kinds import BY_CODE

PILLS: dict[str, Pill] = {
    "draft": "draft",
    "pending": "pending",
    "approved": "approved",
    "counting": "pending",
    "review": "pending",
    "posted": "approved",
    "in_transit": "pending",
    "partial": "pending",
    "closed": "done",
    "closed_forced": "done",
    "won": "done",
    "lapsed": "void",
    "reversed": "void",
    "voided": "void",
}


@dataclass(frozen=True, slots=True)
class Named:
    """A document as a ledger shows it; without an address where the actor may not open it."""

    label: str
    number: str
    url: str = ""
    partner: str = ""


def document_url(kind: str, document_id: int) -> str:
    return reverse("document", args=[BY_CODE[kind].plural, document_id])


def documents(actor: Actor, keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Named]:
    """A name for every (kind, id) asked for."""
    wanted = list(keys)
    found = register.named(actor, wanted) if wanted else {}
    named = {}
    for kind, source_id in wanted:
        row = found.get((kind, source_id))
        label = BY_CODE[kind].label if kind in BY_CODE else kind
        if row is None:
            named[kind, source_id] = Named(label, f"#{source_id}")
        else:
            partner = row.partner.name if row.partner else ""
            url = document_url(kind, source_id)
            named[kind, source_id] = Named(label, row.number or "草稿", url, partner)
    return named


def may_see_amount(actor: Actor, kind: str) -> bool:
    """The amount of a purchase is what was paid: only for those who see costs."""
    return actor.sees(FieldClass.COST) or BY_CODE[kind].role == "customer"
