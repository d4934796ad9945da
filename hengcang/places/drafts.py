"""What a person wants to record about a warehouse, as plain data. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Negatives(StrEnum):
    """What happens when more leaves than is there. It counts for items new to the warehouse."""

    REFUSED = "refused"
    ALLOWED = "allowed"


@dataclass(frozen=True, slots=True)
class WarehouseDraft:
    """A warehouse as filled in. `bins` are the codes of its bins in use; others are put away."""

    code: str
    name: str
    address: str = ""
    negatives: Negatives = Negatives.REFUSED
    bins: tuple[str, ...] = ()
