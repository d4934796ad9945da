"""A second opinion on every cost: all facts replayed from nothing, by own code and own rounding.

Nothing here imports the ledger or its rules. Quantities are fractions of a unit, money is whole
cents. The points of rounding are the named ones: a line's gross, the tax in it, every issue,
every share of an origin.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

Key = Hashable


@dataclass(frozen=True)
class Fact:
    """Goods came (+) or went (−). `value` in cents where it is stated; `origin` is a position.

    `undoes`: it reverses its origin; else it carries the origin's value on. Facts of one `making`
    on one day: what goes out is worth what comes in, by weight, with `added` cents on top.
    """

    position: int
    dated: date
    key: Key
    quantity: Fraction
    value: int | None = None
    origin: int | None = None
    undoes: bool = False
    making: int | None = None
    weight: Fraction = Fraction(0)
    added: int = 0


class OverReturned(Exception):
    """More came back than had gone, at some moment of the replay."""


class Short(Exception):
    """Somewhere in the replay a shelf would hold less than nothing."""


@dataclass
class Rest:
    """What followers have not taken of an entry."""

    quantity: Fraction
    value: int
    variance: int = 0


@dataclass
class Replayed:
    """Signed values by position, variances by position, and what every key holds at the end."""

    values: dict[int, int] = field(default_factory=dict)
    variances: dict[int, int] = field(default_factory=dict)
    quantity: dict[Key, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    value: dict[Key, int] = field(default_factory=lambda: defaultdict(int))
    rests: dict[int, Rest] = field(default_factory=dict)
    taken: dict[int, tuple[int, Rest]] = field(default_factory=dict)


def cents(amount: Fraction) -> int:
    """Whole cents of a non-negative number of cents; a half goes up."""
    return int(amount + Fraction(1, 2)) if amount >= 0 else -cents(-amount)


def money(text: str | Decimal) -> int:
    """Cents of an amount that has at most two decimals."""
    exact = Fraction(str(text)) * 100
    assert exact.denominator == 1
    return int(exact)


def line_money(quantity: str, price: str, tax: str, *, includes_tax: bool) -> tuple[int, int, int]:
    """(net, tax, gross) of a document line, in cents."""
    exact = Fraction(quantity) * Fraction(price) * 100
    rate = Fraction(tax) / 100
    gross = cents(exact if includes_tax else exact * (1 + rate))
    inside = cents(gross * rate / (1 + rate))
    return gross - inside, inside, gross


def replayed(facts: Iterable[Fact]) -> Replayed:
    """Every value, from nothing, in the order (date, position)."""
    ordered = sorted(facts, key=lambda f: (f.dated, f.position))
    undone = undone_the_same_day(ordered)
    books = Replayed()
    for fact in ordered:
        if fact.origin is not None:
            _follow(books, fact, ordered, undone)
        elif fact.quantity < 0:
            _issue(books, fact)
        elif fact.making is not None:
            _make(books, fact, [f for f in ordered if f.making == fact.making])
        else:
            assert fact.value is not None
            books.values[fact.position] = fact.value
        books.quantity[fact.key] += fact.quantity
        books.value[fact.key] += books.values[fact.position]
        books.rests[fact.position] = Rest(
            abs(fact.quantity),
            abs(books.values[fact.position]),
            books.variances.get(fact.position, 0),
        )
    return books


def undone_the_same_day(facts: Sequence[Fact]) -> set[int]:
    """Followers that were reversed under their own date: it is as if they had never taken."""
    by_position = {f.position: f for f in facts}
    found = set()
    for fact in facts:
        origin = by_position[fact.origin] if fact.undoes and fact.origin is not None else None
        if origin is not None and origin.origin is not None and origin.dated == fact.dated:
            found.add(origin.position)
    return found


def _issue(books: Replayed, fact: Fact) -> None:
    out, held = -fact.quantity, books.quantity[fact.key]
    if out > held:
        raise Short
    everything = out == held
    value = books.value[fact.key]
    books.values[fact.position] = -(value if everything else cents(value * out / held))


def _make(books: Replayed, fact: Fact, making: Sequence[Fact]) -> None:
    """Whole cents first, the cents left over to the largest fractions, earlier ones before."""
    used = -sum(books.values[f.position] for f in making if f.quantity < 0)
    made = [f for f in making if f.quantity > 0]
    weights = {f.position: f.weight for f in made}
    if not any(weights.values()):
        weights = {position: Fraction(1) for position in weights}
    exact = {p: used * weight / sum(weights.values()) for p, weight in weights.items()}
    over = used - sum(int(part) for part in exact.values())
    by_fraction = sorted(exact, key=lambda p: (int(exact[p]) - exact[p], p))
    books.values[fact.position] = (
        int(exact[fact.position]) + (fact.position in by_fraction[:over]) + fact.added
    )


def _follow(books: Replayed, fact: Fact, facts: Sequence[Fact], undone: set[int]) -> None:
    assert fact.origin is not None
    size = abs(fact.quantity)
    if fact.position in undone:
        origin = next(f for f in facts if f.position == fact.origin)
        whole = Rest(
            abs(origin.quantity),
            abs(books.values[origin.position]),
            books.variances.get(origin.position, 0),
        )
        part = _part(whole, size)
    else:
        rest = books.rests[fact.origin]
        part = _part(rest, size)
        _take(rest, part)
        books.taken[fact.position] = (fact.origin, part)
        if (
            fact.undoes and fact.origin in books.taken
        ):  # a reversal: what the reversed one took goes back
            root, back = books.taken[fact.origin]
            _take(books.rests[root], Rest(-back.quantity, -back.value, -back.variance))
    _shelve(books, fact, part)


def _part(rest: Rest, size: Fraction) -> Rest:
    if size > rest.quantity:
        raise OverReturned
    if size == rest.quantity:
        return Rest(size, rest.value, rest.variance)
    return Rest(size, cents(rest.value * size / rest.quantity))


def _take(rest: Rest, part: Rest) -> None:
    rest.quantity -= part.quantity
    rest.value -= part.value
    rest.variance -= part.variance


def _shelve(books: Replayed, fact: Fact, part: Rest) -> None:
    if fact.quantity > 0:
        books.values[fact.position] = part.value
        books.variances[fact.position] = -part.variance
        return
    out, held, value = -fact.quantity, books.quantity[fact.key], books.value[fact.key]
    if out > held:
        raise Short
    gives = value if out == held else min(part.value, value)
    books.values[fact.position] = -gives
    books.variances[fact.position] = part.value - gives
