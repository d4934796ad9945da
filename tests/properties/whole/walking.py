"""A walk: every step one of the possible verbs that were done least in it so far.

Hypothesis itself leaves most rules out of one example, to find what few verbs together break. In
few examples that leaves verbs undone that need others before them; a walk comes to all of them.
"""

from collections import Counter
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hengcang.ledger.models import CostScope
from tests.properties.company import Company

OFTEN = {
    "reverse": 6, "reverse_newest": 2, "step_sale": 3, "step_purchase": 3, "inspect_goods": 3,
    "arrive": 3, "give_back": 2, "return_goods": 2, "start_count": 2, "count": 2, "end_count": 2,
    "post_count": 2, "receive_ordered": 2, "deliver_ordered": 2, "step_request": 2,
    "step_quote": 2, "inspect": 2, "pieces_come": 2, "pieces_go": 2,
}  # fmt: skip
"""How often these come when others come once."""


def walk(machine: type[Company], steps: int, how: settings) -> None:
    """As many walks as `how` says, each in books of its own."""

    @how
    @given(data=st.data(), scope=st.sampled_from(list(CostScope)))
    def walked(data: Any, scope: CostScope) -> None:
        company, done = machine(), Counter[str]()
        try:
            company.open_books(scope)
            for _ in range(steps):
                _step(company, data, done)
                for check in company.invariants:
                    check.function(company)
        finally:
            company.teardown()

    walked()


def _step(company: Company, data: Any, done: Counter[str]) -> None:
    ready = [one for one in company.rules if all(fits(company) for fits in one.preconditions)]
    turns = {_name(one): Fraction(done[_name(one)], OFTEN.get(_name(one), 1)) for one in ready}
    least = min(turns.values())
    due = sorted((one for one in ready if turns[_name(one)] < least + 1), key=_name)
    chosen = data.draw(st.sampled_from(due))
    done[_name(chosen)] += 1
    drawn = {
        name: data if name == "data" else data.draw(strategy)
        for name, strategy in chosen.arguments_strategies.items()
    }
    chosen.function(company, **drawn)


def _name(one: Any) -> str:
    return str(one.function.__name__)
