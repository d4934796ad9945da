"""List pages of documents."""

from django.http import HttpResponse
from django.shortcuts import render

from hengcang.pages.tables import ListPage
from hengcang.register.kinds import Kind
from hengcang.web import shell
from hengcang.web.requests import Request


def documents(request: Request, kind: Kind, document_id: int = 0) -> HttpResponse:
    page = ListPage(kind.plural, kind.label, request.path, [], [])
    return render(request, "pages/list.html", shell.page(request, kind.label) | {"page": page})
