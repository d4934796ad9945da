"""The words of the trade: units, sizes, colours, and what is no goods at all. Pure."""

import re

# Units goods are counted in. A weak one (MEASURES) is a specification when a counted one stands
# beside it: 东北大米25kg 5袋.
_COUNTED = """
箱 件 包 盒 袋 瓶 罐 桶 提 支 枝 只 个 把 条 卷 盘 根 台 套 双 打 顶 块 张 本 片 杯 筒 令 筐 捆
扎 板 排 串 听 对 副 份 斤 车 托 箱子 pcs pc ctn boxes box bottles bottle cans can cartons
carton dozen
"""
COUNTED = _COUNTED.split()
MEASURES = ["公斤", "千克", "kg", "米", "克", "升", "吨"]
UNIT_WORDS = sorted([*COUNTED, *MEASURES], key=len, reverse=True)
UNIT = "(?:" + "|".join(UNIT_WORDS) + ")"
SAME_UNITS = (
    frozenset({"千克", "公斤", "kg"}),
    frozenset({"支", "枝"}),
    frozenset({"罐", "听", "can", "cans"}),
    frozenset({"瓶", "bottle", "bottles"}),
    frozenset({"打", "dozen"}),
    frozenset({"箱", "ctn", "箱子", "carton", "cartons"}),
)
SINGLES = frozenset("个件支只把顶根条台双套张本片块")  # what pcs may mean
PIECES = frozenset({"pcs", "pc"})

SIZES = (
    (re.compile(r"加加大码?号?|双加大"), " 2xl "),
    (re.compile(r"加大码?号?"), " xl "),
    (re.compile(r"大[号码]"), " l "),
    (re.compile(r"中[号码]"), " m "),
    (re.compile(r"小[号码]"), " s "),
    (re.compile(r"\bx{3}l\b"), "3xl"),
    (re.compile(r"\bxxl\b"), "2xl"),
    (re.compile(r"\blarge\b"), "l"),
    (re.compile(r"\bmedium\b"), "m"),
    (re.compile(r"\bsmall\b"), "s"),
    (re.compile(r"(?<=[sml])[号码]"), " "),
)
ENGLISH = {
    "white": "白色",
    "black": "黑色",
    "red": "红色",
    "yellow": "黄色",
    "blue": "蓝色",
    "green": "绿色",
    "grey": "灰色",
    "gray": "灰色",
    "navy": "藏青",
}
COLOURS = "白黑红黄蓝绿灰橙紫粉棕青"
SIZE_WORDS = frozenset({"s", "m", "l", "xl", "2xl", "3xl", "4xl"})

# What people write around goods; taken from the two ends of a clause only, so that no name suffers.
_LEAD = """
老板 您好 你好 在吗 麻烦 请 帮我 帮忙 给我 我们 我 明天 明早 今天 后天 早上 下午 要货 还要 还有
另外 再 先 来 拿 送 订 要 加 和 以及 好的 亲 那 王老板 这回 都 也 就 有 条码 货号 编码 又 请问
问 还是 跟 上次的 上次 一样的 need order pls send of
"""
_TAIL = """
谢谢 辛苦 尽快 哈 吧 呢 啊 哦 的 了 急 左右送 就行 就好 即可 可以 来 要 各 每样 共 零 还 再 和
又 加 数量 多少钱 and
"""


def _either(words: str) -> str:
    """The longest first, so that 还要 is not 还."""
    return "|".join(sorted(words.split(), key=len, reverse=True))


LEAD = re.compile(rf"^(?:[\s:,.!~、]|{_either(_LEAD)})+")
TAIL = re.compile(rf"(?:[\s:,.!~、×x*+-]|{_either(_TAIL)})+$")
WEIGHTLESS = frozenset("的了吧哈呢啊还零和装各要来每款码号")

_GREETING = """
老板 好 你好 您好 在吗 早上好 下午好 晚上好 谢谢 多谢 辛苦 好的 收到 ok 生意兴隆 恭喜 发财 以上
尽快 hi hello thanks thank you regards pls please 亲 王 啦 哈 了 & 麻烦 给我 送 订货单 单子 的
👌 🙏 🎉 — -
"""
GREETING = re.compile(rf"^(?:[\s!~。,.]|{_either(_GREETING)})+$")
ADDRESS = re.compile(
    r"地址|送到[::]|收货人|收件人|联系人|[路街道]\d+号|\d+栋|\d+室|[省市区].{0,12}[路街区]|电话|手机"
)
TOTALS = re.compile(r"^\s*(?:合计|总计|共计|总共)")
_NOT = "(?:先?不要|取消|先?不用|删掉|删除|作废|别送|免了|不需要)"
# "雪碧 不要了" takes the line away; "可乐 5箱 不要冰的" says something else about it.
CANCELLED = re.compile(rf"{_NOT}(?:送|订|了|吧)*[\s)）。!.]*$|^\s*{_NOT}")
SAYS_NOT = re.compile(_NOT)
AMENDED = re.compile(r"改成|改为|改\s*\d|换成|上面那个|刚才那个")
LAST_TIME = re.compile(r"上次|老样子|照旧|上回那|同上|一样的|上个月")
ASKING = re.compile(r"多少钱|什么价|有没有|[??]\s*$|有货吗|怎么卖")
RETURNED = re.compile(r"退货|退回|换货|退掉")
DATED = re.compile(
    r"\d{4}[-/年.]\d{1,2}[-/月.]\d{1,2}[日号]?|\d{1,2}月\d{1,2}[日号]?|\d{1,2}/\d{1,2}(?=之?前)|"
    r"\d{1,2}:\d{2}(?::\d{2})?|\d{1,2}点[半前]?|[上下]?(?:周|星期)[一二三四五六日天]|"
    r"(?:明|今|后)[天早晚]|[早晚]上|[上下]午|之?前(?=\s|送|要|$|:)|^\s*\d{1,2}[./]\d{1,2}\s*$"
)
PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}-\d{7,8})(?!\d)")

_AMOUNT = r"(?<![\d.])\d{1,9}(?:\.\d{1,6})?"
PRICE = re.compile(
    rf"@\s*{_AMOUNT}(?:\s*元)?(?:/{UNIT})?|[¥$]\s*{_AMOUNT}(?:/{UNIT})?"
    rf"|(?:单价|每{UNIT}|价格|共|合计|总价)\s*:?\s*{_AMOUNT}\s*(?:元|块)?"
    rf"|{_AMOUNT}\s*(?:元|块钱|块|毛)\s*(?:/|每|一|1)\s*{UNIT}|{_AMOUNT}\s*(?:元|块钱)"
    rf"|(?<![\d.])\d{{1,9}}\.\d+\s*一\s*{UNIT}|(?<=[箱件包盒袋瓶罐桶提支只个把条卷盘根台套双打])\s*[x×*]\s*\d+\.\d+"
    rf"|\(?(?<!\d)\d{{1,6}}\s*{UNIT}\s*/\s*{UNIT}\)?|价格按\S*"
)


def same_unit(one: str, other: str) -> bool:
    """Two words for one unit: kg and 千克."""
    return one == other or any(one in words and other in words for words in SAME_UNITS)
