"""物流签收: what is on its way to customers, and how long already."""

from dataclasses import replace
from datetime import date

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.pages.forms import Field, Option
from hengcang.pages.tables import Cell, Column, ListPage, Pill, Row
from hengcang.partners import queries as partners
from hengcang.sales import queries as sales
from hengcang.sales import shipping
from hengcang.sales.shipment_models import Shipment, ShipmentEvent, ShipmentState
from hengcang.sales.shipping import ShipmentFilter
from hengcang.web import clock
from hengcang.web.masters import lists
from hengcang.web.masters.reading import day_of, id_of, text_of
from hengcang.web.requests import Request

FILTERS = ("partner", "state", "tracking_no", "delivery")
PILLS: dict[ShipmentState, Pill] = {
    ShipmentState.SHIPPED: "pending",
    ShipmentState.SIGNED: "done",
    ShipmentState.WITHDRAWN: "void",
}
COLUMNS = (
    Column("number", "出库单"),
    Column("partner", "客户"),
    Column("carrier", "承运"),
    Column("tracking_no", "物流单号"),
    Column("shipped_on", "发货日期"),
    Column("days", "在途", numeric=True),
    Column("state", "状态"),
    Column("signed_by", "签收人"),
    Column("signed_on", "签收日期"),
    Column("differences", "差异或原因"),
)


@require_GET
def shipment_list(request: Request) -> HttpResponse:
    """Shipments that nobody has signed for, the oldest first; others when they are asked for."""
    actor, today = request.actor, clock.today()
    wanted = _wanted(request)
    rows, next_url = lists.cut(
        request,
        shipping.listed(actor, wanted),
        lambda row: f"{row.shipped_on.isoformat()}.{row.pk}",
    )
    page = ListPage(
        key="shipments",
        title="物流签收",
        url=reverse("shipment-list"),
        columns=COLUMNS,
        rows=[_row(row, today) for row in rows],
        filters=_filters(request, actor),
        next_url=next_url,
        first_url=lists.first_url(request),
        clear_url=lists.clear_url(request, *FILTERS),
        kept=lists.kept(request, "delivery"),
        empty="没有符合条件的发货记录。",
    )
    return lists.answer(request, _of_delivery(actor, page, wanted.delivery_id))


def _of_delivery(actor: Actor, page: ListPage, delivery_id: int | None) -> ListPage:
    """The page; of one delivery it names it, and has the way to send it."""
    if delivery_id is None:
        return page
    delivery = sales.delivery(actor, delivery_id)
    url = reverse("delivery-send", args=[delivery_id]) if actor.may("shipment.save") else ""
    subtitle = f"{delivery} {delivery.partner.name}"
    return replace(page, subtitle=subtitle, new_url=url, new_label="登记发货")


def _wanted(request: Request) -> ShipmentFilter:
    get = request.GET
    delivery_id = id_of(get.get("delivery", ""))
    usual = "" if delivery_id else ShipmentState.SHIPPED.value
    state = get.get("state", usual)
    return ShipmentFilter(
        state=state if state in ShipmentState.values else "",
        delivery_id=delivery_id,
        partner_id=id_of(get.get("partner", "")),
        tracking_no=text_of(get, "tracking_no").strip(),
        after=_after(get.get("after", "")),
        limit=lists.PAGE + 1,
    )


def _after(text: str) -> tuple[date, int] | None:
    day, _, found = text.partition(".")
    try:
        shipment_id = id_of(found)
        return (day_of(day), shipment_id) if shipment_id else None
    except Refused:
        return None


def _filters(request: Request, actor: Actor) -> list[Field]:
    get = request.GET
    partner_id = id_of(get.get("partner", ""))
    states = [Option("all", "全部状态"), *(Option(s.value, str(s.label)) for s in ShipmentState)]
    usual = "all" if get.get("delivery") else ShipmentState.SHIPPED.value
    return [
        Field(
            "partner",
            "客户",
            "pick",
            value=str(partner_id or ""),
            shown=_name(actor, partner_id),
            url=f"{reverse('partner-options')}?role=customer",
            placeholder="编码、名称或拼音首字母",
        ),
        Field("state", "状态", "select", get.get("state", usual), options=states),
        Field("tracking_no", "物流单号", "search", value=text_of(get, "tracking_no")),
    ]


def _name(actor: Actor, partner_id: int | None) -> str:
    try:
        return partners.partner(actor, partner_id).name if partner_id else ""
    except Refused:
        return ""


def _row(shipment: Shipment, today: date) -> Row:
    delivery, days = shipment.delivery, shipping.days_under_way(shipment, today)
    last = _last(shipment)
    signed = shipment.state == ShipmentState.SIGNED
    return Row(
        [
            Cell(str(delivery), url=reverse("document", args=["sales-deliveries", delivery.pk])),
            Cell(delivery.partner.name),
            Cell(shipment.carrier),
            Cell(shipment.tracking_no),
            Cell(shipment.shipped_on.isoformat()),
            Cell("" if days is None else f"{days} 天"),
            Cell(shipment.get_state_display(), pill=PILLS[ShipmentState(shipment.state)]),
            Cell(last.signed_by if signed else ""),
            Cell(last.dated.isoformat() if signed else ""),
            Cell(last.text, tone="out" if signed and last.text else ""),
        ],
        url=reverse("shipment", args=[shipment.pk]),
        muted=shipment.state == ShipmentState.WITHDRAWN,
    )


def _last(shipment: Shipment) -> ShipmentEvent:
    return list(shipment.events.all())[-1]
