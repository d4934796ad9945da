"""`hengcang run`: everything up, mended when killed, all gone afterwards."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

PATIENCE_SECONDS = 90.0


@dataclass
class Running:
    process: "subprocess.Popen[bytes]"
    port: int
    home: Path

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as page:
                return bool(page.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def children(self, word: str) -> list[psutil.Process]:
        family = psutil.Process(self.process.pid).children(recursive=True)
        return [one for one in family if word in _words(one)]

    def postmaster(self) -> int:
        return int((self.home / "pg" / "data" / "postmaster.pid").read_text().split()[0])


def _words(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""  # it has just ended


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One installation for the tests of this file, in their order: a first start takes its time."""
    folder = tmp_path_factory.mktemp("installation")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {
        **{key: value for key, value in os.environ.items() if not key.startswith("HENGCANG_")},
        "HENGCANG_HOME": str(folder / "家"),
        "HENGCANG_FORGETFUL": "1",
        "DATABASE_URL": "",
    }
    command = [sys.executable, "-m", "hengcang.cli.main", "run", "--port", str(port)]
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command, env=env, stdout=output, stderr=output)
    try:
        made = Running(process, port, folder / "家")
        until(made.answers)
        yield made
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


@pytest.mark.timeout(300)
def test_what_is_killed_runs_again(running: Running) -> None:
    os.kill(running.postmaster(), signal.SIGKILL)
    time.sleep(0.5)
    until(running.answers)
    for word in ("granian", "hengcang.cli.worker"):
        until(lambda word=word: running.children(word))  # type: ignore[misc]
        killed = running.children(word)[0]
        killed.kill()
        until(lambda word=word, old=killed.pid: any(c.pid != old for c in running.children(word)))  # type: ignore[misc]
    until(running.answers)


@pytest.mark.timeout(300)
def test_the_web_process_does_not_know_the_owners_password(running: Running) -> None:
    until(lambda: running.children("granian"))
    assert all(one.environ()["HENGCANG_WEB_PROCESS"] == "1" for one in running.children("granian"))
    assert all(
        "HENGCANG_WEB_PROCESS" not in one.environ() for one in running.children("cli.worker")
    )


@pytest.mark.timeout(300)
def test_nothing_is_left_when_it_stops(running: Running) -> None:
    family = psutil.Process(running.process.pid).children(recursive=True)
    postmaster = psutil.Process(running.postmaster())
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(60) == 0
    _, alive = psutil.wait_procs([*family, postmaster], timeout=10)
    assert not [one for one in alive if one.status() != psutil.STATUS_ZOMBIE]
