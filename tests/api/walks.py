"""A book in which every address has something to show, and every operation of the schema."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from hengcang.api.urls import api
from hengcang.register.verify import verify_books
from tests.api.clients import Api
from tests.worlds import World

QUERIES = {
    "/allocation-lines": "?warehouse_id={warehouses}",
    "/kits": "?item_id={kits}&warehouse_id={warehouses}",
    "/purchase-report": "?first=2026-11-01&last=2026-11-30",
    "/items/suggestions": "?words=商品",
    "/items/by-barcode": "?barcode=S001",
    "/partners/suggestions": "?words=C001",
    "/serial-numbers/next": "?item_id={items}&prefix=SN&count=3",
    "/sales-prices": "?partner_id={partners}&item_id={items}&dated=2026-11-10",
}


@dataclass(frozen=True)
class Operation:
    """One method of one address of the schema."""

    method: str
    path: str

    @property
    def resource(self) -> str:
        return self.path.split("/")[1]


@cache
def operations() -> list[Operation]:
    """All of them, as the schema lists them."""
    schema = api.get_openapi_schema(path_prefix="/")
    return [
        Operation(method.upper(), path)
        for path, methods in schema["paths"].items()
        for method in methods
    ]


@dataclass
class Shop:
    """Ids of real things by resource, for the addresses of a walk."""

    ids: dict[str, int] = field(default_factory=dict)
    draft_receipt: int = 0

    def addresses(self, operation: Operation) -> Iterator[str]:
        """The operation's address with real ids, once for each of its questions."""
        path = operation.path.replace("{month}", "2026-09")
        path = re.sub(r"\{[a-z_]+\}", lambda _: str(self.ids[operation.resource]), path)
        if path.endswith("/impact"):
            yield f"{path}?verb=reverse"
            yield f"/purchase-receipts/{self.draft_receipt}/impact?verb=post"
            return
        yield path + QUERIES.get(path, "").format(**self.ids)


def filled(owner: Api, company: World) -> Shop:
    """Bought at 7.77, found at 8.13, sold at 20: no figure of cost looks like one of sale."""
    shop = Shop()
    item, place = company.items[0], company.warehouses[0]
    item.purchase_price = "7.31"  # type: ignore[assignment]
    item.save()

    def header(dated: str, **more: Any) -> dict[str, Any]:
        return {"dated": dated, "warehouse_id": place.pk, **more}

    def line(quantity: str, **more: Any) -> list[dict[str, Any]]:
        return [{"item_id": item.pk, "quantity": quantity, **more}]

    def made(resource: str, body: dict[str, Any], **more: Any) -> dict[str, Any]:
        found = owner.made(f"/{resource}", body | more)
        shop.ids[resource.rsplit("/", 1)[-1]] = found["id"]
        return found

    supplier, customer = {"partner_id": company.supplier.pk}, {"partner_id": company.customer.pk}
    bought = header("2026-11-02", **supplier, lines=line("9", price="7.77"))
    made("purchase-requisitions", header("2026-11-01", lines=line("3")), then="approve")
    request = made("rfqs", header("2026-11-01", lines=line("3")), then="approve")
    answer = line("3", price="7.77", source_line_id=request["lines"][0]["id"], lead_time_days=3)
    terms = {"valid_until": "2026-12-31", "lines": answer}
    made("supplier-quotes", header("2026-11-02", **supplier, **terms), then="approve")
    order = made("purchase-orders", bought, then="approve")
    receipt = owner.made(f"/purchase-orders/{order['id']}/receipts", {"dated": "2026-11-03"})
    shop.ids["purchase-receipts"] = receipt["id"]
    second = header("2026-11-02", **supplier, lines=line("2", price="7.77"))
    awaited = owner.made("/purchase-orders", second | {"then": "approve"})
    coming = line("2", source_line_id=awaited["lines"][0]["id"])
    said = header("2026-11-03", **supplier, due_date="2026-11-06", lines=coming)
    made("arrival-notices", said, then="approve")
    found = header("2026-11-05", reason="盘盈", lines=line("4", unit_cost="8.13"))
    made("other-receipts", found, then="post")
    offer = header("2026-11-08", **customer, valid_until="2026-11-30", lines=line("1"))
    made("sales-quotes", offer, then="approve")
    sale = made("sales-orders", header("2026-11-09", **customer, lines=line("3")), then="approve")
    delivery = owner.made(f"/sales-orders/{sale['id']}/deliveries", {"dated": "2026-11-10"})
    shop.ids["sales-deliveries"] = delivery["id"]
    sending = {"carrier": "顺丰", "tracking_nos": ["SF1"], "shipped_on": "2026-11-10"}
    sent = owner.post(f"/sales-deliveries/{delivery['id']}/shipments", sending)
    shop.ids["shipments"] = sent.json()[0]["id"]
    weekly = {"rhythm": "weekly", "every": 1, "next_on": "2090-01-02"}
    kept = owner.made(f"/sales-orders/{sale['id']}/standing-orders", weekly)
    shop.ids["standing-orders"] = kept["id"]
    quantities = {str(delivery["lines"][0]["id"]): "1"}
    returned = owner.made(
        f"/sales-deliveries/{delivery['id']}/returns",
        {"dated": "2026-11-11", "quantities": quantities},
    )
    shop.ids["sales-returns"] = returned["id"]
    origin = {"source_line_id": delivery["lines"][0]["id"], "direction": "back"}
    swapped = [*line("1", **origin), *line("1", direction="out")]
    made("sales-exchanges", header("2026-11-11", **customer, lines=swapped), then="post")
    made("other-issues", header("2026-11-12", reason="样品", lines=line("2")), then="post")
    made("scraps", header("2026-11-12", reason="摔坏", lines=line("1")), then="post")
    more = header("2026-11-12", reason="多出", lines=line("1", unit_cost="8.13"))
    made("overages", more, then="post")
    held = header("2026-11-12", reason="待查", lines=line("1", to_status="frozen"))
    made("status-changes", held, then="post")
    unseen = line("2", price="7.77", stock_status="qc")
    waiting = owner.made(
        "/purchase-receipts", header("2026-11-12", **supplier, lines=unseen) | {"then": "post"}
    )
    judged = line("1", source_line_id=waiting["lines"][0]["id"])
    made("quality-inspections", header("2026-11-12", lines=judged), then="post")
    sent = {"dated": "2026-11-13", "quantities": {str(receipt["lines"][0]["id"]): "1"}}
    back = owner.made(f"/purchase-receipts/{receipt['id']}/returns", sent)
    shop.ids["purchase-returns"] = back["id"]
    away = header("2026-11-13", to_warehouse_id=company.warehouses[1].pk, lines=line("1"))
    ends = {"warehouse_id": company.warehouses[1].pk, "to_warehouse_id": place.pk}
    asked = header("2026-11-13", lines=line("1")) | ends
    made("shop-requests", asked, then="approve")
    transfer = made("stock-transfers", away, then="ship")
    arrived = owner.made(f"/stock-transfers/{transfer['id']}/receipts", {"dated": "2026-11-14"})
    shop.ids["transfer-receipts"] = arrived["id"]
    type(place).objects.filter(pk=place.pk).update(uses_bins=True)
    place.bins.create(code="A-1")
    made("bin-moves", header("2026-11-13", lines=line("1", to_bin_code="A-1")))
    product = {"product_id": company.items[1].pk, "product_quantity": "1"}
    made("assemblies", header("2026-11-14", **product, lines=line("1")), then="post")
    apart = line("1", unit_cost="7.77")
    made("disassemblies", header("2026-11-15", **product, lines=apart), then="post")
    parts = [{"item_id": item.pk, "quantity": "1"}]
    made("parts-lists", {"item_id": company.items[1].pk, "lines": parts})
    count = made("stock-counts", header("2026-11-13", note="月末"))
    tally = {"entries": [{"item_id": item.pk, "quantity": "8"}]}
    owner.made(f"/stock-counts/{count['id']}/tallies", tally)
    late = header("2026-11-04", **supplier, lines=line("2", price="6.11"))
    shop.draft_receipt = owner.made("/purchase-receipts", late)["id"]
    tracked = {"code": "XLH", "name": "序列号商品", "base_uom": "台", "tracks_serials": True}
    piece = owner.made("/items", tracked)["id"]
    body = header("2026-11-05", reason="期初")
    body["lines"] = [{"item_id": piece, "quantity": "1", "unit_cost": "8.13", "serials": ["SN1"]}]
    owner.made("/other-receipts", body | {"then": "post"})
    shop.ids["serial-numbers"] = owner.told("/serial-numbers")["rows"][0]["id"]
    prices = [{"item_id": item.pk, "price": "19"}]
    owner.made("/price-lists", {"name": "秋季", "valid_from": "2026-11-01", "lines": prices})
    shop.ids["price-lists"] = owner.told("/price-lists")[0]["id"]
    verify_books()
    channels = {"sales-channels": owner.told("/sales-channels")[0]["id"]}
    master = channels | {"items": item.pk, "item-ledgers": item.pk, "warehouses": place.pk}
    partner = company.customer.pk
    master |= {"kits": company.items[1].pk}
    people = {"users": owner.told("/me")["id"], "roles": owner.told("/roles")[0]["id"]}
    partners = {"partners": partner, "partner-ledgers": company.supplier.pk, "customers": partner}
    absent = {
        "api-keys": 10**9,
        "item-categories": 10**9,
        "batches": 10**9,
        "count-plans": 10**9,
        "supplier-prices": 10**9,
    }
    absent |= {"purchase-reminders": 10**9, "purchase-reports": 10**9}
    return Shop(shop.ids | master | partners | people | absent, shop.draft_receipt)
