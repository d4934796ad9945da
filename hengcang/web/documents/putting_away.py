"""上架: everything that lies in no bin of a warehouse, as the draft of a bin move."""

from uuid import uuid4

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hengcang.identity.access import demand
from hengcang.kernel.errors import Refused
from hengcang.pages.forms import Field, FormPage, Section
from hengcang.places import queries as places
from hengcang.stock.actions.bin_moves import put_away
from hengcang.web import clock, reading
from hengcang.web.masters import forms
from hengcang.web.masters.reading import Reader, id_of
from hengcang.web.requests import Request


@require_http_methods(["GET", "POST"])
def putaway(request: Request) -> HttpResponse:
    """Asks for the warehouse; then the draft is open, to be checked and posted."""
    demand(request.actor, "bin_move.save")
    values = {"warehouse": request.GET.get("warehouse", "")}
    if request.method == "GET":
        return forms.show(request, _page(request, values))
    posted = request.POST.dict()
    reader = Reader(posted)
    warehouse_id = id_of(reader.required("warehouse", "仓库")) or 0
    try:
        if not reader.errors:
            intent = reading.intent_of(reader.text("intent"))
            made = put_away(warehouse_id, on=clock.today(), client_uuid=intent, actor=request.actor)
            url = reverse("document", args=["bin-moves", made.pk])
            return forms.done(request, url, "已列出未上架的货，请核对移入库位后过账。")
    except Refused as refusal:
        reader.refuse(refusal)
    return forms.refused(request, _page(request, posted), reader.errors)


def _page(request: Request, values: dict[str, str]) -> FormPage:
    shelved = [w for w in places.active_warehouses(request.actor) if w.uses_bins]
    options = forms.options([(w.pk, w.name) for w in shelved], "请选择")
    fields = [Field("warehouse", "仓库", "select", required=True, options=options)]
    note = "把该仓库里还没有放进库位的货列成一张移库单草稿，移入库位按同商品已在的库位填好。"
    return FormPage(
        title="上架",
        save_url=request.path,
        sections=[Section("", forms.filled(fields, values, {}), note=note)],
        save_label="列出未上架的货",
        cancel_url=reverse("document-list", args=["bin-moves"]),
        intent=values.get("intent") or str(uuid4()),
    )
