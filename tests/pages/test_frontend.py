"""The built front end: its own tests, its types and its bytes."""

import random
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from hengcang.kernel.amount_words import amount_cn_upper

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(
    not NODE or not (FRONTEND / "dist").is_dir(), reason="needs node and a built frontend/dist"
)


def run(*arguments: str) -> str:
    assert NODE
    done = subprocess.run(
        [NODE, *arguments], cwd=FRONTEND, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_arithmetic_of_the_preview() -> None:
    run("--test", "test/")


def test_types_of_the_islands() -> None:
    run("node_modules/typescript/bin/tsc", "-p", "jsconfig.json")


def test_no_page_loads_more_than_its_budget(capsys: pytest.CaptureFixture[str]) -> None:
    htmx = finders.find("django_htmx/htmx-4.min.js")
    with capsys.disabled():
        lines = run("size-check.mjs", str(htmx))
    assert lines.count('"ok":true') == 3


def test_the_lock_file_names_no_registry() -> None:
    assert "http" not in (FRONTEND / "package-lock.json").read_text()


def test_capitals_agree_with_the_server() -> None:
    chance = random.Random(20261124)
    cents = [chance.randrange(10 ** chance.randrange(1, 15)) for _ in range(300)]
    script = (
        'import { capitals } from "./src/lib/capitals.js";'
        f"console.log([{','.join(f'{n}n' for n in cents)}].map(capitals).join('\\n'));"
    )
    said = run("--input-type=module", "-e", script).strip().split("\n")
    assert said == [amount_cn_upper(Decimal(n) / 100) for n in cents]
