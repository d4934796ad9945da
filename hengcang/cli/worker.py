"""The background process: short-lived procrastinate workers for the books that have work.

`python -m hengcang.cli.worker`, started by `hengcang run`. An idle book costs one cheap question a
minute and no connection in between.
"""

import asyncio
import logging
import signal
import sys
import time

import django
import psycopg
from asgiref.sync import sync_to_async

log = logging.getLogger(__name__)

ROUND_SECONDS = 60.0
BOOKS_AT_ONCE = 4
JOBS_AT_ONCE = 4  # of one book
STALLED_SECONDS = 90.0
QUESTION = """
SELECT EXISTS (SELECT 1 FROM procrastinate_jobs WHERE status = 'todo'
               AND (scheduled_at IS NULL OR scheduled_at <= now()))
    OR EXISTS (SELECT 1 FROM procrastinate_jobs WHERE status = 'doing')
"""


async def work() -> None:
    """Serve bells and rounds until cancelled."""
    rung: asyncio.Queue[str] = asyncio.Queue()
    listener = asyncio.create_task(_listen(rung))
    permits = asyncio.Semaphore(BOOKS_AT_ONCE)
    busy: dict[str, asyncio.Task[None]] = {}
    next_round = 0.0
    try:
        while True:
            if time.monotonic() >= next_round:
                next_round = time.monotonic() + ROUND_SECONDS
                for code in await sync_to_async(_open_books)():
                    rung.put_nowait(code)
            rung_for = await _next(rung, next_round)
            if rung_for is None:
                continue
            running = busy.get(rung_for)
            if running is None or running.done():
                busy[rung_for] = asyncio.create_task(_serve(rung_for, permits))
            else:
                # Rung while at work: the worker may have looked already, so look once more.
                busy[rung_for] = asyncio.create_task(_serve_after(running, rung_for, permits))
    finally:
        listener.cancel()
        for task in busy.values():
            task.cancel()
        await asyncio.gather(listener, *busy.values(), return_exceptions=True)


async def _next(rung: "asyncio.Queue[str]", until: float) -> str | None:
    try:
        return await asyncio.wait_for(rung.get(), max(0.05, until - time.monotonic()))
    except TimeoutError:
        return None


async def _serve_after(before: "asyncio.Task[None]", code: str, permits: asyncio.Semaphore) -> None:
    await asyncio.wait([before])
    await _serve(code, permits)


async def _serve(code: str, permits: asyncio.Semaphore) -> None:
    """All jobs of the book that are due have been tried."""
    from hengcang.books.switch import using_book

    async with permits:
        with using_book(code):
            try:
                await _run_jobs(code)
            except (psycopg.Error, OSError) as problem:
                log.warning("jobs of %s wait for the next round: %s", code, problem)


async def _run_jobs(code: str) -> None:
    from procrastinate import PsycopgConnector
    from procrastinate.contrib.django import app
    from procrastinate.periodic import PeriodicDeferrer

    from hengcang.books import where

    dsn = await sync_to_async(where.dsn_of)(code)
    if not app.periodic_registry.periodic_tasks and not await _has_work(dsn.params()):
        return
    options = "-c statement_timeout=600s -c application_name=hengcang-worker"
    connector = PsycopgConnector(
        kwargs={**dsn.params(), "options": options}, min_size=1, max_size=JOBS_AT_ONCE + 1
    )
    # The shared app keeps its own connector: what a job defers rides that job's transaction.
    async with app.with_connector(connector).open_async() as mine:
        deferrer = PeriodicDeferrer(registry=mine.periodic_registry)
        await deferrer.defer_jobs(deferrer.get_previous_tasks(at=time.time()))
        for job in await mine.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
            await mine.job_manager.retry_job(job)
        await mine.run_worker_async(
            wait=False, concurrency=JOBS_AT_ONCE, install_signal_handlers=False, listen_notify=False
        )


async def _has_work(params: dict[str, str]) -> bool:
    connection = await psycopg.AsyncConnection.connect(**params)  # type: ignore[arg-type]
    async with connection:
        row = await (await connection.execute(QUESTION)).fetchone()
        return bool(row and row[0])


async def _listen(rung: "asyncio.Queue[str]") -> None:
    """Every bell goes into the queue; a lost connection is made anew."""
    from hengcang.books import server
    from hengcang.books.bell import CHANNEL

    dsn = server.admin().to(
        server.directory_database(), server.VISITOR, server.role_password(server.VISITOR)
    )
    while True:
        try:
            connection = await psycopg.AsyncConnection.connect(
                autocommit=True,
                **dsn.params(),  # type: ignore[arg-type]
            )
            async with connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                async for notice in connection.notifies():
                    rung.put_nowait(notice.payload)
        except (psycopg.Error, OSError):
            await asyncio.sleep(2)


def _open_books() -> list[str]:
    from django.db import DatabaseError, close_old_connections

    from hengcang.books import queries

    try:
        return list(queries.books().filter(state="active").values_list("code", flat=True))
    except DatabaseError:
        return []  # the supervisor is repairing it
    finally:
        close_old_connections()


def main() -> int:
    django.setup()

    async def until_told() -> None:
        task = asyncio.ensure_future(work())
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, task.cancel)
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(until_told())
    return 0


if __name__ == "__main__":
    # procrastinate warns of an app made in the main module; this is the same module by its name.
    from hengcang.cli import worker

    sys.exit(worker.main())
