"""The lock pins everything by hash and names no server, path or person."""

import re
import tomllib

from tests.architecture import sources

LOCK = (sources.ROOT / "requirements.lock").read_text()


def test_it_names_no_server_and_no_path() -> None:
    for word in ("://", "--index", "--find-links", "--trusted", "file:", "/"):
        assert word not in LOCK


def test_every_version_has_hashes() -> None:
    pinned = re.findall(r"^([a-z0-9-]+)==\S+.*\\$", LOCK, re.MULTILINE)
    blocks = re.split(r"^(?=[a-z0-9-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(pinned) == len(blocks)
    assert all("--hash=sha256:" in block for block in blocks)


def test_everything_asked_for_is_pinned() -> None:
    project = tomllib.loads((sources.ROOT / "pyproject.toml").read_text())
    asked = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    names = {re.split(r"[^A-Za-z0-9-]", one)[0].lower() for one in asked}
    pinned = set(re.findall(r"^([a-z0-9-]+)==", LOCK, re.MULTILINE))
    assert names <= pinned
