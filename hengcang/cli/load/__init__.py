"""`hengcang load …`: real records of other people's trade become a book of their own."""

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import Any


def add(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("load", help="载入公开的真实数据，各成一个账套")
    kinds = parser.add_subparsers(metavar="数据", required=True)
    retail = kinds.add_parser("online-retail", help="英国礼品批发商的发票（UCI Online Retail）")
    retail.add_argument("file", type=Path, help="parquet 文件")
    retail.add_argument("--until", type=date.fromisoformat, help="只载入到这一天（含）")
    retail.add_argument("--book", default="online-retail", help="账套编码")
    retail.set_defaults(run=lambda chosen: _run(_online_retail, chosen))
    works = kinds.add_parser("adventureworks", help="采购订单与入库（AdventureWorks）")
    works.add_argument("folder", type=Path, help="csv.gz 所在的文件夹")
    works.add_argument("--book", default="adventureworks", help="账套编码")
    works.set_defaults(run=lambda chosen: _run(_adventureworks, chosen))


def _run(load: Any, chosen: argparse.Namespace) -> int:
    """0: loaded, the sums agree and the books too; 1: something differs, or was refused."""
    from hengcang.cli import startup

    startup.start()
    from hengcang.kernel.errors import Refused, RefusedLines
    from hengcang.kernel.refusals import sentence

    try:
        return 0 if load(chosen) else 1
    except Refused as refusal:
        parts = refusal.refusals[:10] if isinstance(refusal, RefusedLines) else []
        told = [sentence(refusal), *(f"{part.field}：{sentence(part)}" for part in parts)]
        sys.stderr.write("\n" + "\n".join(told) + "\n")
        return 1
    except (FileNotFoundError, NotADirectoryError) as missing:
        sys.stderr.write(f"找不到 {missing.filename}\n")
        return 1


def _online_retail(chosen: argparse.Namespace) -> bool:
    try:
        import pyarrow  # noqa: F401 - asked for here, so that its absence is told in words
    except ModuleNotFoundError:
        sys.stderr.write("读取 parquet 需要 pyarrow：pip install 'hengcang[load]'\n")
        return False
    from hengcang.cli.load import online_retail

    return online_retail.load(chosen.file, chosen.until, chosen.book, sys.stdout.write)


def _adventureworks(chosen: argparse.Namespace) -> bool:
    from hengcang.cli.load import adventureworks

    return adventureworks.load(chosen.folder, chosen.book, sys.stdout.write)
