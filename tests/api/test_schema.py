"""The description of the API is valid OpenAPI 3.1, complete, and in Chinese."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from hengcang.api.errors import REFUSALS
from hengcang.register.kinds import KINDS
from tests.api.clients import Api

CHINESE = re.compile(r"[一-鿿]")
METHODS = {"get", "post", "put", "delete", "patch"}
TYPES = {"string", "number", "integer", "boolean", "array", "object", "null"}
RESOURCES = {
    "parts-lists", "kits", "serial-numbers", "to-inspect",
    "items", "item-categories", "item-families", "uoms", "brands", "partners",
    "partner-categories", "warehouses", "sales-channels", "stock-balances", "item-ledgers",
    "stock-places", "expiring-batches", "batches", "count-plans",
    "partner-balances", "customers", "shipments", "standing-orders",
    "partner-ledgers", "periods", "documents", "audit-lines", "users", "roles", "api-keys",
    "book", "verifications", "me", "open-requisition-lines", "requisition-merges",
    "supplier-prices",
    "price-tiers", "price-lists", "sales-prices",
    "purchase-report", "purchase-reports",
    "purchase-progress", "arrivals", "purchase-reminders", "purchase-policy",
    "uncovered-sales-lines", "sales-requisitions",
    "allocation-lines", "allocations", "request-progress",
}  # fmt: skip


@cache
def schema() -> dict[str, Any]:
    """What `hengcang openapi` prints."""
    ran = subprocess.run(
        [sys.executable, "-m", "hengcang.cli.main", "openapi"],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr.decode()
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in schema()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of the document, at any depth."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


def test_the_frame() -> None:
    assert schema()["openapi"].startswith("3.1.")
    assert {"title", "version"} <= set(schema()["info"])
    assert set(schema()["components"]["securitySchemes"]) == {"BearerKey", "HeaderKey", "Session"}


def test_every_resource_is_there() -> None:
    found = {path.split("/")[3] for path in schema()["paths"]}
    assert found == RESOURCES | {kind.plural for kind in KINDS}
    assert all(path.startswith("/api/v1/") for path in schema()["paths"])


def test_every_reference_leads_somewhere() -> None:
    known = schema()["components"]["schemas"]
    for node in nodes(schema()):
        if isinstance(reference := node.get("$ref"), str):
            assert reference.removeprefix("#/components/schemas/") in known


def test_every_type_is_one_of_json_schema() -> None:
    for node in nodes(schema()["components"]["schemas"]):
        kinds = node.get("type")
        if isinstance(kinds, str | list):
            assert set([kinds] if isinstance(kinds, str) else kinds) <= TYPES


def test_operations_are_whole() -> None:
    seen = set()
    for path, method, operation in operations():
        assert method in METHODS
        assert operation["operationId"] not in seen
        seen.add(operation["operationId"])
        assert operation["tags"]
        assert CHINESE.search(operation["summary"])
        assert operation["security"]
        named = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
        assert named == set(re.findall(r"\{(\w+)\}", path))
        assert all(p["required"] for p in operation["parameters"] if p["in"] == "path")
        good = {code for code in operation["responses"] if code.startswith("2")}
        assert len(good) == 1
        for code in REFUSALS:
            content = operation["responses"][str(code)]["content"]["application/json"]
            assert content["schema"]["$ref"].endswith("/Problem")


def test_what_writes_takes_an_idempotency_key_where_a_retry_would_hurt() -> None:
    for path, method, operation in operations():
        writes = not path.endswith("/readings")
        if writes and method == "post" and path.split("/")[3] in {kind.plural for kind in KINDS}:
            assert "Idempotency-Key" in {p["name"] for p in operation["parameters"]}


def test_every_field_has_a_chinese_name() -> None:
    nameless = {
        f"{name}.{field}"
        for name, shape in schema()["components"]["schemas"].items()
        for field, inner in shape.get("properties", {}).items()
        if not CHINESE.search(inner.get("title", "")) and "$ref" not in inner
    }
    assert not nameless


def test_numbers_are_never_floats() -> None:
    for node in nodes(schema()["components"]["schemas"]):
        assert node.get("type") != "number"


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
def test_the_description_is_behind_the_login(path: str, owner: Api) -> None:
    assert Api(owner.book, prefix=f"/b/{owner.book}/api/v1").get(path).status_code in (401, 404)


def test_who_is_in_may_read_the_description(owner: Api) -> None:
    assert owner.told("/openapi.json")["paths"].keys() == schema()["paths"].keys()


def test_examples_of_parameters_are_objects() -> None:
    for _, _, operation in operations():
        for parameter in operation["parameters"]:
            assert isinstance(parameter.get("examples", {}), dict)
