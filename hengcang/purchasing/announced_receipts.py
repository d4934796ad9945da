"""What a receipt takes of the notices that announced its goods."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hengcang.documents.flow import Status
from hengcang.documents.sources import add_to_lines, follow_execution, lock_sources, refuse_closed
from hengcang.kernel.actor import Actor
from hengcang.kernel.rounding import ZERO
from hengcang.purchasing.models import ArrivalNoticeLine, PurchaseReceiptLine


@dataclass(frozen=True, slots=True)
class Announced:
    """Base units by line of a notice that come in (a reversal: go back), and the lines, locked."""

    quantities: dict[int, Decimal]
    lines: dict[int, Any]

    @classmethod
    def locked(cls, received: Iterable[PurchaseReceiptLine]) -> "Announced":
        """Of these lines; no statement where none was announced. Notices are locked before orders,
        in id order.
        """
        sums: dict[int, Decimal] = defaultdict(lambda: ZERO)
        for line in received:
            if line.notice_line_id is not None:
                sums[line.notice_line_id] += line.quantity
        return cls(sums, lock_sources(ArrivalNoticeLine.objects.all(), set(sums)))

    def refuse_closed(self) -> None:
        """Raises Refused("source_not_open") when a notice is done or closed."""
        refuse_closed(self.lines, Status.APPROVED)

    def follow(self, actor: Actor) -> None:
        """The notices count what came; one with nothing left is complete, one with something left
        again is not.
        """
        if self.quantities:
            add_to_lines(ArrivalNoticeLine, qty_fulfilled=self.quantities)
            follow_execution(self.lines, actor=actor)
