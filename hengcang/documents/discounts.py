"""整单优惠 and 抹零: amounts off a whole document, shared by its lines to the cent. Pure.

A line's money is what is left after its share, so that lines sum to their document; tax is
extracted from what is left. What a line's source gave is carried in parts (documents.parts).
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hengcang.documents.actions import sum_columns
from hengcang.documents.drafts import Draft
from hengcang.documents.lines import BuiltLine
from hengcang.documents.rules import less_share, total
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import shown
from hengcang.kernel.rounding import CENT, ZERO, split


def discounted(lines: list[BuiltLine], draft: Draft) -> list[BuiltLine]:
    """The lines, with what the draft takes off the whole shared by those that have money and carry
    no discount of their source; largest remainder, the earlier line first.

    Raises Refused: amount_negative, number_too_fine, discount_carried, discount_too_large.
    """
    off = _taken_off(draft)
    if not off:
        return lines
    at = [n for n, line in enumerate(lines) if _takes_part(line)]
    weights = [line.amounts.gross for n in at if (line := lines[n]).amounts is not None]
    if not at and any(line.carries for line in lines):
        raise Refused("discount_carried", "bill_discount")
    if off > sum(weights, ZERO):
        whole = shown(sum(weights, ZERO))
        raise Refused("discount_too_large", "bill_discount", off=shown(off), amount=whole)
    shared = list(lines)
    for n, share in zip(at, split(off, weights), strict=True):
        shared[n] = _less(lines[n], share)
    return shared


def money_columns(lines: Sequence[BuiltLine], draft: Draft) -> dict[str, Any]:
    """The money columns of a TradeDocument: sums of its lines, and what was taken off them."""
    shares = sum((line.bill_share for line in lines), ZERO)
    return sum_columns(total(line.amounts for line in lines if line.amounts)) | {
        "bill_discount": draft.bill_discount,
        "rounding_off": draft.rounding_off,
        "discount_carried": shares - draft.bill_discount - draft.rounding_off,
    }


def _taken_off(draft: Draft) -> Decimal:
    for name in ("bill_discount", "rounding_off"):
        amount = getattr(draft, name)
        if amount < 0:
            raise Refused("amount_negative", name, text=shown(amount))
        if amount != amount.quantize(CENT):
            raise Refused("number_too_fine", name, text=shown(amount), places=2)
    return draft.bill_discount + draft.rounding_off


def _takes_part(line: BuiltLine) -> bool:
    return line.amounts is not None and line.amounts.gross > 0 and not line.carries


def _less(line: BuiltLine, share: Decimal) -> BuiltLine:
    assert line.amounts is not None
    return replace(line, amounts=less_share(line.amounts, share, line.tax_rate), bill_share=share)
