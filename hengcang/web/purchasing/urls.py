"""Addresses of the work pages of purchasing."""

from django.urls import URLPattern, path

from hengcang.web.purchasing import merging

urlpatterns: list[URLPattern] = [
    path("purchasing/merge", merging.merge, name="requisition-merge"),
]
