"""Who acts: what a person or a program may do, and where. Read anew for every request."""

from dataclasses import dataclass, field
from enum import StrEnum


class FieldClass(StrEnum):
    """A class of figures that a role may or may not see, wherever they appear."""

    COST = "cost"


@dataclass(frozen=True, slots=True)
class Actor:
    """One person, key or program at one moment. `warehouse_ids` None means every warehouse."""

    id: int
    name: str
    permissions: frozenset[str] = frozenset()
    warehouse_ids: frozenset[int] | None = frozenset()
    field_classes: frozenset[FieldClass] = frozenset()
    own_partners_only: bool = False
    partner_id: int | None = None  # set for an outsider: sees the partner's own papers only
    omnipotent: bool = field(default=False)
    usual_warehouse_id: int | None = None  # where the actor's new documents start, if in scope

    def may(self, permission: str) -> bool:
        """Whether the actor holds the permission, e.g. "sales_order.approve"."""
        return self.omnipotent or permission in self.permissions

    def reaches(self, warehouse_id: int) -> bool:
        """Whether the warehouse is inside the actor's data scope."""
        return self.warehouse_ids is None or warehouse_id in self.warehouse_ids

    def sees(self, field_class: FieldClass) -> bool:
        """Whether figures of this class may be shown to the actor."""
        return self.omnipotent or field_class in self.field_classes


SYSTEM = Actor(
    id=0,
    name="系统",
    warehouse_ids=None,
    field_classes=frozenset(FieldClass),
    omnipotent=True,
)
"""The program itself: jobs, loads, checks. Never given to a request."""
