"""370,931 real invoice lines of a UK gift wholesaler, 2010-12-01 to 2011-09-30.

Source: Online Retail, UCI Machine Learning Repository, CC BY 4.0. How a line becomes what
(docs/load-online-retail.md says the same in Chinese, MAPPING is printed):

- Goods are lines whose StockCode starts with five digits, letter case folded, with a price > 0.
- An invoice becomes a sales order, approved and delivered on its day. No CustomerID: 散客.
- A negative quantity on a C invoice becomes a return, bound to the newest earlier delivery line of
  the same customer and item, at the same price first, that has enough not yet returned; without
  one, or for 散客 whom nobody can tell apart, a return without an origin at the item's cost.
- Everything else, postage, fees, manual lines, discounts, write-offs, zero and negative prices, is
  "not goods": counted and summed by class, not booked.
- Pounds are the book's currency, every tax rate is 0.
- Suppliers are made up, one for the first two digits of the codes. Each is ordered from weekly,
  a week ahead, what the coming four weeks will sell beyond what is there; cost is 60 % of the
  item's median price, up to 5 % more or less by item and month.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

MAPPING = """\
映射：
  商品 = 编码以五位数字开头（字母不分大小写）且单价 > 0 的行
  发票 → 销售订单（审核）→ 当日销售出库；无客户号 → 散客
  C 开头的发票上数量为负 → 销售退货：绑定同客户同商品（先找同价）最近且可退数量足够的出库行；
    找不到，或是散客，则无源单退货，写明原因与成本
  邮费、手续费、手工行、折扣、样品、礼券、报损、零价与负价 → 非商品，只列数不入账
  英镑即本位币，税率 0；供应商按编码前两位虚拟，提前一周订货，按未来四周的销量补足，不会缺货
"""


def load(path: Path, until: date | None, code: str, say: Callable[[str], object]) -> bool:
    """The book holds the file up to `until`; True when its sums and the books agree."""
    from hengcang.books.switch import using_book
    from hengcang.cli.load.books import ensure_book
    from hengcang.cli.load.online_retail import checking, doing
    from hengcang.cli.load.online_retail.planning import plan_of
    from hengcang.cli.load.online_retail.reading import read_rows
    from hengcang.ledger.periods import Terms

    say(MAPPING)
    rows = read_rows(path)
    plan = plan_of(rows)
    last = min(until or plan.last, plan.last)
    ensure_book(code, "Online Retail 礼品批发", Terms("Online Retail", plan.first), plan.last)
    with using_book(code):
        doing.carry_out(plan, last)
        say(checking.not_goods_report(plan, last))
        return checking.check(path, plan, last, say)
