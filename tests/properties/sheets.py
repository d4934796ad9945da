"""What is written on the company's paper: orders, documents and their lines; and its refusal."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

Place = tuple[int, int]  # item, warehouse
NOUGHT = Fraction(0)


class No(Exception):
    """The paper refuses; `codes` are all the reasons there are."""

    def __init__(self, codes: set[str]) -> None:
        super().__init__(codes)
        self.codes = codes


@dataclass
class OrderLine:
    """`done`: delivered or received; `reserved`: held for the rest."""

    item: int
    quantity: Fraction
    price: str
    tax: str = "0"
    done: Fraction = NOUGHT
    reserved: Fraction = NOUGHT
    billed: int = 0  # gross cents of what was done, and the tax in it
    taxed: int = 0
    off: int = 0  # cents of a discount on the whole order, and how much parts have carried
    carried: int = 0
    warehouse: int | None = None  # whence it goes, if not from its order's

    @property
    def open(self) -> Fraction:
        return max(NOUGHT, self.quantity - self.done)


@dataclass
class Order:
    """`sign`: +1 we sell, −1 we buy."""

    warehouse: int
    lines: list[OrderLine]
    sells: bool
    status: str = "approved"
    touched: bool = False

    def place(self, line: OrderLine) -> Place:
        return (line.item, line.warehouse or self.warehouse)


@dataclass
class DocumentLine:
    """`fact`: its position in the books. `gross` in cents. `consumed`: reservation it used up."""

    item: int
    quantity: Fraction
    gross: int = 0
    fact: int = -1
    order_line: OrderLine | None = None
    returns: "DocumentLine | None" = None
    returned: Fraction = NOUGHT
    consumed: Fraction = NOUGHT
    tax: int = 0  # cents, inside gross
    given_back: int = 0  # gross cents of what was returned, and the tax in it
    untaxed: int = 0
    off: int = 0  # cents of a discount on the whole, taken off gross already
    off_back: int = 0
    comes_back: bool = False  # on a paper whose other lines go out


@dataclass
class Document:
    """Something posted. `order` or `delivery` (of goods to us: the receipt) its lines name."""

    kind: str
    dated: date
    warehouse: int
    lines: list[DocumentLine]
    order: Order | None = None
    delivery: "Document | None" = None
    status: str = "posted"
    is_reversal: bool = False
    twin: "Document | None" = None
    returns: "list[Document]" = field(default_factory=list)
