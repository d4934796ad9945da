"""When a standing order comes again. Pure."""

from calendar import monthrange
from datetime import date, timedelta

from hengcang.sales.standing_models import Rhythm


def next_date(on: date, rhythm: str, every: int, day: int) -> date:
    """The date after `on`: so many weeks later, or in so many months on that day of the month, or
    its last.
    """
    if rhythm == Rhythm.WEEKLY:
        return on + timedelta(weeks=every)
    months = on.year * 12 + on.month - 1 + every
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day, monthrange(year, month + 1)[1]))
