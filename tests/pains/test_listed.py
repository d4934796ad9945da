"""docs/pains.md and the tests agree: what it points to exists, what is named so stands in it."""

import ast
import re
from functools import cache
from pathlib import Path

from tests.architecture.sources import ROOT

ROW = re.compile(r"^\| (\d+) \|", re.MULTILINE)
POINTED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
NUMBER = re.compile(r"pain_(\d+)")


@cache
def named_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text())
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def rows() -> dict[int, list[tuple[str, str]]]:
    """The tests by the number of the pain."""
    lines = (ROOT / "docs" / "pains.md").read_text().splitlines()
    return {int(found[1]): POINTED.findall(line) for line in lines if (found := ROW.match(line))}


def test_every_pain_points_to_a_test_that_exists() -> None:
    listed = rows()
    assert len(listed) >= 25
    assert [number for number, pointed in listed.items() if not pointed] == []
    missing = [
        f"{number}: {path}::{name}"
        for number, pointed in listed.items()
        for path, name in pointed
        if not (ROOT / path).exists() or name not in named_in(ROOT / path)
    ]
    assert missing == []


def test_every_test_that_is_named_after_a_pain_stands_in_its_row() -> None:
    listed = rows()
    unlisted = [
        f"{number}: {path.relative_to(ROOT)}::{name}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for name in sorted(named_in(path))
        for number in map(int, NUMBER.findall(name))
        if (str(path.relative_to(ROOT)), name) not in listed.get(number, [])
    ]
    assert unlisted == []
