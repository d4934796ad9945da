"""我的设置: what a person chooses for himself, the same on every device."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hengcang.kernel.errors import Refused
from hengcang.pages.forms import Field, FormPage, Section
from hengcang.places import actions
from hengcang.places.queries import warehouses
from hengcang.web.masters import forms
from hengcang.web.masters.reading import Reader, id_of
from hengcang.web.requests import Request


@require_http_methods(["GET", "POST"])
def own_settings(request: Request) -> HttpResponse:
    """The person's own choices, or the form again with what is wrong."""
    actor = request.actor
    if request.method == "GET":
        return forms.show(
            request, _page(request, {"warehouse": str(actor.usual_warehouse_id or "")})
        )
    reader = Reader(request.POST.dict())
    typed = reader.text("warehouse")
    chosen = id_of(typed)
    try:
        if typed and chosen is None:
            raise Refused("not_found", "warehouse", what="仓库")
        actions.choose_usual_warehouse(chosen, actor=actor)
    except Refused as refusal:
        reader.refuse(refusal, "warehouse")
        return forms.refused(request, _page(request, request.POST.dict()), reader.errors)
    return forms.done(request, reverse("home"), "已保存。")


def _page(request: Request, values: dict[str, str]) -> FormPage:
    places = warehouses(request.actor).filter(is_active=True, is_transit=False)
    options = forms.options([(place.pk, place.name) for place in places], "按编码第一个")
    help_text = "新单据、粘贴下单和齐套检查先填这个仓库，随时可改"
    fields = [Field("warehouse", "常用仓库", "select", options=options, help=help_text)]
    return FormPage(
        "我的设置",
        request.path,
        [Section("", forms.filled(fields, values, {}))],
        cancel_url=reverse("home"),
    )
