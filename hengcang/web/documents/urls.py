"""Addresses of document pages."""

from django.urls import URLPattern, path, register_converter

from hengcang.web.documents import answers, by_warehouse, impacts, lists, picks, views
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
    path("pick-list", picks.picks, name="pick-list"),
    path("peek/stock", answers.peek_stock, name="peek-stock"),
    path("peek/prices/<kind:kind>", answers.peek_prices, name="peek-prices"),
    path("side/<kind:kind>", answers.side, name="document-side"),
    path("<kind:kind>/", lists.documents, name="document-list"),
    path("<kind:kind>/new", views.new, name="document-new"),
    path("<kind:kind>/<int:document_id>", views.document, name="document"),
    path(
        "<kind:kind>/<int:document_id>/impact/<slug:verb>",
        impacts.impact,
        name="document-impact",
    ),
]
