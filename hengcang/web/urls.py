"""Addresses of the pages inside a book."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from hengcang.web import home, palette

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("palette", palette.hits, name="palette"),
]
if find_spec("hengcang.web.masters") and find_spec("hengcang.web.masters.urls"):
    urlpatterns.append(path("", include("hengcang.web.masters.urls")))
urlpatterns.append(path("", include("hengcang.web.documents.urls")))
