"""Moving average cost. Pure; quantities in micro-units, values in cents.

Source: 企业会计准则第1号——存货 第十四条 (移动加权平均法); IAS 2 §27, average recalculated as each
receipt arrives. Rounding: HALF_UP to the cent at each issue; the last unit takes what is left.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import shown


@dataclass(slots=True)
class Held:
    """Stock of one cost key: quantity in micro-units, value in cents."""

    quantity: int = 0
    value: int = 0


@dataclass(slots=True)
class Remaining:
    """What followers have not yet taken of an entry: all three are magnitudes of that entry."""

    quantity: int
    value: int
    variance: int = 0


class Move(NamedTuple):
    """One entry to be valued. `quantity` is signed; a stated value only comes in.

    `undoes`: it reverses its origin; else a follower carries its origin's value on. `making`: moves
    with the same one share a value, which `share` (a weight) of each that comes in divides;
    `added` (cents) comes on top.
    """

    position: int
    key: int
    quantity: int
    value_in: int | None = None
    origin: int | None = None
    dated: date | None = None
    undoes: bool = False
    making: int | None = None
    share: int = 0
    added: int = 0


class Cost(NamedTuple):
    """The computed value (signed like the quantity) and what the shelf could not give, in cents."""

    value: int
    variance: int = 0


@dataclass(slots=True)
class Books:
    """The state between moves, and the costs computed so far.

    `whole` and `remaining` must hold every origin outside the replayed moves; `parents` maps a
    follower outside them to its origin, `taken` to what it took. Origins inside are added as they
    come.
    """

    held: dict[int, Held]
    whole: dict[int, Remaining] = field(default_factory=dict)
    remaining: dict[int, Remaining] = field(default_factory=dict)
    parents: dict[int, int] = field(default_factory=dict)
    taken: dict[int, Remaining] = field(default_factory=dict)
    costs: dict[int, Cost] = field(default_factory=dict)
    used: dict[int, int] = field(default_factory=dict)  # cents that went into each making


class Short(Exception):
    """A cost key would hold less than nothing: there is no average of what is not there."""

    def __init__(self, key: int, position: int, missing: int) -> None:
        super().__init__(key, position, missing)
        self.key, self.position, self.missing = key, position, missing


def issue_value(held: Held, quantity: int) -> int:
    """Cents that `quantity` units leaving `held` cost. The last unit takes all that is left."""
    assert 0 < quantity <= held.quantity, "the door checks that stock suffices"
    if quantity == held.quantity:
        return held.value
    return _half_up(held.value * quantity, held.quantity)


def share(remaining: Remaining, quantity: int) -> Remaining:
    """What a follower of `quantity` units takes of its origin; the last one takes the rest.

    Raises Refused("over_returned") when followers would take more than the origin moved.
    """
    if not 0 < quantity <= remaining.quantity:
        left = Decimal(remaining.quantity) / 1_000_000
        raise Refused(
            "over_returned", left=shown(left), needed=shown(Decimal(quantity) / 1_000_000)
        )
    if quantity == remaining.quantity:
        return Remaining(quantity, remaining.value, remaining.variance)
    return Remaining(quantity, _half_up(remaining.value * quantity, remaining.quantity))


def replay(books: Books, moves: Sequence[Move]) -> None:
    """Value the moves in the order given: `books` holds the costs and the state afterwards.

    Raises Short, and Refused("over_returned").
    """
    followed = {move.origin for move in moves if move.origin is not None}
    undone = _undone_under_their_own_date(moves)
    makings = _shares_of_makings(moves)
    for move in moves:
        if move.position in undone:
            _shelve(books, move, share(books.whole[_origin(move)], abs(move.quantity)))
        elif move.origin is not None:
            _follow(books, move)
        elif move.quantity < 0:
            _issue(books, move)
        elif move.making is not None:
            _make(books, move, makings[move.making])
        else:
            assert move.value_in is not None, "what comes in states a value or follows"
            held = books.held[move.key]
            held.quantity += move.quantity
            held.value += move.value_in
        if move.position in followed:
            books.whole[move.position] = _as_origin(books, move)
            books.remaining[move.position] = replace(books.whole[move.position])


def _issue(books: Books, move: Move) -> None:
    """What leaves costs the average; what is used in a making lends it that value."""
    held = _enough(books, move)
    value = issue_value(held, -move.quantity)
    held.quantity += move.quantity
    held.value -= value
    books.costs[move.position] = Cost(-value)
    if move.making is not None:
        books.used[move.making] = books.used.get(move.making, 0) + value


def _shares_of_makings(moves: Sequence[Move]) -> dict[int, dict[int, int]]:
    """The weights of what comes in, by position, of every making."""
    found: dict[int, dict[int, int]] = {}
    for move in moves:
        if move.making is not None and move.quantity > 0:
            found.setdefault(move.making, {})[move.position] = move.share
    return found


def divided(value: int, shares: Mapping[int, int]) -> dict[int, int]:
    """`value` cents divided by weights, by largest remainder: the parts add up to it exactly.

    Ties go to the lower key. Without any weight every part counts alike.
    """
    weights = shares if any(shares.values()) else dict.fromkeys(shares, 1)
    whole = sum(weights.values())
    parts = {key: value * weight // whole for key, weight in weights.items()}
    by_rest = sorted(weights, key=lambda key: (-(value * weights[key] % whole), key))
    for key in by_rest[: value - sum(parts.values())]:
        parts[key] += 1
    return parts


def _make(books: Books, move: Move, shares: Mapping[int, int]) -> None:
    """A made thing comes in at its part of all that went into its making, and what is added."""
    assert move.making is not None
    value = divided(books.used.get(move.making, 0), shares)[move.position] + move.added
    held = books.held[move.key]
    held.quantity += move.quantity
    held.value += value
    books.costs[move.position] = Cost(value)


def _enough(books: Books, move: Move) -> Held:
    held = books.held[move.key]
    if held.quantity + move.quantity < 0:
        raise Short(move.key, move.position, -held.quantity - move.quantity)
    return held


def _undone_under_their_own_date(moves: Sequence[Move]) -> set[int]:
    """Followers whose reversal bears their own date: it is as if they had never taken anything.

    Else a return entered under a wrong date and reversed would still be in the way of the right
    one, and of the reversal of its delivery, at every earlier date.
    """
    followers = {move.position: move.dated for move in moves if move.origin is not None}
    return {
        move.origin
        for move in moves
        if move.undoes and move.origin in followers and followers[move.origin] == move.dated
    }


def _origin(move: Move) -> int:
    assert move.origin is not None
    return move.origin


def _follow(books: Books, move: Move) -> None:
    """Value a move that takes its value from its origin."""
    origin = books.remaining[_origin(move)]
    part = share(origin, abs(move.quantity))
    origin.quantity -= part.quantity
    origin.value -= part.value
    origin.variance -= part.variance
    books.parents[move.position], books.taken[move.position] = _origin(move), part
    if move.undoes:
        _give_back(books, _origin(move))
    _shelve(books, move, part)


def _shelve(books: Books, move: Move, part: Remaining) -> None:
    """The share is on the shelf, or off it.

    Coming in, the move brings the share along. Going out (a return to the supplier, a reversed
    receipt) it takes the share, never more than is held and all that is held when the shelf
    empties; the rest is variance.
    """
    held = _enough(books, move)
    if move.quantity > 0:
        value, variance = part.value, -part.variance
    else:
        everything = -move.quantity == held.quantity
        value = -(held.value if everything else min(part.value, held.value))
        variance = part.value + value
    held.quantity += move.quantity
    held.value += value
    books.costs[move.position] = Cost(value, variance)


def _give_back(books: Books, reversed_follower: int) -> None:
    """A reversed follower returns to its origin what it had taken (a reversal is always whole)."""
    parent = books.parents.get(reversed_follower)
    if parent is None:
        return
    back, origin = books.taken[reversed_follower], books.remaining[parent]
    origin.quantity += back.quantity
    origin.value += back.value
    origin.variance += back.variance


def _as_origin(books: Books, move: Move) -> Remaining:
    cost = books.costs.get(move.position)
    if cost is None:
        assert move.value_in is not None
        return Remaining(abs(move.quantity), move.value_in)
    return Remaining(abs(move.quantity), abs(cost.value), cost.variance)


def _half_up(numerator: int, denominator: int) -> int:
    """numerator ÷ denominator, both positive, rounded HALF_UP."""
    return (2 * numerator + denominator) // (2 * denominator)
