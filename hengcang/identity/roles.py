"""Role templates: what a new book starts with. A book may change its own roles afterwards."""

from dataclasses import dataclass

from hengcang.identity.permissions import DOCUMENT_VERBS, OTHER_PERMISSIONS
from hengcang.kernel.actor import FieldClass


@dataclass(frozen=True, slots=True)
class RoleTemplate:
    """A role to be copied into a book."""

    code: str
    name: str
    permissions: tuple[str, ...]
    field_classes: tuple[FieldClass, ...] = ()
    own_partners_only: bool = False


def _all(*kinds: str) -> tuple[str, ...]:
    return tuple(f"{kind}.{verb}" for kind in kinds for verb in DOCUMENT_VERBS[kind])


def _some(verbs: tuple[str, ...], *kinds: str) -> tuple[str, ...]:
    return tuple(
        f"{kind}.{verb}" for kind in kinds for verb in verbs if verb in DOCUMENT_VERBS[kind]
    )


READ_MASTER = ("item.view", "partner.view", "warehouse.view", "stock.view", "sales_channel.view")
ADMINISTRATION = frozenset({"user.manage", "role.manage", "api_key.manage", "audit.view"})
TRADE = frozenset(
    {"sales_price.below_floor", "purchase_price.over_limit", "purchase_reminder.lead"}
    | {"purchase_quantity.over_tolerance"}
)
BUSINESS = tuple(p for p in OTHER_PERMISSIONS if p not in ADMINISTRATION | TRADE)

TEMPLATES = (
    RoleTemplate(
        "OWNER",
        "老板",
        _all(*DOCUMENT_VERBS) + tuple(OTHER_PERMISSIONS),
        (FieldClass.COST,),
    ),
    RoleTemplate(
        "SYSTEM_ADMIN",
        "系统管理员",
        ("user.manage", "api_key.manage", "warehouse.view", "warehouse.save", "books.verify"),
    ),
    RoleTemplate("SECURITY_ADMIN", "安全管理员", ("role.manage",)),
    RoleTemplate("AUDIT_ADMIN", "审计管理员", ("audit.view", "books.verify")),
    RoleTemplate(
        "PURCHASE_LEAD",
        "采购主管",
        _all("purchase_requisition", "purchase_order", "purchase_receipt", "purchase_return")
        + _all("quality_inspection", "arrival_notice")
        + _some(("view", "save", "approve"), "shop_request")
        + _all("rfq", "supplier_quote")
        + READ_MASTER
        + ("partner.save", "money.view", "supplier_price.view", "supplier_price.save")
        + ("purchase_reminder.lead", "purchase_report.view", "purchase_quantity.over_tolerance"),
        (FieldClass.COST,),
    ),
    RoleTemplate(
        "BUYER",
        "采购员",
        _some(("view", "save"), "purchase_requisition", "purchase_order")
        + _some(("view", "save"), "purchase_receipt", "purchase_return")
        + _some(("view",), "quality_inspection")
        + _all("arrival_notice")
        + _all("rfq", "supplier_quote")
        + READ_MASTER
        + ("supplier_price.view", "supplier_price.save", "purchase_report.view"),
        (FieldClass.COST,),
    ),
    RoleTemplate(
        "SALES_LEAD",
        "销售主管",
        _all("sales_quote", "sales_order", "sales_delivery", "sales_return")
        + _all("sales_exchange")
        + _some(("view", "save"), "purchase_requisition")
        + READ_MASTER
        + ("partner.save", "money.view", "sales_channel.save", "shipment.save")
        + ("price.view", "price.save", "sales_price.below_floor"),
    ),
    RoleTemplate(
        "SALES",
        "销售员",
        _some(("view", "save"), "sales_quote", "sales_order", "sales_delivery", "sales_return")
        + _some(("view", "save"), "sales_exchange")
        + READ_MASTER
        + ("price.view", "shipment.save"),
        own_partners_only=True,
    ),
    RoleTemplate(
        "STOREKEEPER",
        "仓管员",
        _some(("view",), "purchase_order", "sales_order")
        + _some(("view", "save"), "arrival_notice")
        + _some(("view", "save", "post"), "purchase_receipt", "purchase_return")
        + _some(("view", "save", "post"), "sales_delivery", "sales_return", "sales_exchange")
        + _some(("view", "save"), "purchase_requisition", "other_receipt", "other_issue")
        + _some(("view", "save"), "scrap", "overage", "stock_count")
        + _some(("view", "save", "post"), "status_change", "quality_inspection")
        + _some(("view", "save"), "stock_count")
        + _some(("view", "save", "post", "reverse"), "bin_move")
        + _some(("view", "save", "post"), "assembly", "disassembly")
        + ("parts_list.view",)
        + _some(("view", "save", "allocate"), "shop_request")
        + _some(("view", "save", "ship", "post"), "stock_transfer", "transfer_receipt")
        + READ_MASTER
        + ("shipment.save",),
    ),
    RoleTemplate(
        "ACCOUNTANT",
        "财务",
        _some(("view",), *DOCUMENT_VERBS)
        + _some(("post", "reverse"), "other_receipt", "other_issue", "stock_count")
        + _some(("post", "reverse"), "scrap", "overage", "status_change")
        + ("stock_count.see_book",)
        + _some(("reverse",), "purchase_receipt", "quality_inspection", "purchase_return")
        + _some(("post", "reverse"), "assembly", "disassembly")
        + _some(("reverse",), "purchase_receipt", "purchase_return")
        + _some(("reverse",), "sales_delivery", "sales_return", "sales_exchange")
        + _some(("reverse",), "stock_transfer", "transfer_receipt", "bin_move")
        + BUSINESS,
        (FieldClass.COST,),
    ),
)
