"""Every page a person opens that is no list or editor of documents, with real keys in it."""

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.urls import URLPattern, reverse

from hengcang.web import urls
from tests.web.masters.walks import patterns

POSTED = frozenset(
    {"logout", "item-disable", "item-enable", "customer-disable", "customer-enable"}
    | {"supplier-disable", "supplier-enable", "period-close", "period-reopen", "key-revoke"}
    | {"verify", "rfq-ask", "supplier-price-remove", "count-plan-save", "count-plan-due"}
    | {"count-record", "count-sheet", "purchase-reminder-close", "attachment-remove"}
    | {"resolve-items"}
)
"""Addresses that only take what a form posts."""
ELSEWHERE = frozenset(
    {"login", "setup-link", "setup"}  # before there is a book to speak of
    | {"document-list", "document-new", "document"}  # measured kind by kind
    | {"purchase-report-file", "purchase-report-kept", "import-template", "attachment"}  # files
    | {"standing-due"}  # a job's work, pressed by hand
)
KEYS: dict[str, Callable[[], Any]] = {
    name: lambda label=label, role=role: _newest(label, role)  # type: ignore[misc]
    for name, label, role in (
        ("item_id", "catalog.Item", ""),
        ("warehouse_id", "places.Warehouse", ""),
        ("channel_id", "sales.SalesChannel", ""),
        ("batch_id", "catalog.Batch", ""),
        ("user_id", "identity.User", ""),
        ("role_id", "identity.Role", ""),
        ("price_id", "purchasing.SupplierPrice", ""),
        ("list_id", "pricing.PriceList", ""),
        ("serial_id", "catalog.SerialNumber", ""),
        ("parts_list_id", "assembly.PartsList", ""),
        ("rfq_id", "purchasing.Rfq", ""),
        ("delivery_id", "sales.SalesDelivery", ""),
        ("shipment_id", "sales.Shipment", ""),
        ("standing_id", "sales.StandingOrder", ""),
        ("order_id", "sales.SalesOrder", ""),
        ("count_id", "stock.StockCount", ""),
        ("document_id", "sales.SalesDelivery", ""),
        ("customer", "partners.CustomerProfile", "partner_id"),
        ("supplier", "partners.SupplierProfile", "partner_id"),
    )
}
ASKED = {
    "item-options": "q=A",
    "partner-options": "q=a",
    "suggest-partners": "q=a&role=customer",
    "suggest-items": "q=笔",
    "scan-item": "code={code}",
    "item-ledger": "item={item}",
    "kit": "item={kit}&quantity=3",
    "peek-stock": "item={item}",
    "peek-prices": "item={item}",
    "palette": "q=笔",
}
OF_KINDS = "sales-deliveries"


def pages() -> Iterator[tuple[str, str]]:
    """The url's name and an address inside the book, for every page."""
    facts = {"item": KEYS["item_id"](), "code": _code(), "kit": _product()}
    for pattern in patterns(urls.urlpatterns):
        name = str(pattern.name)
        if name in POSTED | ELSEWHERE:
            continue
        path = reverse(name, kwargs=_arguments(pattern))
        yield name, f"{path}?{ASKED[name].format(**facts)}" if name in ASKED else path


def _arguments(pattern: URLPattern) -> dict[str, Any]:
    return {
        argument: _value(argument, str(pattern.name)) for argument in pattern.pattern.converters
    }


def _value(argument: str, name: str) -> Any:
    if argument == "kind":
        return OF_KINDS
    if argument == "verb":
        return "reverse"
    if argument == "partner_id":
        return KEYS["supplier" if name.startswith("supplier") else "customer"]()
    return KEYS[argument]()


def _newest(label: str, column: str) -> Any:
    rows = apps.get_model(label)._default_manager
    found = rows.order_by("-pk").values_list(column or "pk", flat=True).first()
    assert found is not None, f"the book has no {label}: its page is not measured"
    return found


def _code() -> str:
    found = apps.get_model("catalog.Item")._default_manager.order_by("-pk").first()
    assert found is not None
    return str(found.code)


def _product() -> Any:
    return _newest("assembly.PartsList", "item_id")
