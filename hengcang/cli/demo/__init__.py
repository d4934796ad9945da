"""`hengcang demo`: a made-up wholesaler in Hangzhou with eighteen months of trade."""

import argparse
import sys
import time
from datetime import UTC, date, datetime
from typing import Any


def add(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("demo", help="演示账套：没有时生成，--reset 恢复原样")
    parser.add_argument("--reset", action="store_true", help="丢弃演示账套里的改动，恢复原样")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """The demo book is there, and as new if asked for."""
    from hengcang.cli import startup

    startup.start()
    from hengcang.cli.demo import template
    from hengcang.kernel.errors import Refused
    from hengcang.kernel.refusals import sentence

    act = template.reset if chosen.reset else template.ensure
    try:
        sys.stdout.write("\n".join(act(today(), _teller())) + "\n")
    except Refused as refusal:
        sys.stderr.write(f"{sentence(refusal)}\n")
        return 1
    return 0


def ensure() -> list[str]:
    """There is a demo book as of today; the lines say how to get in."""
    return ensure_demo(today())


def ensure_demo(on: date) -> list[str]:
    """There is a demo book; one that must be made ends on that day."""
    from hengcang.cli.demo import template

    return template.ensure(on, _teller())


def today() -> date:
    from hengcang.kernel.calendar import business_date

    return business_date(datetime.now(UTC))  # noqa: TID251 - a face may


def _teller() -> Any:
    """Prints what is being done, and since when, for those who wait."""
    started = time.monotonic()

    def tell(what: str) -> None:
        sys.stderr.write(f"[{time.monotonic() - started:5.1f} 秒] {what}…\n")
        sys.stderr.flush()

    return tell
