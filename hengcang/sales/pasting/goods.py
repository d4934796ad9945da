"""Items as plain data for the pasting rules, and what is known of codes and names. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class GoodUnit:
    """A unit of an item; quantity × num ÷ den = base units. `id` is the ItemUom."""

    id: int
    name: str
    num: int = 1
    den: int = 1


@dataclass(frozen=True, slots=True)
class Good:
    """An item; the base unit is the first of its units."""

    id: int
    code: str
    name: str
    spec: str
    places: int
    units: tuple[GoodUnit, ...]

    @property
    def label(self) -> str:
        return f"{self.name} {self.spec}".strip()


class Source(StrEnum):
    """Why a code or a phrase names an item."""

    CODE = "编码一致"
    BARCODE = "条码一致"
    OWN_CODE = "客户货号一致"
    ALIAS = "您上次选择过"


@dataclass(frozen=True, slots=True)
class Certain:
    """An item named beyond doubt, with the unit that name carries, if any."""

    good: Good
    source: Source
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the catalogue and the customer's own words say. `codes` in upper case, each with all it
    may name; `phrases` as
    `features.plain_words` writes them, without blanks; `near` by words: items that may be meant;
    `crowded` are words with more of them than were looked at.
    """

    codes: Mapping[str, tuple[Certain, ...]] = field(default_factory=dict)
    phrases: Mapping[str, Certain] = field(default_factory=dict)
    near: Mapping[str, Sequence[Good]] = field(default_factory=dict)
    crowded: frozenset[str] = frozenset()
