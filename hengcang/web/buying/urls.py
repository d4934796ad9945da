"""Addresses of the pages about buying."""

from django.urls import URLPattern, path

from hengcang.web.buying import progress, reminders, supplier

urlpatterns: list[URLPattern] = [
    path("purchase-progress/", progress.purchase_progress, name="purchase-progress"),
    path("purchase-reminders/", reminders.reminder_list, name="purchase-reminders"),
    path(
        "purchase-reminders/<int:reminder_id>/close",
        reminders.reminder_close,
        name="purchase-reminder-close",
    ),
    path("suppliers/<int:partner_id>/history", supplier.supplier_history, name="supplier-history"),
]
