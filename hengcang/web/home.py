"""工作台."""

from django.http import HttpResponse
from django.shortcuts import render

from hengcang.pages.cards import Home
from hengcang.web import clock, shell
from hengcang.web.requests import Request


def home(request: Request) -> HttpResponse:
    """What waits for this person, and the figures of the day."""
    view = Home(f"{clock.greeting()}，{request.actor.name}", "")
    return render(request, "pages/home.html", shell.page(request, "工作台") | {"home": view})
