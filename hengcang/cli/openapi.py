"""`hengcang openapi`: the schema of the API, as JSON."""

import argparse
import json
import sys
from typing import Any


def add(subparsers: "argparse._SubParsersAction[Any]") -> None:
    subparsers.add_parser("openapi", help="打印 API 的 OpenAPI 描述").set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """The schema is on standard output; no database is needed."""
    from hengcang.cli import startup

    startup.start(server=False)

    from hengcang.api.urls import api

    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    json.dump(schema, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")
    return 0
