"""Every kind of document, once, as data. Faces read this list; nothing registers itself."""

from dataclasses import dataclass

from hengcang.assembly.models import Assembly, Disassembly
from hengcang.documents.flow import STATUS_LABELS, UNPRESSED, Flow, Status
from hengcang.documents.models import Document
from hengcang.identity.permissions import KIND_LABELS
from hengcang.kernel.actor import Actor
from hengcang.purchasing.inquiry_models import Rfq, SupplierQuote
from hengcang.purchasing.models import (
    ArrivalNotice,
    PurchaseOrder,
    PurchaseReceipt,
    PurchaseRequisition,
    PurchaseReturn,
    QualityInspection,
)
from hengcang.sales.models import SalesDelivery, SalesExchange, SalesOrder, SalesQuote, SalesReturn
from hengcang.stock.bin_models import BinMove
from hengcang.stock.models import (
    OtherIssue,
    OtherReceipt,
    Overage,
    Scrap,
    ShopRequest,
    StatusChange,
    StockCount,
    StockTransfer,
    TransferReceipt,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What generic pages need to know about a document type. Data only: no behaviour.

    `role`: whose document it is, "customer", "supplier" or nobody's. `source`: the kind whose
    lines its lines may fulfil. `columns`: list page and export, in order.
    """

    code: str
    plural: str  # resource name of the API and path of the pages
    model: type[Document]
    role: str
    source: str
    columns: tuple[str, ...]

    @property
    def label(self) -> str:
        return KIND_LABELS[self.code]

    @property
    def flow(self) -> Flow:
        return self.model.flow


TRADE_COLUMNS = ("number", "dated", "partner", "warehouse", "amount_incl_tax", "status")
ORDER_COLUMNS = ("number", "dated", "due_date", "partner", "warehouse", "amount_incl_tax", "status")
REQUISITION_COLUMNS = ("number", "dated", "due_date", "warehouse", "reason", "status")
QUOTE_COLUMNS = tuple(name.replace("due_date", "valid_until") for name in ORDER_COLUMNS)
RFQ_COLUMNS = ("number", "dated", "due_date", "warehouse", "status")
TRANSFER_COLUMNS = ("number", "dated", "warehouse", "to_warehouse", "status")
REQUEST_COLUMNS = ("number", "dated", "due_date", "warehouse", "to_warehouse", "status")
STOCK_COLUMNS = ("number", "dated", "warehouse", "reason", "status")
MAKING_COLUMNS = ("number", "dated", "product", "product_quantity", "warehouse", "status")
COUNT_COLUMNS = ("number", "dated", "warehouse", "status")

KINDS = (
    Kind("sales_quote", "sales-quotes", SalesQuote, "customer", "", QUOTE_COLUMNS),
    Kind("sales_order", "sales-orders", SalesOrder, "customer", "sales_quote", ORDER_COLUMNS),
    Kind(
        "sales_delivery",
        "sales-deliveries",
        SalesDelivery,
        "customer",
        "sales_order",
        TRADE_COLUMNS,
    ),
    Kind("sales_return", "sales-returns", SalesReturn, "customer", "sales_delivery", TRADE_COLUMNS),
    Kind(
        "sales_exchange",
        "sales-exchanges",
        SalesExchange,
        "customer",
        "sales_delivery",
        TRADE_COLUMNS,
    ),
    Kind(
        "purchase_requisition",
        "purchase-requisitions",
        PurchaseRequisition,
        "",
        "",
        REQUISITION_COLUMNS,
    ),
    Kind("rfq", "rfqs", Rfq, "", "", RFQ_COLUMNS),
    Kind("supplier_quote", "supplier-quotes", SupplierQuote, "supplier", "rfq", QUOTE_COLUMNS),
    Kind("purchase_order", "purchase-orders", PurchaseOrder, "supplier", "", ORDER_COLUMNS),
    Kind(
        "arrival_notice",
        "arrival-notices",
        ArrivalNotice,
        "supplier",
        "purchase_order",
        ORDER_COLUMNS,
    ),
    Kind(
        "purchase_receipt",
        "purchase-receipts",
        PurchaseReceipt,
        "supplier",
        "purchase_order",
        TRADE_COLUMNS,
    ),
    Kind(
        "quality_inspection",
        "quality-inspections",
        QualityInspection,
        "",
        "purchase_receipt",
        STOCK_COLUMNS[:3] + STOCK_COLUMNS[-1:],
    ),
    Kind(
        "purchase_return",
        "purchase-returns",
        PurchaseReturn,
        "supplier",
        "purchase_receipt",
        TRADE_COLUMNS,
    ),
    Kind("other_receipt", "other-receipts", OtherReceipt, "", "", STOCK_COLUMNS),
    Kind("other_issue", "other-issues", OtherIssue, "", "", STOCK_COLUMNS),
    Kind("scrap", "scraps", Scrap, "", "", STOCK_COLUMNS),
    Kind("overage", "overages", Overage, "", "", STOCK_COLUMNS),
    Kind("status_change", "status-changes", StatusChange, "", "", STOCK_COLUMNS),
    Kind("bin_move", "bin-moves", BinMove, "", "", COUNT_COLUMNS),
    Kind("shop_request", "shop-requests", ShopRequest, "", "", REQUEST_COLUMNS),
    Kind("stock_transfer", "stock-transfers", StockTransfer, "", "shop_request", TRANSFER_COLUMNS),
    Kind(
        "transfer_receipt",
        "transfer-receipts",
        TransferReceipt,
        "",
        "stock_transfer",
        STOCK_COLUMNS,
    ),
    Kind("assembly", "assemblies", Assembly, "", "", MAKING_COLUMNS),
    Kind("disassembly", "disassemblies", Disassembly, "", "", MAKING_COLUMNS),
    Kind("stock_count", "stock-counts", StockCount, "", "", COUNT_COLUMNS),
)
BY_CODE = {kind.code: kind for kind in KINDS}
BY_PLURAL = {kind.plural: kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Verb:
    """A button: what the actor may do to a document as it stands."""

    name: str
    label: str
    needs_reason: bool


NEEDS_REASON = frozenset({"close", "reverse"})


def open_verbs(actor: Actor, kind: Kind, status: str, *, is_reversal: bool = False) -> list[Verb]:
    """The verbs the flow allows from here and the actor has the right to, in button order."""
    return [
        Verb(verb, kind.flow.steps[verb].label, verb in NEEDS_REASON)
        for verb in kind.flow.verbs(status)
        if verb not in UNPRESSED
        and not (is_reversal and verb == "reverse")
        and actor.may(f"{kind.code}.{kind.flow.steps[verb].permission}")
    ]


def status_label(status: str) -> str:
    """The screen's word for a status."""
    return STATUS_LABELS[Status(status)]
