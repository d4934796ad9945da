"""Addresses of the pages about buying."""

from django.urls import URLPattern, path

from hengcang.web.buying import progress

urlpatterns: list[URLPattern] = [
    path("purchase-progress/", progress.purchase_progress, name="purchase-progress"),
]
