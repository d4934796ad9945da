"""The one place where pages read the clock."""

from datetime import UTC, date, datetime

from hengcang.kernel.calendar import SHANGHAI, business_date


def today() -> date:
    """The business date in Shanghai."""
    return business_date(_now())


def clock_time(at: datetime) -> str:
    """A moment as people write it, 2026-11-24 17:05, in Shanghai."""
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def greeting() -> str:
    """早上好, 下午好 or 晚上好."""
    hour = _now().astimezone(SHANGHAI).hour
    if hour < 5 or hour >= 18:
        return "晚上好"
    return "早上好" if hour < 12 else "下午好"


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - a face may
