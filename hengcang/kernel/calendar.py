"""Business dates. They are days in Asia/Shanghai; the clock is read by faces, never here."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def business_date(at: datetime) -> date:
    """The day in Shanghai of an aware moment."""
    return at.astimezone(SHANGHAI).date()


def month_of(day: date) -> date:
    """The first day of the month: the key of its Period."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """The first day of the following month."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def previous_month(month: date) -> date:
    """The first day of the month before."""
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def days_after(day: date, days: int) -> date:
    """The day so many days later, or the last day a date can name."""
    return day + timedelta(days=min(days, (date.max - day).days))


def months_between(first: date, last: date) -> list[date]:
    """Every month from that of `first` to that of `last`, both included, in order."""
    months, month = [], month_of(first)
    while month <= last:
        months.append(month)
        month = next_month(month)
    return months
