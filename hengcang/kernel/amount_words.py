"""大写金额: an amount in Chinese capitals, as a cheque or an invoice wants it.

Source: 中国人民银行《支付结算办法》附一, rules for capital amounts on bills.
"""

from decimal import Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿", "亿亿")


def amount_cn_upper(amount: Decimal) -> str:
    """The amount (2 dp) in capitals, e.g. 壹拾元整, 壹佰元零伍分, 负叁角整."""
    cents = int(abs(amount).scaleb(2).to_integral_value())
    whole, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    text = "负" if amount < 0 and cents else ""
    if whole:
        text += _whole(whole) + "元"
    if not jiao and not fen:
        return (text if whole else text + "零元") + "整"
    if jiao:
        text += DIGITS[jiao] + "角"
    elif whole:
        text += "零"
    return text + (DIGITS[fen] + "分" if fen else "整")


def _whole(number: int) -> str:
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    text, gap = "", False
    for i in range(len(groups) - 1, -1, -1):
        if not groups[i]:
            gap = True
            continue
        if text and (gap or groups[i] < 1000):
            text += DIGITS[0]
        text += _group(groups[i]) + GROUPS[i]
        gap = False
    return text


def _group(number: int) -> str:
    """1 to 9999 in capitals, zeros inside said once."""
    text, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += (DIGITS[0] if gap else "") + DIGITS[digit] + PLACES[place]
        gap = bool(text) and not digit
    return text
