"""The processes of one running installation: started, restarted when they die, stopped."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field

GRACE_SECONDS = 12.0
LONGEST_PAUSE = 30.0


@dataclass(slots=True)
class Child:
    """One process that must always run."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None
    deaths: int = 0
    next_start: float = 0.0
    started: float = 0.0

    def keep_running(self) -> None:
        """It runs, or will be started again after a pause that doubles with each early death."""
        if self.process is not None and self.process.poll() is None:
            if time.monotonic() - self.started > LONGEST_PAUSE:
                self.deaths = 0
            return
        now = time.monotonic()
        if self.process is not None:
            sys.stderr.write(f"{self.name} 退出（{self.process.returncode}），正在重新启动\n")
            self._end_group()
            self.process = None
            self.deaths += 1
            self.next_start = now + min(2.0 ** (self.deaths - 1) - 1, LONGEST_PAUSE)
        if now >= self.next_start:
            self.start()

    def start(self) -> None:
        self.started = time.monotonic()
        # Its own group: Ctrl+C reaches the supervisor alone, which stops all in order.
        self.process = subprocess.Popen(
            self.command, env={**os.environ, **self.environment}, start_new_session=True
        )

    def tell_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def stopped(self) -> None:
        """It has ended, by itself within the grace time or else killed."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(GRACE_SECONDS)
        self._end_group()
        self.process.wait()

    def _end_group(self) -> None:
        """Nothing that the process itself started lives on, whichever way it ended."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


def server(host: str, port: int, threads: int) -> Child:
    """The web server. It is not told the owner's password."""
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", "1", "--blocking-threads", str(threads), "--no-ws", "--respawn-failed-workers",
        "--backlog", "1024", "--backpressure", "512", "--log-level", "error",
        "hengcang.wsgi:application",
    ]  # fmt: skip
    return Child("网页服务", command, {"HENGCANG_WEB_PROCESS": "1"})


def worker() -> Child:
    return Child("后台任务", [sys.executable, "-m", "hengcang.cli.worker"])
