"""`hengcang run`, `stop`, `status`: one supervisor for database, web server and background jobs."""

import argparse
import fcntl
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from hengcang.cli import children, startup

LOOK_SECONDS = 1.0
READY_SECONDS = 60.0
LOOPBACK = "127.0.0.1"


def add(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("run", help="启动数据库、网页和后台任务")
    parser.add_argument("--host", default=LOOPBACK)
    parser.add_argument("--port", type=int, default=int(os.environ.get("HENGCANG_PORT", "8000")))
    parser.add_argument("--threads", type=int, default=16)
    parser.add_argument("--demo", action="store_true", help="没有演示账套时生成一个")
    parser.set_defaults(run=run)
    subparsers.add_parser("stop", help="停止").set_defaults(run=stop)
    subparsers.add_parser("status", help="是否在运行").set_defaults(run=status)


def run(chosen: argparse.Namespace) -> int:
    """Everything runs until SIGTERM or Ctrl+C; then everything has stopped."""
    with _alone() as mine:
        if not mine:
            sys.stderr.write("衡仓已在运行；先运行 hengcang stop\n")
            return 1
        stopping: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda received, _: stopping.append(received))
        startup.start()
        if not _bring_up_to_date():
            return 1
        notes = _first_steps(demo=chosen.demo)
        if _taken(chosen.host, chosen.port):
            sys.stderr.write(f"端口 {chosen.port} 已被占用；用 --port 换一个\n")
            return 1
        running = [children.server(chosen.host, chosen.port, chosen.threads), children.worker()]
        try:
            _supervise(running, chosen, notes, stopping)
        finally:
            _stop_all(running)
    return 0


def stop(chosen: argparse.Namespace) -> int:
    """Nothing of this installation runs any more."""
    pid = _running_pid()
    if pid is not None:
        os.kill(pid, signal.SIGTERM)
        while _running_pid() == pid:
            time.sleep(0.1)
    from hengcang.books import cluster, server

    if server.embedded():
        cluster.default().stop()
    sys.stdout.write("已停止\n")
    return 0


def status(chosen: argparse.Namespace) -> int:
    """0: running; 1: not."""
    pid = _running_pid()
    from hengcang.books import cluster, server

    database = not server.embedded() or cluster.default().running()
    sys.stdout.write(f"服务：{'运行中，进程 ' + str(pid) if pid else '未运行'}\n")
    sys.stdout.write(f"数据库：{'运行中' if database else '未运行'}\n")
    return 0 if pid else 1


def _bring_up_to_date() -> bool:
    """Books and static files are of this version. False, with a word why: there are no assets."""
    from hengcang.books import actions, assets

    if not assets.are_built():
        sys.stderr.write(f"{assets.NOT_BUILT}\n")
        return False
    actions.migrate_all(by="run")
    assets.collect()
    return True


def _first_steps(*, demo: bool) -> list[str]:
    """Lines that tell a newcomer how to get in."""
    from hengcang.cli import first

    return first.steps(demo=demo)


def _supervise(
    running: list[children.Child],
    chosen: argparse.Namespace,
    notes: list[str],
    stopping: list[int],
) -> None:
    told, until = False, time.monotonic() + READY_SECONDS
    while not stopping:
        for child in running:
            child.keep_running()
        if not told and (_answers(chosen.port) or time.monotonic() > until):
            address = f"http://{'localhost' if chosen.host == LOOPBACK else chosen.host}"
            _say([f"衡仓已启动：{address}:{chosen.port}/", *notes, "按 Ctrl+C 停止"])
            told = True
        _mend_database()
        time.sleep(LOOK_SECONDS if told else 0.1)


def _mend_database() -> None:
    """SELECT 1 is answered, or our own server has been started again.

    A lock file or a living process proves nothing: a killed server may leave both for a while.
    """
    from hengcang.books import cluster, server

    dsn = server.admin().to(
        server.directory_database(), server.VISITOR, server.role_password(server.VISITOR)
    )
    try:
        with dsn.connect() as connection:
            connection.execute("SELECT 1")
    except psycopg.OperationalError as problem:
        if not server.embedded():
            return
        sys.stderr.write(f"数据库没有回答（{problem}），正在重新启动\n")
        try:
            cluster.default().start()
        except cluster.ClusterError as failure:
            sys.stderr.write(f"{failure}\n")


def _stop_all(running: list[children.Child]) -> None:
    for child in running:
        child.tell_to_stop()
    for child in running:
        child.stopped()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _taken(host: str, port: int) -> bool:
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def _say(lines: list[str]) -> None:
    sys.stdout.write("\n" + "\n".join(f"  {line}" for line in lines) + "\n\n")
    sys.stdout.flush()


def _pid_file() -> Path:
    from hengcang.books.home import home

    return home() / "run.pid"


@contextmanager
def _alone() -> Iterator[bool]:
    """True for the one supervisor of this installation; the lock ends with its process."""
    with _pid_file().open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield True
        file.truncate(0)


def _running_pid() -> int | None:
    with _pid_file().open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            text = file.read().strip()
            return int(text) if text else None
    return None
