"""Addresses of the pages about parts lists."""

from django.urls import URLPattern, path

from hengcang.web.assembling import kits, parts_lists

urlpatterns: list[URLPattern] = [
    path("parts-lists/", parts_lists.parts_list_list, name="parts-list-list"),
    path("parts-lists/new", parts_lists.parts_list_new, name="parts-list-new"),
    path(
        "parts-lists/<int:parts_list_id>", parts_lists.parts_list_change, name="parts-list-change"
    ),
    path("kit/", kits.kit, name="kit"),
]
