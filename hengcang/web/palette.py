"""Ctrl+K: documents, items and partners for what was typed."""

from django.http import HttpResponse
from django.shortcuts import render

from hengcang.web.requests import Request


def hits(request: Request) -> HttpResponse:
    """Options of the palette."""
    return render(request, "pages/_palette.html", {"groups": [], "query": ""})
