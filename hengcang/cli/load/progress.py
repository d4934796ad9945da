"""How far a long load is, on standard error: a bar, the time it took, the time still to go."""

import sys
import time

WIDTH = 28
QUIET_SECONDS = 15.0  # between lines when nobody looks at a terminal


class Progress:
    """`total` units of work. `skip` counts what was done before, which takes no time."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.skipped = max(total, 1), 0, 0
        self.started = time.monotonic()
        self.is_terminal = sys.stderr.isatty()
        self._told = 0.0

    def skip(self, units: int) -> None:
        self.done += units
        self.skipped += units

    def add(self, units: int, what: str) -> None:
        """So many units more are done; `what` says where the load is."""
        self.done += units
        now = time.monotonic()
        if now - self._told < (0.2 if self.is_terminal else QUIET_SECONDS):
            return
        self._told = now
        self._say(what)

    def finish(self) -> None:
        self._say("完成")
        if self.is_terminal:
            sys.stderr.write("\n")

    def remaining_seconds(self) -> float:
        """At the pace so far."""
        worked = self.done - self.skipped
        if worked <= 0:
            return 0.0
        return (time.monotonic() - self.started) / worked * (self.total - self.done)

    def _say(self, what: str) -> None:
        part = self.done / self.total
        bar = "█" * int(part * WIDTH) + "░" * (WIDTH - int(part * WIDTH))
        passed = _clock(time.monotonic() - self.started)
        line = f"{bar} {part:4.0%} {what} 已用 {passed} 还需 {_clock(self.remaining_seconds())}"
        sys.stderr.write(f"\r{line}  " if self.is_terminal else f"{line}\n")
        sys.stderr.flush()


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60:02d}:{int(seconds) % 60:02d}"
