"""The JSON of each kind of document, put together from parts by what the kind has."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, create_model

from hengcang.api.documents.asked import (
    CostedAsked,
    CostOrAverageAsked,
    Counted,
    CreditedAsked,
    DestinationAsked,
    DiscountAsked,
    DocumentAsked,
    DueAsked,
    DueLineAsked,
    ExchangedAsked,
    ExtraCostAsked,
    FreeAsked,
    HeaderAsked,
    JudgedAsked,
    LineAsked,
    LineDueAsked,
    LineWishAsked,
    NeededAsked,
    NoticeAsked,
    OfferAsked,
    OutcomeAsked,
    PricedAsked,
    ProductAsked,
    SaleDocumentAsked,
    SerialsAsked,
    SourcedAsked,
    SupplyAsked,
    ToBinAsked,
    ToStatusAsked,
    TradeAsked,
    TradeDocumentAsked,
    TravelAsked,
    ValidAsked,
    VersionAsked,
    WishAsked,
)
from hengcang.api.documents.told import (
    AllocatedTold,
    AnnouncedLineTold,
    BothSidesTold,
    ChosenTold,
    CostTold,
    CreditedTold,
    DestinationTold,
    DiscountTold,
    DueTold,
    ExchangedTold,
    ExtraCostTold,
    FreeTold,
    FulfilTold,
    HeaderTold,
    InspectedTold,
    JudgedTold,
    LineDiscountTold,
    LineTold,
    LineWishTold,
    LinkTold,
    NoticeLineTold,
    NoticeTold,
    OfferTold,
    OutcomeTold,
    PricedTold,
    ProductTold,
    PurchaseDiscountTold,
    PurchaseLineDiscountTold,
    PurchasePricedTold,
    PurchaseTradeTold,
    ReceiveTold,
    ReservedTold,
    ReturnedTold,
    ReversalTold,
    SerialsTold,
    SourcedTold,
    ToBinTold,
    ToStatusTold,
    TradeTold,
    TransitTold,
    TravelTold,
    ValidTold,
    VerbTold,
    WishTold,
)
from hengcang.api.paging import Page
from hengcang.api.reading import ClientUuid
from hengcang.documents.flow import INQUIRY_FLOW, ORDER_FLOW, QUOTE_FLOW
from hengcang.register.kinds import Kind

WISHING = frozenset({"purchase_requisition"})
COST_OR_AVERAGE = frozenset({"overage"})
COSTED = frozenset({"sales_return", "sales_exchange", "other_receipt", "disassembly"})
MAKING = frozenset({"assembly", "disassembly"})
UNPRICED = frozenset({"arrival_notice"})
"""Kinds whose prices are those of what they follow: nobody states them."""
GIVEN_BACK = UNPRICED | {"sales_return", "sales_exchange", "purchase_return", "supplier_quote"}
"""Kinds that take nothing off of their own: returns give back the share of what they follow."""


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
    return is_order(kind) or is_quote(kind) or kind.flow is INQUIRY_FLOW


def is_fulfilled(kind: Kind) -> bool:
    """Whether its lines count what others did of them."""
    return "complete" in kind.flow.steps and promises(kind)


def is_valid_until(kind: Kind) -> bool:
    return is_quote(kind) or kind.code == "supplier_quote"


def has_due_date(kind: Kind) -> bool:
    return is_order(kind) or kind.code == "rfq"


def moves_goods(kind: Kind) -> bool:
    """Whether its lines move goods, piece by piece where they have serial numbers."""
    return "post" in kind.flow.steps or "ship" in kind.flow.steps


def is_bought(kind: Kind) -> bool:
    """Whether its prices are what we pay: figures of cost."""
    return kind.role == "supplier"


def _line_asked(kind: Kind) -> tuple[type[BaseModel], ...]:
    return _chosen(
        (kind.code == "sales_exchange", ExchangedAsked),
        (True, LineAsked),
        (moves_goods(kind), SerialsAsked),
        (bool(kind.role) and kind.code not in UNPRICED, PricedAsked),
        (kind.role == "customer" and not is_quote(kind), FreeAsked),
        (bool(kind.source), SourcedAsked),
        (kind.code == "bin_move", ToBinAsked),
        (kind.code in COSTED, CostedAsked),
        (kind.code in COST_OR_AVERAGE, CostOrAverageAsked),
        (kind.code == "status_change", ToStatusAsked),
        (kind.code == "quality_inspection", JudgedAsked),
        (kind.code in WISHING, LineWishAsked),
        (kind.code == "purchase_order", DueLineAsked),
        (kind.code == "supplier_quote", OfferAsked),
        (kind.code == "sales_order", LineDueAsked),
        (kind.code == "shop_request", NeededAsked),
    )


def _header_asked(kind: Kind) -> tuple[type[BaseModel], ...]:
    return _chosen(
        (True, HeaderAsked),
        (bool(kind.role), TradeAsked),
        (has_due_date(kind), DueAsked),
        (bool(kind.role) and kind.code not in GIVEN_BACK, DiscountAsked),
        (kind.code in WISHING, WishAsked),
        (is_valid_until(kind), ValidAsked),
        (kind.code == "arrival_notice", TravelAsked),
        (kind.code == "purchase_receipt", NoticeAsked),
        (kind.role == "customer", CreditedAsked),
        (kind.code == "stock_transfer", DestinationAsked),
        (kind.code == "shop_request", SupplyAsked),
        (kind.code == "transfer_receipt", OutcomeAsked),
        (kind.code in MAKING, ProductAsked),
        (kind.code == "assembly", ExtraCostAsked),
    )


def _header_told(kind: Kind) -> tuple[type[BaseModel], ...]:
    bought = is_bought(kind)
    return _chosen(
        (True, HeaderTold),
        (bool(kind.role) and not bought, TradeTold),
        (bought, PurchaseTradeTold),
        (bool(kind.role) and not bought, DiscountTold),
        (bought, PurchaseDiscountTold),
        (has_due_date(kind), DueTold),
        (kind.code in WISHING, WishTold),
        (kind.code == "sales_exchange", BothSidesTold),
        (is_valid_until(kind), ValidTold),
        (kind.code == "arrival_notice", TravelTold),
        (kind.code == "purchase_receipt", NoticeTold),
        (kind.role == "customer", CreditedTold),
        (not promises(kind), ReversalTold),
        (kind.code in {"stock_transfer", "shop_request"}, DestinationTold),
        (kind.code == "transfer_receipt", OutcomeTold),
        (kind.code in MAKING, ProductTold),
        (kind.code == "assembly", ExtraCostTold),
    )


def _line_told(kind: Kind) -> tuple[type[BaseModel], ...]:
    bought = is_bought(kind)
    return _chosen(
        (kind.code != "arrival_notice", LineTold),
        (kind.code == "arrival_notice", AnnouncedLineTold),
        (moves_goods(kind), SerialsTold),
        (bool(kind.role) and not bought, PricedTold),
        (bought, PurchasePricedTold),
        (bool(kind.role) and not bought, LineDiscountTold),
        (bought, PurchaseLineDiscountTold),
        (is_fulfilled(kind), FulfilTold),
        (kind.code == "shop_request", AllocatedTold),
        (kind.code == "supplier_quote", OfferTold),
        (kind.role == "customer" and not is_quote(kind), FreeTold),
        (kind.code == "sales_exchange", ExchangedTold),
        (kind.code == "sales_order", ReservedTold),
        (kind.code == "purchase_order", ReceiveTold),
        (kind.code == "purchase_receipt", NoticeLineTold),
        (kind.code == "purchase_order", ChosenTold),
        (kind.code in {"sales_delivery", "purchase_receipt"}, ReturnedTold),
        (bool(kind.source), SourcedTold),
        (kind.code == "bin_move", ToBinTold),
        (kind.code == "stock_transfer", TransitTold),
        (kind.code == "status_change", ToStatusTold),
        (kind.code == "quality_inspection", JudgedTold),
        (kind.code == "purchase_receipt", InspectedTold),
        (kind.code in WISHING, LineWishTold),
        (not promises(kind), CostTold),
    )
