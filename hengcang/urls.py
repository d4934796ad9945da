"""Addresses inside one book. The path before them, /b/<code>/, is taken off by BookMiddleware."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = []
if find_spec("hengcang.api") and find_spec("hengcang.api.urls"):
    urlpatterns.append(path("api/v1/", include("hengcang.api.urls")))
    urlpatterns.append(path("api/", include("hengcang.api.elsewhere")))
if find_spec("hengcang.web.urls"):
    urlpatterns.append(path("", include("hengcang.web.urls")))
