"""One machine over all kinds of documents.

A new kind is one file: a mixin of `Shop` (or of the area it needs) with `VERBS`, its rules, and
if it has state of its own `begin`, `compare_everything`, `against_undoing`, each calling the next.
What it posts goes through `Shop.posted`, what it promises through `Asking.promised`; then
reversal, back-dates, closed months, refusals and the comparison are there already. It is named
among the bases of `Everything`; a verb of `VERBS` that a run never does fails the run.
"""

from collections import Counter

from tests.properties.whole.pieces import Pieces


class Everything(Pieces):
    """All of it."""


def verbs() -> dict[str, set[str]]:
    """What the machine does, by kind of document."""
    found: dict[str, set[str]] = {"period": {"close", "reopen"}}
    for area in Everything.__mro__:
        for kind, names in vars(area).get("VERBS", {}).items():
            found.setdefault(kind, set()).update(names)
    return found


def never_done(did: Counter[tuple[str, str]]) -> list[tuple[str, str]]:
    """Verbs that a whole run never did: there the machine is blind."""
    every = [(kind, verb) for kind, names in verbs().items() for verb in sorted(names)]
    return [one for one in every if not did[one]]
