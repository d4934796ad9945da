"""4,012 purchase orders of AdventureWorks (a fictional company, MIT licence), 2011 to 2014.

How a row becomes what (docs/load-adventureworks.md says the same in Chinese, MAPPING is printed):

- Vendor: a supplier, its account number the code; credit rating 1–2 is grade A, 3 B, 4 C, 5 D.
- ProductVendor: the item's purchase price (the lowest standard price) and base unit; the median
  lead time is the supplier's; minimum and maximum order quantities stand in the supplier's note.
- PurchaseOrderHeader and Detail: an order on its order date. The price is LineTotal ÷ OrderQty to
  4 dp, which gives back LineTotal to the cent where the rounded UnitPrice does not. Status
  4 complete and 2 approved: approved; 1 pending: submitted; 3 rejected: sent back and voided.
- Receipt: for approved and complete orders, on the ship date, received − rejected. A complete
  order with a rest is closed with a reason.
- Not booked: tax and freight of the header, and what the file says was received of orders that
  nobody approved. Both are summed and printed.
"""

from collections.abc import Callable
from pathlib import Path

MAPPING = """\
映射：
  Vendor → 供应商（账号即编码，信用 1–2 为 A、3 为 B、4 为 C、5 为 D）
  ProductVendor → 商品采购价（最低标准价）与单位、供应商提前期（中位数）、起订量与上限（备注）
  PurchaseOrder → 采购订单；单价 = LineTotal ÷ OrderQty（4 位小数，乘回去与 LineTotal 分毫不差）
    状态 4、2 → 审核；1 → 待审核；3 → 驳回后作废
  已审核订单于 ShipDate 入库：收货 − 拒收；状态 4 还有余量的强制结单
  表头税额与运费、未审核订单的收货不入账，只列合计；美元即本位币，税率 0
"""


def load(folder: Path, code: str, say: Callable[[str], object]) -> bool:
    """The book holds the folder's suppliers, items, orders and receipts; True when all agree."""
    from hengcang.books.switch import using_book
    from hengcang.cli.load.adventureworks import checking, doing
    from hengcang.cli.load.adventureworks.reading import read_folder
    from hengcang.cli.load.books import ensure_book
    from hengcang.ledger.periods import Terms

    say(MAPPING)
    data = read_folder(folder)
    first = min(order.ordered for order in data.orders)
    last = max(order.shipped for order in data.orders)
    ensure_book(code, "AdventureWorks 采购", Terms("AdventureWorks", first), last)
    with using_book(code):
        doing.carry_out(data)
        return checking.check(data, say)
