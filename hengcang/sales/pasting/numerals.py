"""Numbers as people write them: 12, 1,200, 三十五, 廿, 1万. Pure."""

import re
from decimal import Decimal

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")}
_DIGITS |= {char: value for value, char in enumerate("〇壹贰叁肆伍陆柒捌玖")} | {"两": 2}
_PLACES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
CHINESE = "零〇一二两三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰仟廿卅"
# Bounded, so that a page of digits costs no more than a page of words.
NUMBER = (
    r"(?:(?<!\d)(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,9})(?:\.\d{1,6})?[万千百]?"
    rf"|(?<![{CHINESE}])[{CHINESE}]{{1,12}}|半)"
)
_ARABIC = re.compile(r"([\d,]+(?:\.\d+)?)([万千百]?)")


def number_of(text: str) -> Decimal | None:
    """The exact value, or None where people mean "about" (三五) or more than one thing (一百二)."""
    if text == "半":
        return Decimal("0.5")
    if found := _ARABIC.fullmatch(text):
        times = {"": 1, "百": 100, "千": 1000, "万": 10000}[found[2]]
        return Decimal(found[1].replace(",", "")) * times
    head, _, tail = text.rpartition("万")
    if not head:
        return None if "万" in text else _below_wan(text)
    high, low = _below_wan(head), _below_wan(tail) if tail else Decimal(0)
    return None if high is None or low is None else high * 10000 + low


def _below_wan(text: str) -> Decimal | None:
    text = text.replace("廿", "二十").replace("卅", "三十")
    total, digit, before = 0, None, ""
    for char in text:
        if char in _PLACES:
            total += (1 if digit is None else digit) * _PLACES[char]
            digit = None
        else:
            if digit is not None and digit != 0:
                return None
            digit = _DIGITS[char]
            if digit and before in {"百", "佰", "千", "仟"}:
                return _if_closed(text, total)
        before = char
    return Decimal(total + (digit or 0))


def _if_closed(text: str, total: int) -> Decimal | None:
    """After 百 or 千 a bare digit at the end may mean tens: 一百二; followed by 十 it is plain."""
    at = max(text.rfind("百"), text.rfind("佰"), text.rfind("千"), text.rfind("仟"))
    rest = text[at + 1 :]
    if len(rest) < 2 or rest[1] not in _PLACES:
        return None
    tail = _below_wan(rest)
    head = _below_wan(text[: at + 1])
    return None if tail is None or head is None else head + tail
