"""What a person may do and be told is written down, and what is written down is true."""

import ast
import re

from tests import documentation
from tests.architecture import sources


def test_the_generated_pages_are_up_to_date() -> None:
    stale = [
        name
        for name, text in documentation.pages().items()
        if not (documentation.FOLDER / name).exists()
        or (documentation.FOLDER / name).read_text() != text
    ]
    assert not stale, "run make docs"


def test_every_refusal_has_a_sentence() -> None:
    from hengcang.kernel.refusals import SENTENCES

    silent = [
        f"{sources.name(path)}:{node.lineno} {node.args[0].value!r}"
        for path, tree in sources.modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Refused"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and node.args[0].value not in SENTENCES
    ]
    assert not silent


def test_every_setting_of_the_environment_is_explained() -> None:
    readme = (sources.ROOT / "README.md").read_text()
    named = {
        word
        for path in sources.modules()
        for word in re.findall(r"\bHENGCANG_[A-Z_]+\b", path.read_text())
    }
    internal = {"HENGCANG_WEB_PROCESS", "HENGCANG_FORGETFUL", "HENGCANG_CLUSTER"}
    assert not {name for name in named - internal if name not in readme}


def test_every_dependency_has_its_reason() -> None:
    import tomllib

    project = tomllib.loads((sources.ROOT / "pyproject.toml").read_text())
    reasons = (sources.ROOT / "docs" / "dependencies.md").read_text()
    asked = [
        *project["project"]["dependencies"],
        *(one for extra in project["project"]["optional-dependencies"].values() for one in extra),
        *(one for group in project["dependency-groups"].values() for one in group),
    ]
    names = {re.match(r"[A-Za-z0-9-]+", one)[0] for one in asked}  # type: ignore[index]
    assert {name for name in names if f"`{name}`" not in reasons} == set()


def test_every_decision_names_the_check_that_enforces_it() -> None:
    for path in sorted((sources.ROOT / "docs" / "decisions").glob("*.md")):
        assert "## 由什么检查" in path.read_text(), path.name
