"""Addresses of 粘贴下单 and of what customers call our items."""

from django.urls import URLPattern, path

from hengcang.web.pasting import orders, wordings

urlpatterns: list[URLPattern] = [
    path("paste-order", orders.paste_order, name="paste-order"),
    path(
        "customers/<int:partner_id>/wordings",
        wordings.customer_wordings,
        name="customer-wordings",
    ),
]
