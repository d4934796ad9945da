"""Every permission of the product, once, with the words an administrator reads.

A document permission is "<kind>.<verb>"; the kinds are those of register.kinds.
"""

DOCUMENT_VERBS = {
    "purchase_requisition": ("view", "save", "approve"),
    "rfq": ("view", "save", "approve"),
    "supplier_quote": ("view", "save", "approve"),
    "purchase_order": ("view", "save", "approve"),
    "arrival_notice": ("view", "save", "approve"),
    "purchase_receipt": ("view", "save", "post", "reverse"),
    "quality_inspection": ("view", "save", "post", "reverse"),
    "purchase_return": ("view", "save", "post", "reverse"),
    "sales_quote": ("view", "save", "approve"),
    "sales_order": ("view", "save", "approve"),
    "sales_delivery": ("view", "save", "post", "reverse", "reprice"),
    "sales_return": ("view", "save", "post", "reverse"),
    "sales_exchange": ("view", "save", "post", "reverse"),
    "other_receipt": ("view", "save", "post", "reverse"),
    "other_issue": ("view", "save", "post", "reverse"),
    "scrap": ("view", "save", "post", "reverse"),
    "overage": ("view", "save", "post", "reverse"),
    "status_change": ("view", "save", "post", "reverse"),
    "bin_move": ("view", "save", "post", "reverse"),
    "shop_request": ("view", "save", "approve", "allocate"),
    "stock_transfer": ("view", "save", "ship", "reverse"),
    "transfer_receipt": ("view", "save", "post", "reverse"),
    "assembly": ("view", "save", "post", "reverse"),
    "disassembly": ("view", "save", "post", "reverse"),
    "stock_count": ("view", "save", "post", "reverse", "see_book"),
}

KIND_LABELS = {
    "purchase_requisition": "请购单",
    "rfq": "询价单",
    "supplier_quote": "供应商报价",
    "purchase_order": "采购订单",
    "arrival_notice": "到货通知",
    "purchase_receipt": "采购入库单",
    "quality_inspection": "质检单",
    "purchase_return": "采购退货单",
    "sales_quote": "报价单",
    "sales_order": "销售订单",
    "sales_delivery": "销售出库单",
    "sales_return": "销售退货单",
    "sales_exchange": "换货单",
    "other_receipt": "其他入库单",
    "other_issue": "其他出库单",
    "scrap": "报损单",
    "overage": "报溢单",
    "status_change": "状态调整单",
    "bin_move": "移库单",
    "shop_request": "要货单",
    "stock_transfer": "调拨单",
    "transfer_receipt": "调拨入库单",
    "assembly": "组装单",
    "disassembly": "拆卸单",
    "stock_count": "盘点单",
}

VERB_LABELS = {
    "view": "查看",
    "save": "录入",
    "approve": "审核与反审核",
    "post": "审核过账",
    "ship": "调出",
    "allocate": "配货",
    "reverse": "红冲",
    "reprice": "改价",
    "see_book": "盘点时看账面数",
}

OTHER_PERMISSIONS = {
    "item.view": "查看商品",
    "item.save": "维护商品",
    "partner.view": "查看往来单位",
    "partner.save": "维护往来单位",
    "supplier_price.view": "查看供应商价格表",
    "supplier_price.save": "维护供应商价格表",
    "purchase_policy.save": "设置采购规则",
    "purchase_report.view": "查看采购报表",
    "purchase_reminder.lead": "处理升级的到货提醒",
    "purchase_price.over_limit": "超过进价上限采购",
    "purchase_quantity.over_tolerance": "超过收货容差入库",
    "price.view": "查看价格本与协议价",
    "price.save": "维护价格本与协议价",
    "sales_price.below_floor": "低于最低售价销售",
    "warehouse.view": "查看仓库",
    "warehouse.save": "维护仓库",
    "shipment.save": "登记发货与签收",
    "sales_channel.view": "查看销售渠道",
    "sales_channel.save": "维护销售渠道",
    "stock.view": "查看实时库存与台账",
    "batch.save": "更正批次资料",
    "parts_list.view": "查看物料清单与齐套检查",
    "parts_list.save": "维护物料清单",
    "count_rules.save": "设置盘点差异规则",
    "money.view": "查看应收应付",
    "period.close": "结账",
    "period.reopen": "反结账",
    "books.verify": "账实自检",
    "audit.view": "查看审计日志",
    "user.manage": "管理用户",
    "role.manage": "管理角色与权限",
    "api_key.manage": "管理 API 密钥",
}

PERMISSIONS: dict[str, str] = {
    f"{kind}.{verb}": f"{KIND_LABELS[kind]}：{VERB_LABELS[verb]}"
    for kind, verbs in DOCUMENT_VERBS.items()
    for verb in verbs
} | OTHER_PERMISSIONS


def label(permission: str) -> str:
    """The administrator's words for a permission."""
    return PERMISSIONS.get(permission, permission)
