"""What a person wants to record about customers and suppliers, as plain data. Pure."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ContactDraft:
    """A person at the partner."""

    name: str
    title: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class CustomerTerms:
    """The partner buys from us. A limit of None is no limit; 2 dp, the book's currency."""

    credit_limit: Decimal | None = None
    credit_days: int = 0
    price_tier_id: int | None = None


@dataclass(frozen=True, slots=True)
class SupplierTerms:
    """The partner sells to us; grade A to D."""

    credit_grade: str = "B"
    credit_days: int = 0
    lead_time_days: int | None = None
    over_receipt_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PartnerDraft:
    """A partner as filled in. A code of None takes the next automatic one; at least one role."""

    name: str
    code: str | None = None
    category: str = ""
    salesperson_id: int | None = None
    address: str = ""
    tax_no: str = ""
    bank_name: str = ""
    bank_account: str = ""
    note: str = ""
    contacts: tuple[ContactDraft, ...] = ()
    customer: CustomerTerms | None = None
    supplier: SupplierTerms | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What a set-based import did: how many rows are new, and the id of every draft, in order."""

    created: int
    ids: list[int]
