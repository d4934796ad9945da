"""What list pages share: the keyset position in the address, tabs, cells."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeVar

from django.http import HttpResponse
from django.shortcuts import render

from hengcang.pages.cards import Choice
from hengcang.pages.tables import Cell, ListPage
from hengcang.web import shell
from hengcang.web.requests import Request

PAGE = 50
ZERO = Decimal(0)
T = TypeVar("T")


def cut(
    request: Request, rows: Sequence[T], position: Callable[[T], str]
) -> tuple[Sequence[T], str]:
    """The page's rows, and the address of the next page when one more row was found."""
    shown = rows[:PAGE]
    if len(rows) <= PAGE:
        return shown, ""
    return shown, with_query(request, after=position(shown[-1]))


def with_query(request: Request, **changes: str) -> str:
    """This page's address with some parameters changed; empty ones are left out."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    text = query.urlencode()
    return f"{request.path}?{text}" if text else request.path


def first_url(request: Request) -> str:
    """Back to the first page, from a later one."""
    return with_query(request, after="") if request.GET.get("after") else ""


def clear_url(request: Request, *names: str) -> str:
    """The page without its filters, when some are set."""
    if not any(request.GET.get(name) for name in names):
        return ""
    return with_query(request, **dict.fromkeys((*names, "after"), ""))


def kept(request: Request, *names: str) -> dict[str, str]:
    """Parameters that a change of the filters must not lose."""
    return {name: request.GET[name] for name in names if request.GET.get(name)}


def answer(request: Request, page: ListPage, *trail: str) -> HttpResponse:
    """The whole page, or only its rows for htmx."""
    if request.htmx:
        return render(request, "pages/_rows.html", {"page": page})
    context = shell.page(request, page.title, *trail) | {"page": page}
    return render(request, "pages/list.html", context)


def active_cell(is_active: bool) -> Cell:  # noqa: FBT001 - a column's value
    return Cell("启用", pill="done") if is_active else Cell("停用", pill="void")


def choice(option_id: int, name: str, note: str) -> Choice:
    return Choice(str(option_id), name, note)
