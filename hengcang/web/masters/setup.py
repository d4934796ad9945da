"""First setup of a book: company, go-live, first warehouse and the owner, all or nothing."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth import authenticate, login
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from hengcang.identity import actions as identity
from hengcang.identity import queries
from hengcang.identity.actions import UserDraft
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.ledger.periods import Terms, go_live
from hengcang.pages.forms import Field, FormPage, Option, Section
from hengcang.places import actions as places
from hengcang.places.drafts import WarehouseDraft
from hengcang.web import clock
from hengcang.web.masters.forms import filled, with_errors
from hengcang.web.masters.reading import Reader
from hengcang.web.requests import Request, refusal_page

OWNER_ROLES = ("OWNER", "SYSTEM_ADMIN")
TAXPAYERS = (
    Option("general", "一般纳税人", "进项税可以抵扣，库存按不含税价计成本"),
    Option("small", "小规模纳税人", "进项税不能抵扣，库存按含税价计成本"),
)
SCOPES = (
    Option("company", "全公司一个成本", "同一商品在哪个仓库成本都一样，调拨不改变成本（多数企业）"),
    Option("warehouse", "每个仓库各算各的", "同一商品在不同仓库可以有不同成本，适合各店独立核算"),
)
SCOPE_NOTE = "成本范围一旦启用就不能更改：它决定每一笔出库按什么成本记账。"
COMPANY = (
    Field("company", "公司名称", required=True, span=2),
    Field("go_live", "启用日期", "date", required=True, help="这一天之前的单据不能录入"),
    Field("taxpayer", "纳税人身份", "radio", options=TAXPAYERS),
)
COST = (Field("cost_scope", "成本怎么算", "radio", options=SCOPES),)
WAREHOUSE = (
    Field("warehouse_code", "仓库编码", required=True),
    Field("warehouse_name", "仓库名称", required=True, span=2),
)
OWNER = (
    Field("username", "用户名", required=True, help="登录时用"),
    Field("owner_name", "您的姓名", required=True),
    Field("password", "密码", "password", required=True, help="至少 8 位，不能太常见"),
    Field("again", "再输一次密码", "password", required=True),
)
WAREHOUSE_FIELDS = {"code": "warehouse_code", "name": "warehouse_name"}
GO_LIVE_FIELDS = {"go_live_date": "go_live", "company_name": "company"}


@dataclass(frozen=True, slots=True)
class Wish:
    """Everything the owner decides at the first start."""

    terms: Terms
    warehouse: WarehouseDraft
    owner: UserDraft


@never_cache
@login_not_required
@require_GET
def by_link(request: Request) -> HttpResponse:
    """The link as older commands print it, with the token behind a question mark."""
    return redirect("setup", request.GET.get("token", "") or "-")


@never_cache
@login_not_required
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def wizard(request: Request, token: str) -> HttpResponse:
    """Asks once, for the holder of the token; then the book is live and its owner logged in."""
    if queries.open_setup_token(token) is None:
        return refusal_page(request, Refused("setup_token_invalid"))
    if request.method == "GET":
        return _page(request, token, _defaults(request), {})
    posted = request.POST.dict()
    reader = Reader(posted)
    wish = _wish(reader, clock.today())
    if wish is not None:
        try:
            begin(token, wish, today=clock.today())
        except Refused as refusal:
            reader.refuse(refusal)
    if wish is None or reader.errors:
        return _page(request, token, posted, reader.errors)
    user = authenticate(request, username=wish.owner.username, password=wish.owner.password)
    if user is not None:
        login(request, user)
    return redirect("home")


@transaction.atomic
def begin(token: str, wish: Wish, *, today: date) -> None:
    """The book has its roles, its owner, its terms and its first warehouse, or nothing at all.

    Raises Refused: setup_token_invalid, password_weak, date_in_future and those of a warehouse.
    """
    identity.copy_role_templates()
    identity.claim_book(token, wish.owner)
    try:
        go_live(wish.terms, today=today, actor=SYSTEM)
    except Refused as refusal:
        refusal.field = GO_LIVE_FIELDS.get(refusal.field or "", refusal.field)
        raise
    try:
        places.save_warehouse(wish.warehouse, actor=SYSTEM)
    except Refused as refusal:
        refusal.field = WAREHOUSE_FIELDS.get(refusal.field or "", refusal.field)
        raise


def _defaults(request: Request) -> dict[str, str]:
    return {
        "company": request.book.name,
        "go_live": clock.today().replace(day=1).isoformat(),
        "taxpayer": "general",
        "cost_scope": "company",
        "warehouse_code": "CK01",
        "warehouse_name": "总仓",
    }


def _wish(reader: Reader, today: date) -> Wish | None:
    """What was filled in, or None with the reader's errors."""
    go_live_date = reader.day("go_live")
    if go_live_date is None:
        reader.required("go_live", "启用日期")
    if reader.posted.get("password", "") != reader.posted.get("again", ""):
        reader.refuse(Refused("passwords_differ", "again"))
    wish = Wish(
        Terms(
            reader.required("company", "公司名称"),
            go_live_date or today,
            _one_of(reader, "taxpayer", TAXPAYERS),
            _one_of(reader, "cost_scope", SCOPES),
        ),
        WarehouseDraft(
            reader.required("warehouse_code", "仓库编码"),
            reader.required("warehouse_name", "仓库名称"),
        ),
        UserDraft(
            reader.required("username", "用户名"),
            reader.required("owner_name", "姓名"),
            OWNER_ROLES,
            password=reader.posted.get("password", ""),
        ),
    )
    return None if reader.errors else wish


def _one_of(reader: Reader, name: str, choices: tuple[Option, ...]) -> str:
    typed = reader.text(name)
    if typed not in {choice.value for choice in choices}:
        reader.refuse(Refused("field_missing", name, what="这一项"))
    return typed


def _page(
    request: Request, token: str, values: dict[str, str], errors: dict[str, str]
) -> HttpResponse:
    shown = {k: v for k, v in values.items() if k not in ("password", "again")}
    form = FormPage(
        title="第一次启用账套",
        save_url=reverse("setup", args=[token]),
        sections=[
            Section("公司", filled(COMPANY, shown, {})),
            Section("成本", filled(COST, shown, {}), note=SCOPE_NOTE),
            Section("第一个仓库", filled(WAREHOUSE, shown, {})),
            Section("您的账号", filled(OWNER, shown, {}), note="您将是老板和系统管理员。"),
        ],
        save_label="启用账套",
    )
    context = {"form": with_errors(form, errors), "today": clock.today().isoformat()}
    return render(request, "pages/setup.html", context, status=422 if errors else 200)
