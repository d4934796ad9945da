"""The page before a book is entered. It tells nobody which books exist."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from hengcang.books import queries
from hengcang.books.middleware import BOOK_PATH


def choose(request: HttpRequest) -> HttpResponse:
    """Enter a book by its code; where there is only one, go there."""
    code = request.GET.get("code", "").strip().lower()
    if BOOK_PATH.match(f"/b/{code}/"):
        return HttpResponseRedirect(f"/b/{code}/")
    if code:
        return render(request, "books/choose.html", {"wrong": True}, status=422)
    only = list(queries.books().filter(state="active").values_list("code", flat=True)[:2])
    if len(only) == 1:
        return HttpResponseRedirect(f"/b/{only[0]}/")
    return render(request, "books/choose.html", {"none": not only})


def healthy(request: HttpRequest) -> HttpResponse:
    """The directory answers."""
    queries.books().exists()
    return HttpResponse("ok\n", content_type="text/plain")
