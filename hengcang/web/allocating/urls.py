"""Addresses of the pages about shops' requests."""

from django.urls import URLPattern, path

from hengcang.web.allocating import allocation, progress

urlpatterns: list[URLPattern] = [
    path("stock/allocation", allocation.allocation, name="allocation"),
    path("stock/request-progress", progress.request_progress, name="request-progress"),
]
