"""Who uses our own PostgreSQL: the last process to leave stops it."""

import fcntl
from typing import IO

from hengcang.books import cluster
from hengcang.books.home import home

_held: "list[IO[str]]" = []  # the open file is the hold; the system drops it with the process


def enter() -> None:
    """The cluster runs, and nobody who leaves will stop it while this process lives."""
    if not _held:
        file = (home() / "cluster.lock").open("a")
        fcntl.flock(file, fcntl.LOCK_SH)  # waits while somebody is just stopping it
        _held.append(file)
    cluster.default().start()


def leave() -> None:
    """The cluster is stopped, if no other process uses it. The process ends next."""
    if not _held:
        return
    try:
        fcntl.flock(_held[0], fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    cluster.default().stop()
