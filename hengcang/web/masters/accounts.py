"""Login, logout, the own password. Too many wrong passwords lock the name and the address."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

from axes.helpers import get_cool_off
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import get_script_prefix, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from hengcang.identity import actions
from hengcang.kernel.errors import Refused
from hengcang.kernel.refusals import HTTP_STATUS, sentence
from hengcang.pages.forms import Field, FormPage, Section
from hengcang.web import clock
from hengcang.web.masters import forms
from hengcang.web.masters.reading import Reader
from hengcang.web.requests import Request

DEMO_BOOK = "demo"
DEMO_HINT = "演示账套：用户名 laoban（老板）或 cangguan（仓管员），密码 hengcang-demo"
LONGEST_NAME = 60  # longer than any name there is
NAME_LENGTH = 40  # of a user name
OPEN_TO_NEWCOMERS = frozenset({"password", "logout"})


@never_cache
@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def log_in(request: Request) -> HttpResponse:
    """A session of the right user, under a fresh key; else one sentence that names no culprit."""
    if request.user.is_authenticated:
        return redirect(_safe_next(request))
    if request.method == "GET":
        return _login_page(request, None)
    username = request.POST.get("username", "").strip()[:LONGEST_NAME]
    password = request.POST.get("password", "")
    user = None
    if _could_be_a_name(username) and "\x00" not in password:
        user = authenticate(request, username=username, password=password)
    if user is None:
        return _login_page(request, Refused("login_failed"))
    login(request, user)  # makes the session anew: a planted key is worth nothing
    return redirect(_safe_next(request))


def _could_be_a_name(username: str) -> bool:
    """Nobody has any other; the counts of wrong passwords could not even keep it."""
    return username.isprintable() and len(username) <= NAME_LENGTH


def locked_out(request: HttpRequest, *_: Any) -> HttpResponse:
    """429 with the minutes to wait; named by AXES_LOCKOUT_CALLABLE."""
    wait = get_cool_off(request) or timedelta()
    minutes = max(1, -(-int(wait.total_seconds()) // 60))
    response = _login_page(cast(Request, request), Refused("locked_out", minutes=minutes))
    response["Retry-After"] = str(minutes * 60)
    return response


def _login_page(request: Request, refusal: Refused | None) -> HttpResponse:
    context = {
        "book_name": request.book.name,
        "username": request.POST.get("username", ""),
        "error": sentence(refusal) if refusal else "",
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "demo": DEMO_HINT if request.book.code == DEMO_BOOK else "",
        "today": clock.today().isoformat(),
    }
    status = HTTP_STATUS[refusal.code] if refusal else 200
    return render(request, "pages/login.html", context, status=status)


def _safe_next(request: Request) -> str:
    """Where the stranger wanted to go, if that is a page of this book."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    inside = wanted.startswith(get_script_prefix())
    if inside and url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return reverse("home")


@require_POST
@login_not_required
def log_out(request: Request) -> HttpResponse:
    """The session is over, and its row is gone."""
    logout(request)
    return redirect("login")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def own_password(request: Request) -> HttpResponse:
    """The user's password is new; other sessions of the user end."""
    if request.method == "GET":
        return forms.show(request, _password_form(request))
    user = request.user
    assert not isinstance(user, AnonymousUser)
    reader = Reader(request.POST.dict())
    _check(request, reader)
    if not reader.errors:
        try:
            actions.change_own_password(user, request.POST["password"], actor=request.actor)
        except Refused as refusal:
            reader.refuse(refusal)
    if reader.errors:
        return forms.refused(request, _password_form(request), reader.errors)
    update_session_auth_hash(request, user)  # this session lives on, all others end
    return forms.done(request, reverse("home"), "密码已修改。")


def _check(request: Request, reader: Reader) -> None:
    old, new, again = (request.POST.get(name, "") for name in ("old_password", "password", "again"))
    if not request.user.check_password(old):
        reader.refuse(Refused("password_wrong", "old_password"))
    if new != again:
        reader.refuse(Refused("passwords_differ", "again"))


def _password_form(request: Request) -> FormPage:
    forced = getattr(request.user, "must_change_password", False)
    note = "这是管理员为您设置的密码，请先换成只有您知道的密码。" if forced else ""
    fields = [
        Field("old_password", "当前密码", "password", required=True),
        Field("password", "新密码", "password", required=True, help="至少 8 位，不能太常见"),
        Field("again", "再输一次新密码", "password", required=True),
    ]
    cancel = "" if forced else reverse("home")
    return FormPage("修改密码", request.path, [Section("", fields, note)], cancel_url=cancel)


class PasswordFirst:
    """Whoever still has the administrator's password changes it before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        user = getattr(request, "user", None)
        if not getattr(user, "must_change_password", False) or not hasattr(request, "actor"):
            return None
        match = request.resolver_match
        if match is not None and match.url_name in OPEN_TO_NEWCOMERS:
            return None
        messages.warning(request, "请先修改密码。")
        return redirect("password")
