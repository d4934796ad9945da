"""Measuring: CPU of this process and of the database's, and one JSON line a figure."""

import json
import os
import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Figure:
    """One line of the speed contract. `budget` None: a reference beside a budgeted one."""

    bench: str
    value: float
    unit: str
    budget: float | None = None
    more_is_better: bool = False

    @property
    def ok(self) -> bool | None:
        if self.budget is None:
            return None
        return self.value >= self.budget if self.more_is_better else self.value <= self.budget


def say(figure: Figure) -> None:
    """Print the figure as JSON, on a line of its own even under pytest."""
    line = {
        "bench": figure.bench,
        "value": round(figure.value, 3),
        "unit": figure.unit,
        "budget": figure.budget,
        "ok": figure.ok,
    }
    out = sys.__stdout__ or sys.stdout
    out.write("\n" + json.dumps(line, ensure_ascii=False) + "\n")
    out.flush()


def server_cpu_ms() -> float:
    """CPU the current connection's database process has used, milliseconds (10 ms steps)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / TICKS


def client_cpu_ms() -> float:
    """CPU this process has used, milliseconds."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return (used.ru_utime + used.ru_stime) * 1000


def cpu_ms_each(work: Callable[[], object], rounds: int) -> float:
    """CPU of client and server for one piece of work, milliseconds, over many rounds."""
    before = client_cpu_ms() + server_cpu_ms()
    for _ in range(rounds):
        work()
    return (client_cpu_ms() + server_cpu_ms() - before) / rounds
