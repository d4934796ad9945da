"""Addresses of the pages inside a book."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from hengcang.web.home import home
from hengcang.web.palette import hits

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("palette", hits, name="palette"),
]
if find_spec("hengcang.web.masters") and find_spec("hengcang.web.masters.urls"):
    urlpatterns.append(path("", include("hengcang.web.masters.urls")))
urlpatterns.append(path("", include("hengcang.web.purchasing.urls")))
urlpatterns.append(path("stock-counts/", include("hengcang.web.counts.urls")))
urlpatterns.append(path("", include("hengcang.web.buying.urls")))
urlpatterns.append(path("", include("hengcang.web.assembling.urls")))
urlpatterns.append(path("", include("hengcang.web.allocating.urls")))
urlpatterns.append(path("", include("hengcang.web.selling.urls")))
urlpatterns.append(path("", include("hengcang.web.pasting.urls")))
urlpatterns.append(path("", include("hengcang.web.documents.urls")))
