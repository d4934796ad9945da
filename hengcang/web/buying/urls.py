"""Addresses of the pages about buying."""

from django.urls import URLPattern, path

from hengcang.web.buying import progress, supplier, to_inspect

urlpatterns: list[URLPattern] = [
    path("to-inspect/", to_inspect.to_inspect, name="to-inspect"),
    path("purchase-progress/", progress.purchase_progress, name="purchase-progress"),
    path("suppliers/<int:partner_id>/history", supplier.supplier_history, name="supplier-history"),
]
