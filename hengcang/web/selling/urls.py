"""Addresses of the pages about selling."""

from django.urls import URLPattern, path

from hengcang.web.selling import sending, shipments

urlpatterns: list[URLPattern] = [
    path("shipments/", shipments.shipment_list, name="shipment-list"),
    path("shipments/<int:shipment_id>", sending.shipment, name="shipment"),
    path("sales-deliveries/<int:delivery_id>/send", sending.send, name="delivery-send"),
]
