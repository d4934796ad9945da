"""The API: /api/v1/ with a key, /b/<code>/api/v1/ with a key or the session of the pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver, include, path
from ninja import NinjaAPI
from ninja.renderers import JSONRenderer

from hengcang import __version__
from hengcang.api import (
    allocations,
    arrivals,
    attachments,
    audit_lines,
    batches,
    books,
    count_plans,
    counts,
    customer_codes,
    customer_history,
    deliveries_by_warehouse,
    documents_list,
    errors,
    items,
    money,
    partners,
    parts_lists,
    people,
    prices,
    promised_dates,
    purchase_policy,
    purchase_progress,
    purchase_reminders,
    purchase_report,
    readings,
    requisitions,
    rfqs,
    sales_channels,
    sales_demand,
    serial_numbers,
    shipments,
    standing_orders,
    stock,
    substitutes,
    supplier_prices,
    to_inspect,
    warehouses,
    whereabouts,
)
from hengcang.api.access import WAYS_IN
from hengcang.api.documents import endpoints
from hengcang.api.reading import StrictParser
from hengcang.kernel.errors import Refused

ABOUT = """衡仓的全部单据、库存和往来。

- 地址：`/api/v1/`，用 API 密钥；或 `/b/账套/api/v1/`，用密钥或网页会话（写操作另需 CSRF）。
- 数量、单价和金额都是字符串，不用指数；日期写成 2026-11-24，业务日期按北京时间。
- 错误只有一种形状：`code`、`message`（中文）、`facts`、`field`、`errors`；行号从 1 起。
- 写操作可带 `Idempotency-Key`（UUID），重试不会重复入账。
- 列表按键翻页：把上一页的 `next` 传回来，每页最多 200 条。
- 成本、采购价和应付是成本字段，没有权限时为 null。
"""


class Renderer(JSONRenderer):
    """Chinese stays readable."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    title="衡仓 API",
    version=__version__,
    description=ABOUT,
    openapi_url=None,
    docs_url=None,
    auth=WAYS_IN,
    parser=StrictParser(),
    renderer=Renderer(),
    urls_namespace="api",
)
errors.handle_all(api)
for prefix, router in (
    ("", items.router),
    ("", partners.router),
    ("", prices.router),
    ("/warehouses", warehouses.router),
    ("/sales-channels", sales_channels.router),
    ("", endpoints.router()),
    ("", attachments.router()),
    ("", requisitions.router),
    ("", allocations.router),
    ("", parts_lists.router),
    ("", rfqs.router),
    ("", sales_demand.router),
    ("/supplier-prices", supplier_prices.router),
    ("", promised_dates.router),
    ("", standing_orders.router),
    ("", customer_history.router),
    ("", shipments.router),
    ("", deliveries_by_warehouse.router),
    ("", readings.router),
    ("/documents", documents_list.router),
    ("/stock-counts", counts.router),
    ("/count-plans", count_plans.router),
    ("", customer_codes.router),
    ("", serial_numbers.router),
    ("", stock.router),
    ("", substitutes.router),
    ("", whereabouts.router),
    ("/batches", batches.router),
    ("", money.router),
    ("", purchase_progress.router),
    ("", arrivals.router),
    ("", to_inspect.router),
    ("", purchase_policy.router),
    ("", purchase_report.router),
    ("", purchase_reminders.router),
    ("", books.router),
    ("/audit-lines", audit_lines.router),
    ("", people.router),
):
    api.add_router(prefix, router)


@api.get("/openapi.json", include_in_schema=False)
def openapi(request: HttpRequest) -> HttpResponse:
    """The schema, for those who may use it."""
    return api.create_response(request, api.get_openapi_schema(path_prefix="/api/v1/"), status=200)


def _one_shape(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The wrong method is refused in the one shape too."""

    @wraps(view)
    def ask(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        response = view(request, *arguments, **named)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        allowed = response["Allow"]
        refusal = Refused("method_not_allowed", method=request.method, allowed=allowed)
        told = errors.refused(refusal)
        told["Allow"] = allowed
        return told

    return ask


def _patterns() -> list[URLPattern | URLResolver]:
    found = [
        path(str(pattern.pattern), _one_shape(pattern.callback))
        for pattern in api.urls[0]
        if isinstance(pattern, URLPattern) and pattern.name != "api-root"
    ]
    return [*found, path("", include("hengcang.api.elsewhere"))]


urlpatterns = _patterns()
