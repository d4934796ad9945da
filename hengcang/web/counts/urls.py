"""Addresses of a count; they come before those of documents in general, which list it."""

from django.urls import URLPattern, path

from hengcang.web.counts import making, planning, views

urlpatterns: list[URLPattern] = [
    path("new", making.new, name="count-new"),
    path("rules", making.rules, name="count-rules"),
    path("plans", planning.plan_list, name="count-plan-list"),
    path("plans/save", planning.save, name="count-plan-save"),
    path("plans/<int:plan_id>/due", planning.due, name="count-plan-due"),
    path("<int:count_id>", views.count, name="count"),
    path("<int:count_id>/record", views.record, name="count-record"),
    path("<int:count_id>/sheet", views.sheet, name="count-sheet"),
]
