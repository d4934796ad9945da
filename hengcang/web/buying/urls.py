"""Addresses of the pages about buying."""

from django.urls import URLPattern, path

from hengcang.web.buying import arrivals, progress, reminders, report, supplier, to_inspect

urlpatterns: list[URLPattern] = [
    path("to-inspect/", to_inspect.to_inspect, name="to-inspect"),
    path("arrivals/", arrivals.arrivals, name="arrivals"),
    path("arrivals/orders", arrivals.from_orders, name="arrival-orders"),
    path("arrivals/<int:notice_id>/receive", arrivals.receive, name="arrival-receive"),
    path("purchase-progress/", progress.purchase_progress, name="purchase-progress"),
    path("purchase-reminders/", reminders.reminder_list, name="purchase-reminders"),
    path(
        "purchase-reminders/<int:reminder_id>/close",
        reminders.reminder_close,
        name="purchase-reminder-close",
    ),
    path("purchase-report/", report.report, name="purchase-report"),
    path("purchase-report/file", report.report_file, name="purchase-report-file"),
    path("purchase-report/kept/", report.kept_list, name="purchase-report-list"),
    path("purchase-report/kept/<int:report_id>", report.kept_file, name="purchase-report-kept"),
    path("suppliers/<int:partner_id>/history", supplier.supplier_history, name="supplier-history"),
]
