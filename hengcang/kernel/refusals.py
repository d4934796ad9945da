"""Every refusal, once: the sentence a person reads and the HTTP status a program gets.

A sentence says who, what, how much, and what to do instead. Facts fill the {names}.
"""

from collections import defaultdict

from hengcang.kernel.errors import Refused

SENTENCES: dict[str, str] = {
    # access
    "not_logged_in": "请先登录，或提供有效的 API 密钥。",
    "forbidden": "您没有「{permission_label}」权限，请联系管理员开通。",
    "not_found": "找不到该{what}，或它不在您的数据范围内。",
    "login_failed": "用户名或密码不正确。",
    "locked_out": "尝试次数过多，请 {minutes} 分钟后再试。",
    "own_account": "不能停用自己的账号，请由其他管理员操作。",
    "own_rights": "不能给自己增加权限，请由其他管理员操作。",
    "last_administrator": "这样就没有人有「{permission_label}」权限了，请先把它给另一个账号。",
    "key_exceeds": "「{name}」的权限比您多，不能由您签发密钥，请由老板签发。",
    "username_invalid": "用户名「{text}」不能用，请只用字母、数字、汉字和 . _ @ -，最多 40 个字。",
    "username_taken": "用户名「{username}」已被使用，请换一个。",
    "password_weak": "密码不够安全：{reason}",
    "password_wrong": "当前密码不正确，请重新输入。",
    "passwords_differ": "两次输入的密码不同，请重新输入。",
    "role_unknown": "没有角色「{role}」，请从角色列表中选择。",
    "permission_unknown": "没有权限「{permission}」，请从权限列表中选择。",
    "already_set_up": "本账套已有用户，请直接登录。",
    "setup_token_invalid": "设置链接无效或已使用，请在主机上运行 hengcang user setup 重新生成。",
    "csrf_failed": "页面已过期，请刷新后重试。",
    "password_change_required": "请先登录网页修改初始密码，再使用接口。",
    # the machine
    "method_not_allowed": "此地址不支持 {method}，可用：{allowed}。",
    "busy": "系统繁忙，本次没有写入，请稍后重试。",
    "unexpected": "系统出错，本次没有写入，请重试；仍出错时请把编号 {incident} 告诉管理员。",
    # numbers and text
    "number_unreadable": "「{text}」不是有效数字，请用半角数字，例如 12 或 12.5。",
    "number_negative_zero": "「{text}」不是有效数字，零请写 0。",
    "number_too_fine": "「{text}」小数位过多，最多 {places} 位。",
    "number_too_large": "「{text}」过大，整数部分最多 {digits} 位。",
    "quantity_not_positive": "数量必须大于 0，现为「{text}」。",
    "amount_negative": "金额或单价不能为负，现为「{text}」。",
    "rate_out_of_range": "比率应在 0 到 100 之间，现为「{text}」。",
    "date_unreadable": "「{text}」不是有效日期，请写成 2026-11-24。",
    "field_missing": "请填写{what}。",
    "field_invalid": "{what}填写有误：{reason}",
    "body_unreadable": "请求内容不是有效的 JSON：{reason}",
    "body_type_unknown": "请求内容的类型是「{type}」，应为 application/json。",
    "body_too_large": "提交内容过大，最多 {limit_mb} MB，请分成多张单据。",
    "value_too_large": "有数字或文字超出了可保存的范围，请核对数量、单价和长度。",
    "fields_refused": "有 {count} 处需要修正，请按提示修改。",
    "reason_missing": "请填写原因。",
    "too_many_lines": "单据最多 {limit} 行，现有 {count} 行，请拆分为多张单据。",
    "no_lines": "单据没有明细，请至少录入一行商品。",
    "lines_refused": "有 {count} 行需要修正，请按行内提示修改。",
    # documents
    "wrong_status": "单据当前为「{status_label}」，不能{verb_label}，请刷新后查看。",
    "stale_version": "内容已被他人修改（现为第 {version} 版，您看到的是第 {seen} 版），请刷新后再操作。",
    "intent_reused": "同一提交标识已用于另一份内容，请刷新页面后重新提交。",
    "item_unknown": "没有该商品，请从列表中选择。",
    "item_inactive": "商品「{item_name}」已停用，请先启用或换一个商品。",
    "uom_unknown": "商品「{item_name}」没有这个单位，请从单位列表中选择。",
    "quantity_inexact": "数量 {quantity} 无法整除换算为基本单位，最接近的可用数量是 {below} 或 {above}。",
    "price_missing": "请填写「{item_name}」的单价：商品资料中没有默认价格。",
    "cost_missing": "请填写「{item_name}」的成本单价：没有源单，无法自动取成本。",
    "partner_inactive": "往来单位「{partner_name}」已停用，请先启用。",
    "partner_wrong_role": "「{partner_name}」不是{role}，请在往来单位资料中补充该身份。",
    "warehouse_inactive": "仓库「{warehouse}」已停用，请换一个仓库。",
    "source_line_unknown": "源单中没有这一行，或源单不属于该往来单位、仓库，请重新选择源单。",
    "source_not_open": "源单「{number}」当前为「{status_label}」，不能继续执行。",
    "more_than_ordered": "「{item_name}」订单未执行 {open}，本次填写 {needed}，请减少数量或修改订单。",
    "more_than_delivered": "「{item_name}」原出库单可退 {open}，本次填写 {needed}，请减少数量。",
    "order_started": "订单已有出入库，不能反审核，请强制结单或红冲下游单据。",
    "requisition_ordered": "请购单已有明细生成采购订单，不能反审核，请先作废或修改采购订单，或强制结单。",
    "requisition_line_done": "请购的「{item_name}」已全部生成采购订单，请刷新后从列表中去掉。",
    "sales_line_covered": "「{item_name}」还需要采购 {needed}，其余已有库存或请购，请减少数量或刷新列表。",
    "dates_reversed": "截止日期 {last} 早于起始日期 {first}，请核对。",
    "supplier_price_twice": "「{item_name}」同一单位、起始数量和起始日期填写了两次，请保留一行。",
    "reversal_not_reversible": "红冲单不能再红冲，请重新开单。",
    "price_hidden": "没有源单的入库需要单价，您没有查看进价的权限，请从采购订单生成入库单。",
    # goods, partners, warehouses
    "code_invalid": "编码「{text}」含有不允许的字符，只能用半角字母、数字和 - _ . /，最多 40 位。",
    "code_taken": "编码「{code_text}」已被「{name}」使用，请换一个。",
    "code_twice": "编码「{code_text}」在本次提交中重复出现，请保留一行。",
    "barcode_invalid": "条码「{barcode}」含有不允许的字符，只能用半角字母、数字和符号，最多 40 位。",
    "barcode_taken": "条码「{barcode}」已属于商品「{item_name}」（{item_code}），请核对或先从该商品移除。",
    "barcode_twice": "条码「{barcode}」在本商品中填写了两次，请删除一处。",
    "barcode_unknown": "没有条码为「{barcode}」的商品，请核对条码或先在商品资料中添加。",
    "ratio_invalid": "换算率 {num}/{den} 无效，分子和分母应为 1 到 {limit} 的整数。",
    "uom_twice": "单位「{uom}」填写了两次，每个单位只能出现一次。",
    "uom_ratio_fixed": "单位「{uom}」的换算率 {num}/{den} 不能修改，以免历史单据数量变化，请另加一个单位。",
    "uom_in_use": "单位「{uom}」已有单据使用，不能删除。",
    "base_uom_fixed": "基本单位「{uom}」不能修改，请停用本商品后新建。",
    "quantity_places_fixed": "数量小数位现为 {places} 位，只能增加，不能减少。",
    "attributes_missing": "请至少选择一个属性，并为每个属性填写值。",
    "attribute_twice": "属性或属性值「{value}」填写了两次，请删除一处。",
    "family_too_large": "这些属性会生成 {count} 个商品，最多 {limit} 个，请减少属性值。",
    "category_taken": "类别「{path}」已存在，请换一个名称。",
    "role_missing": "请至少选择一个身份：客户或供应商。",
    "days_out_of_range": "天数应在 0 到 {limit} 之间，现为 {days}。",
    # the directory of books
    "no_api_key": "请在请求头 Authorization: Bearer 或 X-API-Key 中提供 API 密钥。",
    "no_such_place": "没有这个页面或账套，或者您无权进入。",
    "book_archived": "此账套已归档，不能再进入；如需查看，请联系管理员恢复。",
    "book_upgrading": "账套升级中，请稍后再试。",
    "book_code_invalid": "账套编码「{book}」不可用，请用 2–30 个小写字母、数字或连字符。",
    "book_code_taken": "账套编码「{book}」已被使用，请换一个。",
    "book_not_for_dropping": "账套「{book}」不是练习账套或模板，不能删除；可以归档。",
    # books
    "books_not_open": "账套尚未启用，请先在设置中选择启用日期。",
    "already_live": "账套已经启用，启用参数不能再改。",
    "before_go_live": "单据日期 {dated} 早于启用日期 {go_live}，请改为启用日期之后。",
    "date_in_future": "单据日期 {dated} 晚于今天 {today}，请改为今天或更早。",
    "period_closed": "{month} 已结账，不能再入账或改动，请改用未结账的日期或先反结账。",
    "period_open": "{month} 尚未结账，无需反结账。",
    "period_out_of_order": "请按顺序操作：{month} 之外，应先处理 {first}。",
    "period_not_over": "{month} 还没有结束，月末之后才能结账。",
    "books_in_use": "有人正在记账，批量写入需要独占账簿，请稍后再试。",
    "not_in_order": "批量写入必须按日期先后：{dated} 早于已有的 {before}，请按日期排序。",
    "already_posted": "该单据已经过账，不能重复过账。",
    "not_posted": "该单据尚未过账。",
    "already_reversed": "该单据已经红冲。",
    "has_followers": "该单据已有退货单引用，请先红冲退货单。",
    "origin_missing": "找不到源单的库存流水，请检查源单是否已审核。",
    "origin_later": "单据日期 {dated} 早于源单日期 {origin_dated}，请改为不早于源单。",
    "over_returned": "可退数量只有 {left}，本次需要 {needed}，请减少数量。",
    "insufficient_stock": (
        "「{item_name}」（{item_code}）在{warehouse}可用 {available} {uom}"
        "（现存 {on_hand}，占用 {reserved}），需要 {needed} {uom}，请减少数量或先入库。"
    ),
    "insufficient_stock_later": (
        "「{item_name}」（{item_code}）在{warehouse}：按 {dated} 入账后，{on} 的结存会少 {short} {uom}，"
        "请减少数量或改为较晚的日期。"
    ),
}

HTTP_STATUS: defaultdict[str, int] = defaultdict(
    lambda: 422,
    {
        "not_logged_in": 401,
        "login_failed": 401,
        "locked_out": 429,
        "forbidden": 403,
        "setup_token_invalid": 404,
        "not_found": 404,
        "csrf_failed": 403,
        "password_change_required": 403,
        "method_not_allowed": 405,
        "busy": 503,
        "unexpected": 500,
        "body_unreadable": 400,
        "body_type_unknown": 415,
        "body_too_large": 413,
        "wrong_status": 409,
        "stale_version": 409,
        "insufficient_stock": 409,
        "insufficient_stock_later": 409,
        "already_posted": 409,
        "books_in_use": 409,
        "already_reversed": 409,
        "reversal_not_reversible": 409,
        "has_followers": 409,
        "over_returned": 409,
        "more_than_ordered": 409,
        "more_than_delivered": 409,
        "order_started": 409,
        "requisition_ordered": 409,
        "requisition_line_done": 409,
        "sales_line_covered": 409,
        "source_not_open": 409,
        "period_closed": 409,
        "already_live": 409,
        "already_set_up": 409,
        "code_taken": 409,
        "barcode_taken": 409,
        "barcode_unknown": 404,
        "uom_in_use": 409,
        "category_taken": 409,
        "username_taken": 409,
        "own_rights": 403,
        "key_exceeds": 403,
        "last_administrator": 409,
        "no_api_key": 401,
        "no_such_place": 404,
        "book_archived": 410,
        "book_upgrading": 503,
        "book_code_taken": 409,
        "book_not_for_dropping": 409,
    },
)


class _Facts(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return "？"


def sentence(refusal: Refused) -> str:
    """The Chinese sentence for a person; never raises, whatever facts are missing."""
    return SENTENCES.get(refusal.code, "操作未完成（{code}）。").format_map(
        _Facts(refusal.facts, code=refusal.code)
    )
