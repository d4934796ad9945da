"""A bar chart as an SVG of rectangles, drawn on the server in whole units."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH = 900
HEIGHT = 140
FLOOR = 139  # y of the line the bars stand on
LABEL_EVERY = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """One rectangle and what a pointer reads on it."""

    x: int
    y: int
    width: int
    height: int
    title: str


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart with the sentence a screen reader hears and the data behind it."""

    title: str
    sentence: str
    bars: Sequence[Bar]
    data: Sequence[tuple[str, str]]
    width: int = WIDTH
    height: int = HEIGHT
    floor: int = FLOOR

    @property
    def labels(self) -> list[str]:
        """What the axis has room for."""
        return [label for label, _ in self.data[::LABEL_EVERY]]


def bars(title: str, sentence: str, data: Sequence[tuple[str, Decimal]]) -> Bars:
    """One bar a day, scaled to the largest; days below zero stand at zero."""
    top = max((value for _, value in data), default=Decimal(0))
    step = WIDTH // max(1, len(data))
    drawn = [
        _bar(index * step, step, _height(value, top), f"{label} {value:,.2f}")
        for index, (label, value) in enumerate(data)
    ]
    shown = [(label, f"{value:,.2f}") for label, value in data]
    return Bars(title, sentence, drawn, shown)


def _height(value: Decimal, top: Decimal) -> int:
    return int(value * (FLOOR - 10) / top) if top > 0 and value > 0 else 0


def _bar(x: int, step: int, height: int, title: str) -> Bar:
    return Bar(x + 2, FLOOR - height, max(1, step - 4), height, title)
