"""Addresses of the pages about buying."""

from django.urls import URLPattern, path

from hengcang.web.buying import progress, supplier

urlpatterns: list[URLPattern] = [
    path("purchase-progress/", progress.purchase_progress, name="purchase-progress"),
    path("suppliers/<int:partner_id>/history", supplier.supplier_history, name="supplier-history"),
]
