"""`hengcang`: one entry for whoever runs the machine."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

# Each has add(subparsers), which names its function with set_defaults(run=…).
# A module that needs Django imports it inside that function, after startup.start().
COMMANDS = (
    "hengcang.cli.serving",
    "hengcang.cli.books",
    "hengcang.cli.user",
    "hengcang.cli.verify",
    "hengcang.cli.load",
    "hengcang.cli.demo",
    "hengcang.cli.openapi",
    "hengcang.cli.manage",
)


def is_there(module: str) -> bool:
    """A folder without __init__.py is not a command."""
    spec = find_spec(module)
    return spec is not None and spec.origin is not None


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0 done, 1 found or refused something, 2 wrongly called."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hengcang.settings")
    parser = argparse.ArgumentParser(prog="hengcang", description="衡仓：账永远对得上的进销存")
    subparsers = parser.add_subparsers(metavar="命令", required=True)
    for name in COMMANDS:
        if is_there(name):
            import_module(name).add(subparsers)
    chosen = parser.parse_args(arguments)
    return int(chosen.run(chosen) or 0)


if __name__ == "__main__":
    sys.exit(main())
