"""The audit log in words: who did what to which thing."""

from collections.abc import Iterable
from typing import Any

from hengcang.identity.permissions import KIND_LABELS
from hengcang.pages.editor import Event
from hengcang.register.kinds import BY_CODE
from hengcang.web import clock

KINDS = KIND_LABELS | {
    "item": "商品",
    "item_category": "商品类别",
    "item_family": "多规格款",
    "partner": "往来单位",
    "price_list": "价格本",
    "price_tier": "价格等级",
    "warehouse": "仓库",
    "period": "会计期间",
    "user": "用户",
    "role": "角色",
    "api_key": "API 密钥",
    "book": "账套",
    "books": "账套",
    "ledger": "账簿",
    "purchase_policy": "采购设置",
    "purchase_report": "采购报表",
    "purchase_reminder": "到货提醒",
    "count_rules": "盘点差异规则",
    "count_plan": "盘点计划",
    "batch": "批次",
}
VERBS = {
    "create": "新建",
    "change": "修改",
    "adjust": "调价",
    "substitutes": "设置替代品",
    "agree_prices": "修改协议价",
    "import": "导入",
    "print": "打印",
    "attach": "上传附件",
    "detach": "移除附件",
    "add": "新建",
    "rename": "改名",
    "disable": "停用",
    "enable": "启用",
    "close": "结账",
    "reopen": "反结账",
    "issue": "签发",
    "revoke": "吊销",
    "go_live": "启用账套",
    "change_password": "修改密码",
    "post": "审核过账",
    "reverse": "红冲",
    "reserve": "占用",
    "verify": "账实自检",
    "record": "录入实盘数",
    "explain": "填写差异原因",
    "make": "生成",
    "ask": "询价",
    "order": "生成采购订单",
    "break_reservation": "实物不足，取消占用",
}
FIELDS = {
    "code": "编码",
    "name": "名称",
    "spec": "规格",
    "mnemonic": "助记码",
    "category_id": "类别",
    "brand_id": "品牌",
    "tax_rate": "税率",
    "sale_price": "售价",
    "purchase_price": "进价",
    "floor_price": "最低售价",
    "tracks_batch": "批次管理",
    "needs_inspection": "需质检",
    "tracks_serials": "序列号管理",
    "shelf_life_days": "保质期天数",
    "near_expiry_days": "近效期天数",
    "over_receipt_rate": "超收容差",
    "quantity_places": "数量小数位",
    "uoms": "单位",
    "barcodes": "条码",
    "address": "地址",
    "allow_negative": "负库存",
    "bins": "库位",
    "substitutes": "替代品",
    "batch_no": "批号",
    "mfg_date": "生产日期",
    "expiry_date": "有效期至",
    "tax_no": "税号",
    "bank_name": "开户行",
    "bank_account": "银行账号",
    "note": "备注",
    "contacts": "联系人",
    "customer": "客户条件",
    "supplier": "供应商条件",
    "salesperson_id": "业务员",
    "price_tier_id": "价格等级",
}


def verb(line: Any) -> str:
    """The word on the button that was pressed: an order's close is 强制结单, a month's 结账."""
    kind, _, name = str(line.verb).partition(".")
    steps = BY_CODE[kind].flow.steps if kind in BY_CODE else {}
    return steps[name].label if name in steps else VERBS.get(name, name)


def kind(line: Any) -> str:
    name = str(line.kind or line.verb.partition(".")[0])
    return KINDS.get(name, name)


def details(line: Any) -> str:
    """What changed, or why, in short."""
    facts = line.facts
    changed = facts.get("changed")
    if isinstance(changed, dict) and changed:
        return "、".join(FIELDS.get(str(name), str(name)) for name in changed)
    if facts.get("prices"):
        return "；".join(f"{named} {before} → {after}" for named, before, after in facts["prices"])
    if facts.get("reason"):
        return f"原因：{facts['reason']}"
    if isinstance(facts.get("roles"), list):
        return "角色：" + "、".join(map(str, facts["roles"]))
    return str(facts.get("number") or "")


def events(lines: Iterable[Any], limit: int = 20) -> list[Event]:
    """The newest lines of one thing's timeline, oldest first."""
    newest = list(lines)[-limit:]
    return [Event(clock.clock_time(line.at), line.actor_name, _what(line)) for line in newest]


def _what(line: Any) -> str:
    more = details(line)
    return f"{verb(line)}：{more}" if more else verb(line)
