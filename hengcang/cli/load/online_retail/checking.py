"""Afterwards: the file's own sums against the book's, by month and customer, to the cent."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from hengcang.cli.load.online_retail.doing import WALK_IN_CODE
from hengcang.cli.load.online_retail.planning import Plan
from hengcang.cli.load.online_retail.reading import WALK_IN, Row
from hengcang.documents.flow import Status
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.rounding import ZERO, to_cent
from hengcang.register.verify import verify_books
from hengcang.sales import queries as sales

Sums = dict[tuple[str, str], Decimal]  # (month, customer) → pounds
SHOWN = 20


def not_goods_report(plan: Plan, last: date) -> str:
    """The lines that are not goods, counted and summed by class."""
    counts: Counter[str] = Counter()
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for name, row in plan.not_goods:
        if row.day <= last:
            counts[name] += 1
            sums[name] += _value(row)
    lines = [f"  {name}：{count} 行，{sums[name]:,.2f}" for name, count in counts.most_common()]
    total = sum(sums.values(), ZERO)
    head = f"非商品 {sum(counts.values()):,} 行，合计 {total:,.2f}："
    return "\n".join([head, *lines]) + "\n"


def check(path: Path, plan: Plan, last: date, say: Callable[[str], object]) -> bool:
    """Deliveries − returns + not goods = the file, for every month and customer; then the books."""
    expected, booked = file_sums(path, last), book_sums(plan, last)
    keys = sorted(expected.keys() | booked.keys())
    wrong = [key for key in keys if expected.get(key, ZERO) != booked.get(key, ZERO)]
    _say_months(expected, booked, say)
    for month, customer in wrong[:SHOWN]:
        key = (month, customer)
        file, book = expected.get(key, ZERO), booked.get(key, ZERO)
        say(f"不符 {month} {customer}：文件 {file}，账上 {book}\n")
    say(f"按月份和客户核对 {len(keys):,} 项，不符 {len(wrong)} 项\n")
    differences = verify_books()
    for difference in differences[:SHOWN]:
        say(f"{difference}\n")
    say(f"账簿自检：{len(differences)} differences\n")
    return not wrong and not differences


def file_sums(path: Path, last: date) -> Sums:
    """What the file itself says, by columns and in whole hundredths of a penny: no code of ours."""
    import pyarrow as arrow
    import pyarrow.compute as compute
    import pyarrow.parquet as parquet

    table = parquet.read_table(path, columns=["Quantity", "UnitPrice", "InvoiceDate", "CustomerID"])
    days = compute.cast(table["InvoiceDate"], arrow.date32(), safe=False)
    table = table.filter(compute.less_equal(days, arrow.scalar(last, arrow.date32())))
    parts = compute.cast(
        compute.round(compute.multiply(table["UnitPrice"], 10_000.0)), arrow.int64()
    )
    exact = compute.multiply(parts, compute.cast(table["Quantity"], arrow.int64()))
    size = compute.divide(compute.add(compute.abs(exact), 50), 100)  # half away from zero
    cents = compute.multiply(size, compute.sign(exact))
    month = compute.strftime(table["InvoiceDate"], format="%Y-%m")
    customer = compute.fill_null(compute.cast(table["CustomerID"], arrow.string()), WALK_IN)
    rows = arrow.table({"month": month, "customer": customer, "cents": cents})
    grouped = rows.group_by(["month", "customer"]).aggregate([("cents", "sum")]).to_pylist()
    return {(g["month"], g["customer"]): Decimal(g["cents_sum"]) / 100 for g in grouped}


def book_sums(plan: Plan, last: date) -> Sums:
    """Deliveries − returns as booked, + what the plan says is not goods."""
    sums: Sums = defaultdict(lambda: ZERO)
    for sign, rows in ((1, sales.deliveries(SYSTEM)), (-1, sales.returns(SYSTEM))):
        for month, code, amount in _by_month(rows.filter(dated__lte=last)):
            customer = WALK_IN if code == WALK_IN_CODE else code
            sums[f"{month:%Y-%m}", customer] += sign * amount
    for _, row in plan.not_goods:
        if row.day <= last:
            sums[f"{row.day:%Y-%m}", row.customer] += _value(row)
    return sums


def _by_month(rows: Any) -> Any:
    posted = rows.exclude(status__in=(Status.DRAFT, Status.VOIDED)).order_by()
    return (
        posted.annotate(month=TruncMonth("dated"))
        .values_list("month", "partner__code")
        .annotate(amount=Sum("amount_incl_tax"))
    )


def _say_months(expected: Sums, booked: Sums, say: Callable[[str], object]) -> None:
    months = sorted({month for month, _ in expected})
    for month in months:
        file, book = (
            sum((v for (m, _), v in sums.items() if m == month), ZERO)
            for sums in (expected, booked)
        )
        mark = "=" if file == book else "≠"
        say(f"{month}：文件 {file:>14,.2f} {mark} 账上 {book:>14,.2f}\n")


def _value(row: Row) -> Decimal:
    return to_cent(row.price * row.quantity)
