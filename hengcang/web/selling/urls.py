"""Addresses of the pages about selling."""

from django.urls import URLPattern, path

from hengcang.web.selling import customer, sending, shipments, standing

urlpatterns: list[URLPattern] = [
    path("shipments/", shipments.shipment_list, name="shipment-list"),
    path("shipments/<int:shipment_id>", sending.shipment, name="shipment"),
    path("customers/<int:partner_id>/history", customer.customer_history, name="customer-history"),
    path("standing-orders/", standing.standing_list, name="standing-list"),
    path("standing-orders/due", standing.standing_due, name="standing-due"),
    path("standing-orders/<int:standing_id>", standing.standing_change, name="standing"),
    path("sales-orders/<int:order_id>/standing", standing.standing_new, name="order-standing"),
    path("sales-deliveries/<int:delivery_id>/send", sending.send, name="delivery-send"),
]
