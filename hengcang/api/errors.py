"""One shape of error, whatever went wrong, and where each kind of trouble is turned into it."""

import logging
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DataError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.responses import NinjaJSONEncoder
from pydantic import Field

from hengcang.api.shapes import Told
from hengcang.api.words import label
from hengcang.documents.attempts import TryAgain
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.refusals import HTTP_STATUS, sentence

logger = logging.getLogger("hengcang.api")

REFUSALS = frozenset({400, 401, 403, 404, 405, 409, 413, 415, 422, 500, 503})
SWALLOWED_MB = 32
CONFLICT, MIXED = 409, 422
LIMIT_MB = (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) // 1024**2
# What a form calls by the thing, a body calls by its id.
FIELDS = {
    "partner": "partner_id",
    "supplier": "supplier_id",
    "warehouse": "warehouse_id",
    "item": "item_id",
    "uom": "item_uom_id",
    "source_line": "source_line_id",
    "roles": "role_codes",
    "family": "family_id",
    "salesperson": "salesperson_id",
    "channel": "channel_id",
}


class Problem(Told):
    """为什么没有做成。code 不变，可供程序判断；message 给人看；facts 是其中的数字和名称。"""

    code: str = Field(examples=["insufficient_stock"])
    message: str
    facts: dict[str, Any]
    field: str | None = Field(
        None, description="需要改正的字段，如 lines.3.quantity，行号从 1 起。"
    )
    errors: list["Problem"] | None = Field(None, description="多处需要改正时，逐项列出。")


def answers(status: int, shape: Any) -> dict[Any, Any]:
    """The responses of an operation: the good one, and the one shape of all others."""
    return {status: shape, REFUSALS: Problem}


def problem_of(refusal: Refused) -> dict[str, Any]:
    """The refusal as JSON. One line that is wrong alone stands for the whole."""
    if isinstance(refusal, RefusedLines) and refusal.refusals:
        errors = [problem_of(one) for one in refusal.refusals]
        if len(errors) == 1:
            return {**errors[0], "errors": errors}
        return {**_plain(refusal), "errors": errors}
    return _plain(refusal)


def status_of(refusal: Refused) -> int:
    """The HTTP status; several lines are a conflict when each of them is one."""
    if isinstance(refusal, RefusedLines) and refusal.refusals:
        found = {HTTP_STATUS[one.code] for one in refusal.refusals}
        return CONFLICT if found == {CONFLICT} else MIXED
    return HTTP_STATUS[refusal.code]


def refused(refusal: Refused) -> HttpResponse:
    """The answer to a request that was refused."""
    status = status_of(refusal)
    response = JsonResponse(
        problem_of(refusal),
        status=status,
        encoder=NinjaJSONEncoder,
        json_dumps_params={"ensure_ascii": False},
    )
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if status == 503:
        response["Retry-After"] = "1"
    return response


def _plain(refusal: Refused) -> dict[str, Any]:
    body = {"code": refusal.code, "message": sentence(refusal), "facts": refusal.facts}
    if refusal.field:
        parts = refusal.field.split(".")
        body["field"] = ".".join([*parts[:-1], FIELDS.get(parts[-1], parts[-1])])
    return body


def refusal_of(problem: Exception) -> Refused:
    """What the exception means to the client; what nobody foresaw is logged under a number."""
    if isinstance(problem, Refused):
        return problem
    if isinstance(problem, ValidationError):
        return _of_fields(problem.errors)
    if isinstance(problem, HttpError) and isinstance(problem.__cause__, Refused):
        return problem.__cause__
    for kind, code, facts in FORESEEN:
        if isinstance(problem, kind):
            return Refused(code, **facts)
    incident = uuid4().hex[:12]
    logger.error("incident %s", incident, exc_info=problem)
    return Refused("unexpected", incident=incident)


FORESEEN: tuple[tuple[type[Exception], str, dict[str, Any]], ...] = (
    (RequestDataTooBig, "body_too_large", {"limit_mb": LIMIT_MB}),
    (UnreadablePostError, "body_unreadable", {"reason": "连接中断"}),
    (SuspiciousOperation, "body_unreadable", {"reason": "请求不合规范"}),
    (AuthenticationError, "not_logged_in", {}),
    (Http404, "no_such_place", {}),
    (DataError, "value_too_large", {}),
    (OperationalError, "busy", {}),
    (TryAgain, "busy", {}),
)


def handle_all(api: NinjaAPI) -> None:
    """Every exception leaves the API in the one shape."""

    def handle(request: HttpRequest, problem: Any) -> HttpResponse:
        if isinstance(problem, RequestDataTooBig):
            _swallow(request)
        return refused(refusal_of(problem))

    for kind in (Exception, Refused, ValidationError, HttpError, Http404):
        api.add_exception_handler(kind, handle)


def _swallow(request: HttpRequest) -> None:
    """The body is read and forgotten: a client that is still sending would not hear the answer."""
    for _ in range(SWALLOWED_MB):
        if not request.read(1024**2):
            return


def _of_fields(errors: list[dict[str, Any]]) -> Refused:
    """One refusal for one field; several together, by line or by field."""
    found = [_of_field(error) for error in errors]
    if len(found) == 1 and not _is_of_line(found[0]):
        return found[0]
    together = RefusedLines(found)
    if not all(map(_is_of_line, found)):
        together.code = "fields_refused"
    return together


def _is_of_line(refusal: Refused) -> bool:
    return (refusal.field or "").startswith("lines.")


def _of_field(error: dict[str, Any]) -> Refused:
    place = list(error["loc"][1:])
    if error["loc"][0] == "body":
        place = place[1:]
    field = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in place)
    name = label(next((part for part in reversed(place) if isinstance(part, str)), "body"))
    if error["type"] == "refused":
        facts = {"what": name, **error["ctx"]}
        return Refused(facts.pop("code"), field, **facts)
    if error["type"] == "missing":
        return Refused("field_missing", field or None, what=name)
    return Refused("field_invalid", field or None, what=name, reason=_reason(error))


def _reason(error: dict[str, Any]) -> str:
    template = REASONS.get(error["type"], "格式不正确。")
    return template.format_map({str(k): v for k, v in error.get("ctx", {}).items()})


REASONS = {
    "extra_forbidden": "没有这个字段，请核对字段名。",
    "int_type": "应为整数。",
    "int_parsing": "应为整数。",
    "int_from_float": "应为整数。",
    "bool_type": "应为 true 或 false。",
    "bool_parsing": "应为 true 或 false。",
    "string_type": "应为文字。",
    "string_too_long": "最多 {max_length} 字。",
    "string_too_short": "至少 {min_length} 字。",
    "literal_error": "应为 {expected} 之一。",
    "enum": "应为 {expected} 之一。",
    "list_type": "应为数组。",
    "tuple_type": "应为数组。",
    "dict_type": "应为对象。",
    "model_type": "应为对象。",
    "model_attributes_type": "应为对象。",
    "greater_than_equal": "不能小于 {ge}。",
    "less_than_equal": "不能大于 {le}。",
    "too_long": "最多 {max_length} 项。",
    "too_short": "至少 {min_length} 项。",
}
