"""Ctrl+K: documents, items and partners for what was typed. Functions are the shell's own."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from hengcang.catalog import queries as catalog
from hengcang.documents.flow import STATUS_LABELS, Status
from hengcang.kernel.actor import Actor
from hengcang.pages.cards import Hit
from hengcang.partners import queries as partners
from hengcang.partners.queries import Role
from hengcang.register.kinds import BY_CODE
from hengcang.register.queries import by_number
from hengcang.web.masters.links import document_url
from hengcang.web.requests import Request

SHOWN = 6
SHORTEST_NUMBER = 3  # fewer letters are 拼音, not a document number


@require_GET
def hits(request: Request) -> HttpResponse:
    """Options of the palette for ?q=, best first: an exact number or barcode is the first one."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    groups = _groups(request.actor, query) if query else []
    return render(request, "pages/_palette.html", {"groups": groups, "query": query})


def _groups(actor: Actor, query: str) -> list[tuple[str, list[Hit]]]:
    found = [
        ("单据", _documents(actor, query)),
        ("商品", _items(actor, query)),
        ("客户", _partners(actor, query, Role.CUSTOMER)),
        ("供应商", _partners(actor, query, Role.SUPPLIER)),
    ]
    return [(label, hits) for label, hits in found if hits]


def _documents(actor: Actor, query: str) -> list[Hit]:
    if len(query) < SHORTEST_NUMBER:
        return []
    return [
        Hit(
            row.number or row.external_no,
            document_url(row.kind, row.document_id),
            " · ".join(
                text
                for text in (
                    BY_CODE[row.kind].label,
                    row.partner.name if row.partner else row.warehouse.name,
                    STATUS_LABELS[Status(row.status)],
                )
            ),
        )
        for row in by_number(actor, query, limit=SHOWN)
    ]


def _items(actor: Actor, query: str) -> list[Hit]:
    if not actor.may("item.view"):
        return []
    return [
        Hit(
            f"{hit.item.name} {hit.item.spec}".strip(),
            reverse("item", args=[hit.item.pk]),
            hit.item.code,
        )
        for hit in catalog.suggest_items(actor, query, limit=SHOWN)
    ]


def _partners(actor: Actor, query: str, role: Role) -> list[Hit]:
    if not actor.may("partner.view"):
        return []
    return [
        Hit(partner.name, reverse(f"{role}-card", args=[partner.pk]), partner.code)
        for partner in partners.suggest_partners(actor, query, role, limit=SHOWN)
    ]
