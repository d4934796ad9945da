"""A document's life as data: which verb leads from where to where. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hengcang.kernel.errors import Refused


class Status(StrEnum):
    """Every status a document may have; a type allows some of them."""

    DRAFT = "draft"
    PENDING = "pending"
    APPROVED = "approved"
    CLOSED = "closed"
    CLOSED_FORCED = "closed_forced"
    POSTED = "posted"
    IN_TRANSIT = "in_transit"
    PARTIAL = "partial"
    COUNTING = "counting"
    REVIEW = "review"
    REVERSED = "reversed"
    VOIDED = "voided"
    WON = "won"
    LAPSED = "lapsed"


STATUS_LABELS = {
    Status.DRAFT: "草稿",
    Status.PENDING: "待审核",
    Status.APPROVED: "已审核",
    Status.CLOSED: "已完成",
    Status.CLOSED_FORCED: "强制结单",
    Status.POSTED: "已审核",
    Status.IN_TRANSIT: "在途",
    Status.PARTIAL: "部分到货",
    Status.COUNTING: "盘点中",
    Status.REVIEW: "待复核",
    Status.REVERSED: "已红冲",
    Status.VOIDED: "已作废",
    Status.WON: "已成交",
    Status.LAPSED: "已失效",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One arrow: from any of `sources` to `target`, for holders of "<kind>.<permission>"."""

    sources: frozenset[Status]
    target: Status
    label: str
    permission: str


@dataclass(frozen=True, slots=True)
class Flow:
    """The steps of one document type, in the order of the buttons."""

    steps: Mapping[str, Step]

    def verbs(self, status: str) -> list[str]:
        """Verbs open from `status`, in the order the flow lists them."""
        return [verb for verb, step in self.steps.items() if status in step.sources]

    def target(self, verb: str, status: str) -> Status:
        """Where the verb leads. Raises Refused("wrong_status")."""
        step = self.steps[verb]  # an unknown verb is our bug, so KeyError, not Refused
        if status not in step.sources:
            raise Refused(
                "wrong_status",
                verb=verb,
                verb_label=step.label,
                status=str(status),
                status_label=STATUS_LABELS[Status(status)],
            )
        return step.target

    def pressed(self, verb: str, status: str) -> Status:
        """Where a person's verb leads; what follows from execution is nobody's to press.

        Raises Refused("wrong_status").
        """
        if verb in UNPRESSED:
            raise Refused(
                "wrong_status",
                verb=verb,
                verb_label=self.steps[verb].label,
                status=str(status),
                status_label=STATUS_LABELS[Status(status)],
            )
        return self.target(verb, status)


ORDER_FLOW = Flow(
    {
        "approve": Step(
            frozenset({Status.DRAFT, Status.PENDING}), Status.APPROVED, "审核", "approve"
        ),
        "submit": Step(frozenset({Status.DRAFT}), Status.PENDING, "提交审核", "save"),
        "send_back": Step(frozenset({Status.PENDING}), Status.DRAFT, "驳回", "approve"),
        "take_back": Step(frozenset({Status.APPROVED}), Status.DRAFT, "反审核", "approve"),
        "complete": Step(frozenset({Status.APPROVED}), Status.CLOSED, "完成", "view"),
        "reopen": Step(frozenset({Status.CLOSED}), Status.APPROVED, "重新打开", "view"),
        "close": Step(frozenset({Status.APPROVED}), Status.CLOSED_FORCED, "强制结单", "approve"),
        "void": Step(frozenset({Status.DRAFT, Status.PENDING}), Status.VOIDED, "作废", "save"),
    }
)
"""Orders: they promise, they move nothing.

`complete` and `reopen` follow execution, nobody presses them.
"""

QUOTE_FLOW = Flow(
    {
        **{
            verb: ORDER_FLOW.steps[verb] for verb in ("approve", "submit", "send_back", "take_back")
        },
        "complete": Step(frozenset({Status.APPROVED}), Status.WON, "全部成交", "view"),
        "reopen": Step(frozenset({Status.WON}), Status.APPROVED, "重新打开", "view"),
        "lapse": Step(frozenset({Status.APPROVED}), Status.LAPSED, "失效", "approve"),
        "void": Step(
            frozenset({Status.DRAFT, Status.PENDING, Status.APPROVED}),
            Status.VOIDED,
            "作废",
            "save",
        ),
    }
)
"""Quotations: they promise nothing; `complete` and `reopen` follow what was ordered of them."""

INQUIRY_FLOW = Flow(
    {
        **{
            verb: ORDER_FLOW.steps[verb] for verb in ("approve", "submit", "send_back", "take_back")
        },
        "finish": Step(frozenset({Status.APPROVED}), Status.CLOSED, "结束", "save"),
        "void": ORDER_FLOW.steps["void"],
    }
)
"""What suppliers are asked and what they answer: nothing is promised, people end it."""

POSTING_FLOW = Flow(
    {
        "post": Step(frozenset({Status.DRAFT}), Status.POSTED, "审核过账", "post"),
        "reverse": Step(frozenset({Status.POSTED}), Status.REVERSED, "红冲", "reverse"),
        "void": Step(frozenset({Status.DRAFT}), Status.VOIDED, "作废", "save"),
    }
)
"""Documents that change the books: posted once, undone only by a reversal."""

TRANSFER_FLOW = Flow(
    {
        "ship": Step(frozenset({Status.DRAFT}), Status.IN_TRANSIT, "调出", "ship"),
        "move": Step(frozenset({Status.DRAFT}), Status.CLOSED, "调出并调入", "ship"),
        "arrive": Step(
            frozenset({Status.IN_TRANSIT, Status.PARTIAL, Status.CLOSED}),
            Status.PARTIAL,
            "部分到货",
            "view",
        ),
        "complete": Step(
            frozenset({Status.IN_TRANSIT, Status.PARTIAL}), Status.CLOSED, "完成", "view"
        ),
        "turn_back": Step(
            frozenset({Status.PARTIAL, Status.CLOSED}), Status.IN_TRANSIT, "到货已冲回", "view"
        ),
        "mirror": Step(frozenset({Status.DRAFT}), Status.CLOSED, "冲回", "reverse"),
        "reverse": Step(frozenset({Status.IN_TRANSIT}), Status.REVERSED, "红冲", "reverse"),
        "void": Step(frozenset({Status.DRAFT}), Status.VOIDED, "作废", "save"),
    }
)
"""Transfers: shipped by one, received by another, whose receipts lead it on.

`move` is both acts of one person. `arrive`, `complete` and `turn_back` follow the receipts,
`mirror` is the step of a reversal's own paper: nobody presses them.
"""

COUNT_FLOW = Flow(
    {
        "start": Step(frozenset({Status.DRAFT}), Status.COUNTING, "开始盘点", "save"),
        "submit": Step(frozenset({Status.COUNTING}), Status.REVIEW, "提交复核", "save"),
        "recount": Step(frozenset({Status.REVIEW}), Status.COUNTING, "复盘", "post"),
        "post": Step(frozenset({Status.REVIEW}), Status.POSTED, "审核过账", "post"),
        "reverse": Step(frozenset({Status.POSTED}), Status.REVERSED, "红冲", "reverse"),
        "void": Step(
            frozenset({Status.DRAFT, Status.COUNTING, Status.REVIEW}),
            Status.VOIDED,
            "作废",
            "save",
        ),
    }
)
"""Stock counts: counted by many, reviewed, then posted as differences."""

UNPRESSED = frozenset({"complete", "reopen", "arrive", "turn_back", "mirror"})
"""Verbs that follow from execution; pages offer no button for them."""

ORDER_STATUSES = [
    Status.DRAFT.value,
    Status.PENDING.value,
    Status.APPROVED.value,
    Status.CLOSED.value,
    Status.CLOSED_FORCED.value,
    Status.VOIDED.value,
]
INQUIRY_STATUSES = [
    Status.DRAFT.value,
    Status.PENDING.value,
    Status.APPROVED.value,
    Status.CLOSED.value,
    Status.VOIDED.value,
]
QUOTE_STATUSES = [
    Status.DRAFT.value,
    Status.PENDING.value,
    Status.APPROVED.value,
    Status.WON.value,
    Status.LAPSED.value,
    Status.VOIDED.value,
]
ON_THE_WAY = (Status.IN_TRANSIT, Status.PARTIAL)
"""Transfers whose goods are between two places."""
TRANSFER_STATUSES = [
    Status.DRAFT.value,
    Status.IN_TRANSIT.value,
    Status.PARTIAL.value,
    Status.CLOSED.value,
    Status.REVERSED.value,
    Status.VOIDED.value,
]
POSTING_STATUSES = [
    Status.DRAFT.value,
    Status.POSTED.value,
    Status.REVERSED.value,
    Status.VOIDED.value,
]
COUNT_STATUSES = [
    Status.DRAFT.value,
    Status.COUNTING.value,
    Status.REVIEW.value,
    Status.POSTED.value,
    Status.REVERSED.value,
    Status.VOIDED.value,
]
OF_ONE_TYPE = frozenset({Status.WON, Status.LAPSED, *ON_THE_WAY, Status.COUNTING, Status.REVIEW})
"""Statuses that only one type of document has: among its own choices, not in other tables."""
