"""Afterwards: the file's own sums against the book's, by supplier, to the piece and the cent."""

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from hengcang.cli.load.adventureworks.reading import Folder, Order
from hengcang.documents.flow import Status
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.rounding import ZERO
from hengcang.purchasing import queries as purchases
from hengcang.register.verify import verify_books

Figures = tuple[int, Decimal, Decimal]  # lines, pieces, amount
NOTHING: Figures = (0, ZERO, ZERO)
SHOWN = 20


def check(data: Folder, say: Callable[[str], object]) -> bool:
    """Ordered and received, by supplier, are what the files say; and the books agree."""
    ordered = _agree("订货", _file_ordered(data), _book_ordered(), say)
    received = _agree("入库", _file_received(data), _book_received(), say)
    _say_not_booked(data, say)
    differences = verify_books()
    for difference in differences[:SHOWN]:
        say(f"{difference}\n")
    say(f"账簿自检：{len(differences)} differences\n")
    return ordered and received and not differences


def _agree(
    what: str, file: dict[str, Figures], book: dict[str, Figures], say: Callable[[str], object]
) -> bool:
    wrong = [k for k in sorted(file.keys() | book.keys()) if file.get(k) != book.get(k)]
    lines, pieces, amount = (sum(row[n] for row in file.values()) for n in range(3))
    say(f"{what}：文件 {lines:,} 行，{pieces:,.0f} 件，{amount:,.2f}；")
    say(f"按供应商核对 {len(file)} 家，不符 {len(wrong)} 家\n")
    for account in wrong[:SHOWN]:
        say(f"  {account}：文件 {file.get(account)}，账上 {book.get(account)}\n")
    return not wrong


def _file_ordered(data: Folder) -> dict[str, Figures]:
    return _by_vendor(data, [(o, 1, ln.quantity, ln.amount) for o in data.orders for ln in o.lines])


def _file_received(data: Folder) -> dict[str, Figures]:
    """Accepted pieces; their money is not in the file, so lines and pieces only."""
    rows = [
        (o, 1, ln.stocked, ZERO)
        for o in data.orders
        for ln in o.lines
        if o.is_approved and ln.stocked
    ]
    return _by_vendor(data, rows)


def _by_vendor(data: Folder, rows: list[tuple[Order, int, int, Decimal]]) -> dict[str, Figures]:
    sums: dict[str, Figures] = defaultdict(lambda: NOTHING)
    for order, lines, pieces, amount in rows:
        before = sums[data.vendors[order.vendor].account]
        sums[data.vendors[order.vendor].account] = (
            before[0] + lines,
            before[1] + pieces,
            before[2] + amount,
        )
    return dict(sums)


def _book_ordered() -> dict[str, Figures]:
    rows: Any = purchases.order_lines(SYSTEM).order_by()
    return _grouped(rows, with_money=Sum("amount_incl_tax"))


def _book_received() -> dict[str, Figures]:
    posted: Any = purchases.receipts(SYSTEM).filter(status=Status.POSTED).order_by()
    rows = posted.values_list("partner__code").annotate(
        lines_count=Count("lines"), pieces=Sum("lines__quantity")
    )
    return {code: (lines, pieces, ZERO) for code, lines, pieces in rows}


def _grouped(rows: Any, with_money: Sum) -> dict[str, Figures]:
    grouped = rows.values_list("document__partner__code").annotate(
        lines=Count("id"), pieces=Sum("quantity"), money=with_money
    )
    return {code: (lines, pieces, money) for code, lines, pieces, money in grouped}


def _say_not_booked(data: Folder, say: Callable[[str], object]) -> None:
    waiting = [o for o in data.orders if not o.is_approved]
    pieces = sum(line.stocked for o in waiting for line in o.lines)
    tax = sum((o.tax for o in data.orders), ZERO)
    freight = sum((o.freight for o in data.orders), ZERO)
    say(f"不入账：税额 {tax:,.2f}，运费 {freight:,.2f}；")
    say(f"待审核或被驳回的 {len(waiting)} 张订单在文件里收了 {pieces:,} 件\n")
