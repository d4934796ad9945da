"""Our own PostgreSQL survives what happens to processes."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hengcang.books.cluster import SUPERUSER, Cluster
from hengcang.books.server import Dsn


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    # A long path with a space and Chinese: sockets need a short one of their own.
    folder = tmp_path_factory.mktemp("数据 库") / ("long-" * 12) / "pg"
    made = Cluster(folder, "a 'quoted' password", forgetful=True)
    yield made
    made.stop()


def answer(cluster: Cluster, password: str | None = None) -> int:
    dsn = Dsn(str(cluster.sockets), "", "postgres", SUPERUSER, password or cluster.password)
    with dsn.connect() as connection:
        row = connection.execute("SELECT 1").fetchone()
        assert row is not None
        return int(row[0])


def test_start_kill_start_stop(cluster: Cluster) -> None:
    cluster.start()
    assert answer(cluster) == 1
    cluster.start()  # again: nothing happens
    with pytest.raises(psycopg.OperationalError):
        answer(cluster, "wrong")
    _kill(cluster)
    with pytest.raises(psycopg.OperationalError):
        answer(cluster)
    cluster.start()
    assert answer(cluster) == 1
    cluster.stop()
    assert not cluster.running()


def test_nobody_else_may_enter_the_folder(cluster: Cluster) -> None:
    cluster.start()
    for folder in (cluster.folder, cluster.sockets, cluster.data):
        assert Path(folder).stat().st_mode & 0o077 == 0


def _kill(cluster: Cluster) -> None:
    pid = cluster.postmaster()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while cluster.running() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not cluster.running()
