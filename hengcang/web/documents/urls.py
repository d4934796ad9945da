"""Addresses of document pages."""

from django.urls import URLPattern, path, register_converter

from hengcang.web.documents import (
    all_kinds,
    answers,
    attaching,
    by_warehouse,
    impacts,
    imports,
    lists,
    picks,
    prints,
    putting_away,
    views,
)
from hengcang.web.documents.converters import KindConverter

register_converter(KindConverter, "kind")

urlpatterns: list[URLPattern] = [
    path("suggest/partners", answers.suggest_partners, name="suggest-partners"),
    path("suggest/items/<kind:kind>", answers.suggest_items, name="suggest-items"),
    path("resolve/<kind:kind>", answers.resolve_items, name="resolve-items"),
    path("scan/<kind:kind>", answers.scan, name="scan-item"),
    path(
        "sales-orders/<int:order_id>/by-warehouse",
        by_warehouse.by_warehouse,
        name="order-by-warehouse",
    ),
    path("documents/", all_kinds.all_documents, name="all-documents"),
    path("pick-list", picks.picks, name="pick-list"),
    path("put-away", putting_away.putaway, name="put-away"),
    path("peek/stock", answers.peek_stock, name="peek-stock"),
    path("peek/prices/<kind:kind>", answers.peek_prices, name="peek-prices"),
    path("side/<kind:kind>", answers.side, name="document-side"),
    path("<kind:kind>/", lists.documents, name="document-list"),
    path("<kind:kind>/new", views.new, name="document-new"),
    path("<kind:kind>/import", imports.import_documents, name="document-import"),
    path("<kind:kind>/import/template", imports.import_template, name="import-template"),
    path("<kind:kind>/<int:document_id>", views.document, name="document"),
    path(
        "<kind:kind>/<int:document_id>/attachments",
        attaching.document_files,
        name="document-files",
    ),
    path(
        "<kind:kind>/<int:document_id>/attachments/<uuid:attachment_id>",
        attaching.attachment,
        name="attachment",
    ),
    path(
        "<kind:kind>/<int:document_id>/attachments/<uuid:attachment_id>/remove",
        attaching.attachment_remove,
        name="attachment-remove",
    ),
    path(
        "<kind:kind>/<int:document_id>/print",
        prints.document_print,
        name="document-print",
    ),
    path(
        "<kind:kind>/<int:document_id>/impact/<slug:verb>",
        impacts.impact,
        name="document-impact",
    ),
]
