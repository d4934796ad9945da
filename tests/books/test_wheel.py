"""The wheel alone is enough: no Node, no make, no checkout."""

import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
import venv
from pathlib import Path

import pytest

from tests.environment import ROOT

PORT = 18743
ENOUGH_SECONDS = 180


@pytest.mark.slow
def test_the_wheel_runs_by_itself(tmp_path: Path) -> None:
    """Built by `make dist`, installed with the locked versions, started, asked, stopped."""
    subprocess.run(["make", "dist"], cwd=ROOT, check=True)
    wheel = next((ROOT / "dist").glob("hengcang-*.whl"))
    venv.create(tmp_path / "venv", with_pip=True)
    programs = tmp_path / "venv" / "bin"
    install = [str(programs / "python"), "-m", "pip", "install", "--quiet"]
    subprocess.run(
        [*install, "--constraint", str(_versions(tmp_path)), str(wheel)], check=True, cwd=tmp_path
    )
    # Neither Node nor make can be found on this path.
    clean = {"PATH": str(programs), "HOME": str(tmp_path), "HENGCANG_HOME": str(tmp_path / "home")}
    command = [str(programs / "hengcang"), "run", "--port", str(PORT)]
    with subprocess.Popen(command, cwd=tmp_path, env=clean, stdout=subprocess.PIPE) as running:
        try:
            page = _first_page()
        finally:
            running.send_signal(signal.SIGTERM)
            output = running.communicate(timeout=60)[0].decode()
    assert "衡仓" in page
    assert "/static/" in page
    assert "/setup/" in output
    assert running.returncode == 0
    assert shutil.which("node", path=clean["PATH"]) is None


def _versions(folder: Path) -> Path:
    """The lock without its hashes: pip takes no hashes as constraints."""
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    path = folder / "versions.txt"
    path.write_text("\n".join(line.rstrip(" \\") for line in lines if "==" in line) + "\n")
    return path


def _first_page() -> str:
    deadline = time.monotonic() + ENOUGH_SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/", timeout=5) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
