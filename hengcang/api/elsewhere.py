"""Addresses under /api/ that do not exist: told in the one shape."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import re_path
from django.views.decorators.csrf import csrf_exempt

from hengcang.api.errors import refused
from hengcang.kernel.errors import Refused


@csrf_exempt
def unknown(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """404, whoever asks and whatever the method."""
    return refused(Refused("no_such_place"))


urlpatterns = [re_path("", unknown)]
