"""The JSON of each kind of document, put together from parts by what the kind has."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, create_model

from hengcang.api.documents.asked import (
    CostedAsked,
    Counted,
    CreditedAsked,
    DestinationAsked,
    DiscountAsked,
    DocumentAsked,
    DueAsked,
    DueLineAsked,
    FreeAsked,
    HeaderAsked,
    LineAsked,
    LineDueAsked,
    LineWishAsked,
    OutcomeAsked,
    PricedAsked,
    SaleDocumentAsked,
    SourcedAsked,
    TradeAsked,
    TradeDocumentAsked,
    ValidAsked,
    VersionAsked,
    WishAsked,
)
from hengcang.api.documents.told import (
    CostTold,
    CreditedTold,
    DestinationTold,
    DiscountTold,
    DueTold,
    FreeTold,
    FulfilTold,
    HeaderTold,
    LineDiscountTold,
    LineTold,
    LineWishTold,
    LinkTold,
    OutcomeTold,
    PricedTold,
    PurchaseDiscountTold,
    PurchaseLineDiscountTold,
    PurchasePricedTold,
    PurchaseTradeTold,
    ReceiveTold,
    ReservedTold,
    ReturnedTold,
    ReversalTold,
    SourcedTold,
    TradeTold,
    TransitTold,
    ValidTold,
    VerbTold,
    WishTold,
)
from hengcang.api.paging import Page
from hengcang.api.reading import ClientUuid
from hengcang.documents.flow import ORDER_FLOW, QUOTE_FLOW
from hengcang.register.kinds import Kind

WISHING = frozenset({"purchase_requisition"})
COSTED = frozenset({"sales_return", "other_receipt"})
GIVEN_BACK = frozenset({"sales_return", "purchase_return"})
"""Kinds that give back the share of what they follow; they take nothing off of their own."""


ASKED = {
    "customer": SaleDocumentAsked,
    "supplier": TradeDocumentAsked,
    "": DocumentAsked,
}


class Shapes:
    """The models of one kind, made once at import."""

    def __init__(self, kind: Kind, then: str) -> None:
        name = kind.code.title().replace("_", "")
        line = _made(f"{name}LineAsked", kind, _line_asked(kind))
        lines = (Annotated[list[line], Counted], Field())  # type: ignore[valid-type]
        header = _header_asked(kind)
        saved = (Literal["save", then], Field("save", description="保存后立即审核或过账。"))
        self.new = _made(
            f"{name}New",
            kind,
            header,
            lines=lines,
            then=saved,
            client_uuid=(ClientUuid | None, None),
        )
        self.change = _made(f"{name}Change", kind, (VersionAsked, *header), lines=lines)
        self.row = _made(f"{name}Row", kind, _header_told(kind))
        told = _made(f"{name}Line", kind, _line_told(kind))
        self.full = _made(
            name,
            kind,
            (self.row,),
            lines=(list[told], ...),  # type: ignore[valid-type]
            verbs=(list[VerbTold], ...),
            chain=(list[LinkTold], ...),
        )
        self.page: Any = Page[self.row]  # type: ignore[name-defined]
        self.asked: Any = ASKED[kind.role]


def _made(name: str, kind: Kind, parts: tuple[type[BaseModel], ...], **fields: Any) -> Any:
    return create_model(name, __base__=parts, __doc__=kind.label, __module__=__name__, **fields)


def _chosen(*parts: tuple[bool, type[BaseModel]]) -> tuple[type[BaseModel], ...]:
    return tuple(part for wanted, part in parts if wanted)


def is_order(kind: Kind) -> bool:
    return kind.flow is ORDER_FLOW


def is_quote(kind: Kind) -> bool:
    return kind.flow is QUOTE_FLOW


def promises(kind: Kind) -> bool:
    """Whether it only says what is to be done, and is done by others."""
    return is_order(kind) or is_quote(kind)


def is_bought(kind: Kind) -> bool:
    """Whether its prices are what we pay: figures of cost."""
    return kind.role == "supplier"


def _line_asked(kind: Kind) -> tuple[type[BaseModel], ...]:
    return _chosen(
        (True, LineAsked),
        (bool(kind.role), PricedAsked),
        (kind.role == "customer" and not is_quote(kind), FreeAsked),
        (bool(kind.source), SourcedAsked),
        (kind.code in COSTED, CostedAsked),
        (kind.code in WISHING, LineWishAsked),
        (kind.code == "purchase_order", DueLineAsked),
        (kind.code == "sales_order", LineDueAsked),
    )


def _header_asked(kind: Kind) -> tuple[type[BaseModel], ...]:
    return _chosen(
        (True, HeaderAsked),
        (bool(kind.role), TradeAsked),
        (bool(kind.role) and kind.code not in GIVEN_BACK, DiscountAsked),
        (is_order(kind), DueAsked),
        (kind.code in WISHING, WishAsked),
        (is_quote(kind), ValidAsked),
        (kind.role == "customer", CreditedAsked),
        (kind.code == "stock_transfer", DestinationAsked),
        (kind.code == "transfer_receipt", OutcomeAsked),
    )


def _header_told(kind: Kind) -> tuple[type[BaseModel], ...]:
    bought = is_bought(kind)
    return _chosen(
        (True, HeaderTold),
        (bool(kind.role) and not bought, TradeTold),
        (bought, PurchaseTradeTold),
        (bool(kind.role) and not bought, DiscountTold),
        (bought, PurchaseDiscountTold),
        (is_order(kind), DueTold),
        (kind.code in WISHING, WishTold),
        (is_quote(kind), ValidTold),
        (kind.role == "customer", CreditedTold),
        (not promises(kind), ReversalTold),
        (kind.code == "stock_transfer", DestinationTold),
        (kind.code == "transfer_receipt", OutcomeTold),
    )


def _line_told(kind: Kind) -> tuple[type[BaseModel], ...]:
    bought = is_bought(kind)
    return _chosen(
        (True, LineTold),
        (bool(kind.role) and not bought, PricedTold),
        (bought, PurchasePricedTold),
        (bool(kind.role) and not bought, LineDiscountTold),
        (bought, PurchaseLineDiscountTold),
        (promises(kind), FulfilTold),
        (kind.role == "customer" and not is_quote(kind), FreeTold),
        (kind.code == "sales_order", ReservedTold),
        (kind.code == "purchase_order", ReceiveTold),
        (kind.code in {"sales_delivery", "purchase_receipt"}, ReturnedTold),
        (bool(kind.source), SourcedTold),
        (kind.code == "stock_transfer", TransitTold),
        (kind.code in WISHING, LineWishTold),
        (not promises(kind), CostTold),
    )
