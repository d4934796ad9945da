"""When the demo company is busy."""

from datetime import date, timedelta

import pytest

from hengcang.cli.demo import seasons
from hengcang.cli.demo.names import Season

FIRST = date(2025, 6, 1)


def _mean(first: date, days: int) -> float:
    span = [first + timedelta(days=n) for n in range(days)]
    return sum(seasons.busyness(day, FIRST) for day in span) / days


def test_before_the_spring_festival_is_busy_and_then_nothing_moves() -> None:
    festival = date(2026, 2, 17)
    usual = _mean(date(2025, 12, 1), 21)
    assert _mean(festival - timedelta(days=26), 21) > 1.2 * usual
    assert _mean(festival - timedelta(days=5), 13) == 0
    assert _mean(festival + timedelta(days=8), 7) < 0.6 * usual


@pytest.mark.parametrize("first", [date(2026, 6, 8), date(2026, 11, 2)], ids=["618", "双11"])
def test_promotions_are_busy(first: date) -> None:
    assert _mean(first, 7) > 1.2 * _mean(first - timedelta(days=28), 7)


def test_sundays_are_free() -> None:
    assert seasons.busyness(date(2026, 11, 22), FIRST) == 0


@pytest.mark.parametrize(
    ("season", "high", "low"),
    [
        (Season.SCHOOL, date(2026, 8, 25), date(2026, 7, 15)),
        (Season.FESTIVAL, date(2026, 1, 25), date(2026, 5, 1)),
        (Season.SUMMER, date(2026, 7, 1), date(2026, 12, 1)),
        (Season.WINTER, date(2026, 12, 1), date(2026, 7, 1)),
        (Season.HOME, date(2026, 11, 8), date(2026, 9, 20)),
    ],
)
def test_goods_have_their_time(season: Season, high: date, low: date) -> None:
    assert seasons.season_factor(season, high) > 1.5 * seasons.season_factor(season, low)
