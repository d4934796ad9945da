"""One small connection pool per book and role, the least recently used closed."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from psycopg_pool import ConnectionPool

MOST_POOLS = 64  # a pool without traffic holds no connection after IDLE_SECONDS anyway
IDLE_SECONDS = 60.0

_pools: "OrderedDict[tuple[str, str], ConnectionPool]" = OrderedDict()
_lock = threading.Lock()


def pool_for(key: tuple[str, str], make: Callable[[], ConnectionPool]) -> ConnectionPool:
    """The open pool of (alias, book); made on first use."""
    with _lock:
        pool = _pools.get(key)
        if pool is None:
            pool = _pools[key] = make()
        _pools.move_to_end(key)
        surplus = _take_surplus()
    for old in surplus:
        old.close()
    pool.open()
    return pool


def close_pools(book: str) -> None:
    """No idle connection of this process to the book's database is left."""
    with _lock:
        closed = [_pools.pop(key) for key in list(_pools) if key[1] == book]
    for pool in closed:
        pool.close()


def _take_surplus() -> list[ConnectionPool]:
    """Pools above the limit, oldest first. Their connections in use end when they come back."""
    surplus = []
    while len(_pools) > MOST_POOLS:
        surplus.append(_pools.popitem(last=False)[1])
    return surplus
