"""Work to be done in order, one document each: skipped where done, some in a transaction."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from hengcang.cli.load.progress import Progress

BATCH = 20  # documents a transaction: a kill loses no more than these


@dataclass(frozen=True, slots=True)
class Job:
    """One document's worth of work; `units` are its lines, for the progress."""

    day: date
    units: int
    intent: UUID
    act: Callable[[], object]


def run_jobs(jobs: Sequence[Job], done: Collection[UUID]) -> None:
    """Every job has acted; those in `done` had before. Raises Refused, keeping what was done."""
    progress = Progress(sum(job.units for job in jobs))
    waiting = []
    for job in jobs:
        if job.intent in done:
            progress.skip(job.units)
        else:
            waiting.append(job)
    for at in range(0, len(waiting), BATCH):
        batch = waiting[at : at + BATCH]
        with transaction.atomic():
            for job in batch:
                job.act()
        progress.add(sum(job.units for job in batch), str(batch[-1].day))
    progress.finish()
