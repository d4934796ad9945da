"""From a document to the parts of its JSON; the shapes decide what is told and what is hidden."""

from decimal import Decimal
from typing import Any

from hengcang.api.documents.kinds import ACTS
from hengcang.api.documents.shapes import promises
from hengcang.kernel.actor import Actor
from hengcang.ledger import queries as ledger
from hengcang.register import lists
from hengcang.register import queries as register
from hengcang.register.kinds import Kind, open_verbs


class Whole:
    """A document with its lines, open verbs and chain, as attributes for the shape to read."""

    def __init__(self, actor: Actor, kind: Kind, document: Any) -> None:
        self._document = document
        self.lines = lists.lines_of(actor, kind, document)
        if not promises(kind):
            _add_costs(actor, kind, document, self.lines)
        is_reversal = getattr(document, "reversal_of_id", None) is not None
        verbs = open_verbs(actor, kind, document.status, is_reversal=is_reversal)
        self.verbs = [
            {"name": path_of(v.name), "label": v.label, "needs_reason": v.needs_reason}
            for v in verbs
        ]
        self.chain = register.chain(actor, kind, document)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._document, name)


def whole(actor: Actor, kind: Kind, document_id: int) -> Whole:
    """The document as it stands now. Raises Refused: forbidden, not_found."""
    return Whole(actor, kind, lists.one(actor, kind, document_id))


def path_of(verb: str) -> str:
    """take_back is take-back in an address."""
    return verb.replace("_", "-")


def _add_costs(actor: Actor, kind: Kind, document: Any, lines: list[Any]) -> None:
    """The booked cost of each line, in the document's own direction."""
    sign = ACTS[kind.code].came_in
    costs: dict[int, Decimal] = {}
    for booked in ledger.line_costs(actor, kind.code, document.pk):
        costs[booked.line] = costs.get(booked.line, Decimal(0)) + sign * booked.cost
    for line in lines:
        line.cost_amount = costs.get(line.position, getattr(line, "cost_amount", None))
