"""How busy a day is, and what is wanted then: weekdays, holidays, 春节, 开学, 618, 双11. Pure."""

from datetime import date, timedelta
from functools import cache

from hengcang.cli.demo.names import Season

# First day of the lunar year, as published by the State Council's holiday notices.
SPRING_FESTIVALS = {
    2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13),
    2030: (2, 3), 2031: (1, 23), 2032: (2, 11), 2033: (1, 31), 2034: (2, 19), 2035: (2, 8),
}  # fmt: skip
USUAL_SPRING_FESTIVAL = (2, 5)  # for years the table does not know
WEEKDAYS = (1.2, 1.05, 1.0, 1.0, 1.1, 0.55, 0.0)
GROWTH_A_MONTH = 0.008


def spring_festival(year: int) -> date:
    """The first day of the lunar year that begins in `year`."""
    return date(year, *SPRING_FESTIVALS.get(year, USUAL_SPRING_FESTIVAL))


def is_closed(day: date) -> bool:
    """Sundays and the days around 春节 and 国庆 on which the company rests."""
    gap = (day - spring_festival(day.year)).days
    return day.weekday() == 6 or -5 <= gap <= 7 or (day.month == 10 and day.day <= 3)


def busyness(day: date, since: date) -> float:
    """Orders of the day relative to a usual one; 0 when closed."""
    if is_closed(day):
        return 0.0
    gap = (day - spring_festival(day.year)).days
    growth: float = (1 + GROWTH_A_MONTH) ** ((day - since).days / 30)
    factor = WEEKDAYS[day.weekday()] * growth
    if -28 <= gap < -5:
        factor *= 1.5
    elif 7 < gap <= 18:
        factor *= 0.45
    return factor * _promotion(day, 0.35)


@cache
def season_factor(season: Season, day: date) -> float:
    """How much of a kind of goods is wanted on the day, relative to its yearly mean."""
    return max(0.04, _CURVES[season](day))


def mean_ahead(season: Season, day: date, days: int) -> float:
    """The mean factor of the coming days, sampled weekly: what a buyer has in mind."""
    weeks = range(0, max(days, 7), 7)
    return sum(season_factor(season, day + timedelta(days=d)) for d in weeks) / len(weeks)


def _promotion(day: date, strength: float) -> float:
    if day.month == 6 and 5 <= day.day <= 18:
        return 1 + strength
    if (day.month == 11 and day.day <= 11) or (day.month == 10 and day.day >= 25):
        return 1 + 1.5 * strength
    return 1.0


def _office(day: date) -> float:
    return {1: 1.1, 2: 0.8, 3: 1.2, 12: 1.25}.get(day.month, 1.0)


def _school(day: date) -> float:
    if (day.month == 8 and day.day >= 10) or (day.month == 9 and day.day <= 10):
        return 3.2
    gap = (day - spring_festival(day.year)).days
    if 8 <= gap <= 28:
        return 2.2
    return {7: 0.45, 1: 0.6}.get(day.month, 0.85)


def _cleaning(day: date) -> float:
    gap = (day - spring_festival(day.year)).days
    return 1.9 if -35 <= gap < -5 else 0.95


def _home(day: date) -> float:
    return 0.92 * _promotion(day, 0.8)


def _festival(day: date) -> float:
    gap = (day - spring_festival(day.year)).days
    if -60 <= gap < -35:
        return 2.5
    return 7.0 if -35 <= gap < 0 else 0.04


def _summer(day: date) -> float:
    return {4: 0.9, 5: 1.8, 6: 2.6, 7: 2.8, 8: 1.7, 9: 0.6}.get(day.month, 0.15)


def _winter(day: date) -> float:
    return {10: 1.3, 11: 2.2, 12: 2.6, 1: 2.2, 2: 0.9, 9: 0.5}.get(day.month, 0.25)


_CURVES = {
    Season.OFFICE: _office,
    Season.SCHOOL: _school,
    Season.CLEANING: _cleaning,
    Season.HOME: _home,
    Season.FESTIVAL: _festival,
    Season.SUMMER: _summer,
    Season.WINTER: _winter,
}
