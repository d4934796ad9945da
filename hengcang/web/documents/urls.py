"""Addresses of document pages."""

from django.urls import URLPattern, path, register_converter

from hengcang.web.documents import lists
from hengcang.web.documents.converters import KindConverter

register_converter(KindConverter, "kind")

urlpatterns: list[URLPattern] = [
    path("<kind:kind>/", lists.documents, name="document-list"),
    path("<kind:kind>/new", lists.documents, name="document-new"),
    path("<kind:kind>/<int:document_id>", lists.documents, name="document"),
]
