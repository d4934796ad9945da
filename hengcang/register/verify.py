"""The whole check of a book: the ledger's invariants and those between documents and ledger."""

import time
from collections.abc import Iterator
from decimal import Decimal

from hengcang.ledger.verify import Check, Difference, differences_of, ledger_differences, note_run
from hengcang.register.kinds import KINDS, Kind
from hengcang.register.verify_arrivals import ARRIVALS
from hengcang.register.verify_assembly import ASSEMBLY
from hengcang.register.verify_exchanges import EXCHANGES
from hengcang.register.verify_files import FILES
from hengcang.register.verify_requests import REQUESTS

# A number names its own month: a numbered draft may be dated anew.
MONTHS = "to_date(substring(number from '([0-9]{6})-[0-9]+$'), 'YYYYMM')"


def verify_books() -> list[Difference]:
    """Every difference in the current book; empty when the books agree.

    Leaves a note of the run.
    """
    started = time.perf_counter()
    found = list(_differences())
    note_run(found, Decimal(str(round(time.perf_counter() - started, 3))))
    return found


def _differences() -> Iterator[Difference]:
    yield from ledger_differences()
    for kind in KINDS:
        for check in _checks_of(kind):
            yield from differences_of(check)
    for check in (*LINES, *TRANSIT, *ARRIVALS, *REQUESTS, *ASSEMBLY, *EXCHANGES, *FILES):
        yield from differences_of(check)


def _checks_of(kind: Kind) -> Iterator[Check]:
    table, code = kind.model._meta.db_table, kind.code
    yield Check(
        f"{kind.label}编号连续",
        f"""SELECT to_char(coalesce(s.month, n.month), 'YYYY-MM'), coalesce(s.last, 0),
         coalesce(n.count, 0) FROM (SELECT month, last FROM documents_numberseries
          WHERE kind = '{code}') s
        FULL JOIN (SELECT {MONTHS} AS month, count(*) AS count,
          count(DISTINCT right(number, -length(split_part(number, '-', 1)) - 1)::int)
           AS distinct_count,
          max(right(number, -length(split_part(number, '-', 1)) - 1)::int) AS highest
         FROM {table} d WHERE number IS NOT NULL GROUP BY 1) n ON n.month = s.month
        WHERE s.last IS DISTINCT FROM n.count OR n.highest IS DISTINCT FROM n.count
         OR n.distinct_count IS DISTINCT FROM n.count""",
    )
    if kind.role:
        yield Check(
            f"单据合计 = 明细合计（{kind.label}）",
            f"""SELECT coalesce(d.number, d.id::text), d.amount_incl_tax, sum(l.amount_incl_tax)
            FROM {table} d JOIN {table}line l ON l.document_id = d.id GROUP BY d.id
            HAVING d.amount_incl_tax <> sum(l.amount_incl_tax)
             OR d.net_amount <> sum(l.net_amount) OR d.tax_amount <> sum(l.tax_amount)""",
        )
        yield Check(
            f"整单优惠 = 明细分摊（{kind.label}）",
            f"""SELECT coalesce(d.number, d.id::text),
             d.bill_discount + d.rounding_off + d.discount_carried, sum(l.bill_share)
            FROM {table} d JOIN {table}line l ON l.document_id = d.id GROUP BY d.id
            HAVING d.bill_discount + d.rounding_off + d.discount_carried <> sum(l.bill_share)""",
        )
    if "post" not in kind.flow.steps:
        return
    yield Check(
        f"{kind.label}与过账记录一一对应",
        f"""SELECT coalesce(d.id, r.source_id)::text, coalesce(d.status, 'none'),
         CASE WHEN r.id IS NULL THEN 'not posted' ELSE 'posted' END
        FROM (SELECT * FROM {table} WHERE status IN ('posted', 'reversed')) d
        FULL JOIN (SELECT * FROM ledger_postingrecord WHERE kind = '{code}') r
         ON r.source_id = d.id
        WHERE d.id IS NULL OR r.id IS NULL OR d.dated <> r.dated""",
    )
    yield Check(
        f"{kind.label}明细数量 = 库存流水",
        f"""SELECT d.id || ' 行 ' || l.position, coalesce(e.quantity, 0), l.quantity
        FROM {table} d JOIN {table}line l ON l.document_id = d.id
        LEFT JOIN ledger_postingrecord r ON r.kind = '{code}' AND r.source_id = d.id
        LEFT JOIN ledger_stockentry e ON e.posting_id = r.id AND e.line = l.position
        WHERE d.status IN ('posted', 'reversed') AND abs(coalesce(e.quantity, 0)) <> abs(l.quantity)
         AND ('{code}' <> 'stock_count'
          OR NOT (SELECT tracks_serials FROM catalog_item WHERE id = l.item_id))""",
    )


def _fulfilled(
    order: str,
    done: str,
    line: str,
    document: str,
    statuses: tuple[str, ...] = ("posted", "reversed"),
) -> str:
    """Order lines whose fulfilled quantity is not what the documents that count say."""
    return f"""SELECT l.document_id || ' 行 ' || l.position, l.{done}, coalesce(s.quantity, 0)
        FROM {order} l LEFT JOIN (SELECT f.source_line_id, sum(f.quantity) AS quantity
         FROM {line} f JOIN {document} d ON d.id = f.document_id
         WHERE d.status IN {statuses} GROUP BY 1) s ON s.source_line_id = l.id
        WHERE l.{done} <> coalesce(s.quantity, 0)"""


TRANSIT = (
    Check(
        "在途仓 = 调出 − 到货 − 损耗 − 退回",
        """SELECT i.code || ' ' || i.name, coalesce(b.quantity, 0), coalesce(s.quantity, 0)
        FROM (SELECT b.item_id, sum(b.quantity) AS quantity FROM ledger_stockbalance b
         JOIN places_warehouse w ON w.id = b.warehouse_id WHERE w.is_transit GROUP BY 1) b
        FULL JOIN (SELECT l.item_id, sum(l.quantity - l.qty_fulfilled) AS quantity
         FROM stock_stocktransferline l JOIN stock_stocktransfer d ON d.id = l.document_id
         WHERE d.status IN ('in_transit', 'partial', 'closed') AND d.reversal_of_id IS NULL
         GROUP BY 1) s ON s.item_id = b.item_id
        JOIN catalog_item i ON i.id = coalesce(b.item_id, s.item_id)
        WHERE coalesce(b.quantity, 0) <> coalesce(s.quantity, 0)""",
    ),
    Check(
        "调拨单状态 = 到货情况",
        """SELECT coalesce(d.number, d.id::text), d.status,
         CASE WHEN s.done = 0 THEN 'in_transit' WHEN s.done = s.whole THEN 'closed'
          ELSE 'partial' END
        FROM stock_stocktransfer d JOIN (SELECT document_id, sum(qty_fulfilled) AS done,
          sum(quantity) AS whole FROM stock_stocktransferline GROUP BY 1) s ON s.document_id = d.id
        WHERE d.reversal_of_id IS NULL AND CASE d.status WHEN 'in_transit' THEN s.done <> 0
         WHEN 'partial' THEN s.done = 0 OR s.done = s.whole WHEN 'closed' THEN s.done <> s.whole
         ELSE s.done <> 0 END""",
    ),
    Check(
        "调拨行已到 = 调拨入库单合计",
        """SELECT l.document_id || ' 行 ' || l.position,
         l.qty_fulfilled || ' / ' || l.qty_lost || ' / ' || l.qty_sent_back,
         coalesce(s.done, 0) || ' / ' || coalesce(s.lost, 0) || ' / ' || coalesce(s.back, 0)
        FROM stock_stocktransferline l LEFT JOIN (
         SELECT f.source_line_id, sum(f.quantity) AS done,
          sum(f.quantity) FILTER (WHERE d.outcome = 'lost') AS lost,
          sum(f.quantity) FILTER (WHERE d.outcome = 'sent_back') AS back
         FROM stock_transferreceiptline f JOIN stock_transferreceipt d ON d.id = f.document_id
         WHERE d.status IN ('posted', 'reversed') GROUP BY 1) s ON s.source_line_id = l.id
        WHERE l.qty_fulfilled <> coalesce(s.done, 0) OR l.qty_lost <> coalesce(s.lost, 0)
         OR l.qty_sent_back <> coalesce(s.back, 0)""",
    ),
    Check(
        "调拨单与过账记录一一对应",
        """SELECT coalesce(d.id, r.source_id)::text, coalesce(d.status, 'none'),
         CASE WHEN r.id IS NULL THEN 'not posted' ELSE 'posted' END
        FROM (SELECT * FROM stock_stocktransfer WHERE status NOT IN ('draft', 'voided')) d
        FULL JOIN (SELECT * FROM ledger_postingrecord WHERE kind = 'stock_transfer') r
         ON r.source_id = d.id
        WHERE d.id IS NULL OR r.id IS NULL OR d.dated <> r.dated""",
    ),
    Check(
        "调拨单明细数量 = 库存流水",
        """SELECT d.id || ' 行 ' || l.position, coalesce(e.quantity, 0), -l.quantity
        FROM stock_stocktransfer d JOIN stock_stocktransferline l ON l.document_id = d.id
        LEFT JOIN ledger_postingrecord r ON r.kind = 'stock_transfer' AND r.source_id = d.id
        LEFT JOIN ledger_stockentry e ON e.posting_id = r.id AND e.line = l.position
        WHERE d.status NOT IN ('draft', 'voided') AND coalesce(e.quantity, 0) <> -l.quantity""",
    ),
    Check(
        "在途流水 = 调拨行未到",
        """SELECT l.document_id || ' 行 ' || l.position, coalesce(p.quantity, 0),
         CASE WHEN d.status IN ('in_transit', 'partial') THEN l.quantity - l.qty_fulfilled
          ELSE 0 END
        FROM stock_stocktransferline l JOIN stock_stocktransfer d ON d.id = l.document_id
        LEFT JOIN (SELECT source_id, line, sum(quantity) AS quantity FROM ledger_promiseentry
         WHERE kind = 'stock_transfer' GROUP BY 1, 2) p
         ON p.source_id = l.document_id AND p.line = l.position
        WHERE coalesce(p.quantity, 0) <> CASE WHEN d.status IN ('in_transit', 'partial')
         THEN l.quantity - l.qty_fulfilled ELSE 0 END""",
    ),
)

LINES = (
    Check(
        "入库单已检、不合格 = 质检单合计",
        """SELECT l.document_id || ' 行 ' || l.position, l.qty_inspected || ' / ' || l.qty_rejected,
         coalesce(s.done, 0) || ' / ' || coalesce(s.bad, 0)
        FROM purchasing_purchasereceiptline l LEFT JOIN (
         SELECT f.source_line_id, sum(f.quantity) AS done, sum(f.rejected) AS bad
         FROM purchasing_qualityinspectionline f
         JOIN purchasing_qualityinspection d ON d.id = f.document_id
         WHERE d.status IN ('posted', 'reversed') GROUP BY 1) s ON s.source_line_id = l.id
        WHERE l.qty_inspected <> coalesce(s.done, 0) OR l.qty_rejected <> coalesce(s.bad, 0)""",
    ),
    Check(
        "质检合格、不合格 = 库存流水",
        """SELECT d.id || ' 行 ' || l.position,
         coalesce(g.quantity, 0) || ' / ' || coalesce(b.quantity, 0),
         l.quantity - l.rejected || ' / ' || l.rejected
        FROM purchasing_qualityinspection d
        JOIN purchasing_qualityinspectionline l ON l.document_id = d.id
        LEFT JOIN ledger_postingrecord r ON r.kind = 'quality_inspection' AND r.source_id = d.id
        LEFT JOIN ledger_stockentry g ON g.posting_id = r.id AND g.line = l.position + 1000
        LEFT JOIN ledger_stockentry b ON b.posting_id = r.id AND b.line = l.position + 2000
        WHERE d.status IN ('posted', 'reversed')
         AND (coalesce(g.quantity, 0) <> l.quantity - l.rejected
          OR coalesce(b.quantity, 0) <> l.rejected)""",
    ),
    Check(
        "状态调整明细 = 调入新状态的库存流水",
        """SELECT d.id || ' 行 ' || l.position, coalesce(e.quantity, 0), l.quantity
        FROM stock_statuschange d JOIN stock_statuschangeline l ON l.document_id = d.id
        LEFT JOIN ledger_postingrecord r ON r.kind = 'status_change' AND r.source_id = d.id
        LEFT JOIN ledger_stockentry e ON e.posting_id = r.id AND e.line = l.position + 1000
        LEFT JOIN ledger_stockbalance b ON b.id = e.stock_id
        WHERE d.status IN ('posted', 'reversed') AND (coalesce(e.quantity, 0) <> l.quantity
         OR NOT e.is_move OR b.status <> l.to_status)""",
    ),
    Check(
        "报溢单成本 = 库存流水",
        """SELECT d.id || ' 行 ' || l.position, coalesce(e.value_in, 0), coalesce(l.cost_amount, 0)
        FROM stock_overage d JOIN stock_overageline l ON l.document_id = d.id
        LEFT JOIN ledger_postingrecord r ON r.kind = 'overage' AND r.source_id = d.id
        LEFT JOIN ledger_stockentry e ON e.posting_id = r.id AND e.line = l.position
        WHERE d.status IN ('posted', 'reversed') AND d.reversal_of_id IS NULL
         AND e.value_in IS DISTINCT FROM l.cost_amount""",
    ),
    Check(
        "盘点时账面 = 当时的库存流水",
        """SELECT t.document_id || ' 商品 ' || t.item_id || ' #' || t.position, t.book,
         coalesce(e.quantity, 0) FROM stock_stocktally t
        JOIN stock_stockcount d ON d.id = t.document_id
        JOIN stock_stockcountline l ON l.id = t.line_id
        LEFT JOIN ledger_stockbalance b ON b.item_id = l.item_id
         AND b.warehouse_id = d.warehouse_id AND b.status = l.stock_status
         AND b.bin_id IS NOT DISTINCT FROM l.bin_id
         AND b.batch_id IS NOT DISTINCT FROM l.batch_id AND b.owner_id IS NULL
        LEFT JOIN LATERAL (SELECT sum(quantity) AS quantity FROM ledger_stockentry
         WHERE stock_id = b.id AND position < t.position) e ON true
        WHERE t.book <> coalesce(e.quantity, 0)""",
    ),
    Check(
        "移库单：移出 = 移入，库位不同，成本不动",
        """SELECT d.id || ' 行 ' || l.position, l.bin_id::text, o.bin_id::text
        FROM stock_binmove d JOIN stock_binmoveline l ON l.document_id = d.id
        JOIN ledger_postingrecord r ON r.kind = 'bin_move' AND r.source_id = d.id
        LEFT JOIN ledger_stockentry e ON e.posting_id = r.id AND e.line = l.position
        LEFT JOIN ledger_stockbalance b ON b.id = e.stock_id
        LEFT JOIN ledger_stockentry i ON i.posting_id = r.id AND i.line = 1000 + l.position
        LEFT JOIN ledger_stockbalance o ON o.id = i.stock_id
        WHERE b.bin_id IS DISTINCT FROM l.bin_id OR o.bin_id IS DISTINCT FROM l.to_bin_id
         OR b.warehouse_id <> o.warehouse_id OR b.status <> o.status
         OR b.batch_id IS DISTINCT FROM o.batch_id OR e.quantity IS DISTINCT FROM -i.quantity
         OR e.quantity <> -l.quantity OR NOT e.is_move OR NOT i.is_move""",
    ),
    Check(
        "盘点录入与其行：同一张单，同一商品",
        """SELECT t.id::text, t.document_id || ' / ' || t.item_id,
         l.document_id || ' / ' || l.item_id
        FROM stock_stocktally t JOIN stock_stockcountline l ON l.id = t.line_id
        WHERE t.document_id <> l.document_id OR t.item_id <> l.item_id""",
    ),
    Check(
        "盘点差异 = 实盘 − 账面",
        """SELECT d.id || ' 行 ' || l.position, l.quantity, coalesce(l.counted - l.book, 0)
        FROM stock_stockcount d JOIN stock_stockcountline l ON l.document_id = d.id
        LEFT JOIN (SELECT line_id, round, sum(quantity) AS quantity
         FROM stock_stocktally WHERE is_current GROUP BY 1, 2) t
         ON t.line_id = l.id AND t.round = l.round
        WHERE d.status IN ('posted', 'reversed') AND d.reversal_of_id IS NULL
         AND (l.quantity <> coalesce(l.counted - l.book, 0)
          OR l.counted IS DISTINCT FROM t.quantity)""",
    ),
    Check(
        "采购订单已入库 = 入库单合计",
        _fulfilled(
            "purchasing_purchaseorderline",
            "qty_fulfilled",
            "purchasing_purchasereceiptline",
            "purchasing_purchasereceipt",
        ),
    ),
    Check(
        "请购单已订 = 采购订单行覆盖",
        """SELECT l.document_id || ' 行 ' || l.position, coalesce(c.quantity, 0), l.qty_fulfilled
        FROM purchasing_purchaserequisitionline l LEFT JOIN (SELECT requisition_line_id,
         sum(quantity) AS quantity FROM purchasing_requisitioncover GROUP BY 1) c
         ON c.requisition_line_id = l.id WHERE coalesce(c.quantity, 0) <> l.qty_fulfilled""",
    ),
    Check(
        "采购订单行覆盖的请购 ≤ 订购数量，商品相同",
        """SELECT l.document_id || ' 行 ' || l.position, l.quantity, sum(c.quantity)
        FROM purchasing_purchaseorderline l
        JOIN purchasing_purchaseorder o ON o.id = l.document_id
        JOIN purchasing_requisitioncover c ON c.order_line_id = l.id
        JOIN purchasing_purchaserequisitionline r ON r.id = c.requisition_line_id
        GROUP BY l.id, o.status HAVING sum(c.quantity) > l.quantity OR o.status = 'voided'
         OR bool_or(r.item_id <> l.item_id)""",
    ),
    Check(
        "采购订单行与所选供应商报价同商品、同供应商",
        """SELECT l.document_id || ' 行 ' || l.position, q.item_id, l.item_id
        FROM purchasing_purchaseorderline l
        JOIN purchasing_purchaseorder o ON o.id = l.document_id
        JOIN purchasing_supplierquoteline q ON q.id = l.quote_line_id
        JOIN purchasing_supplierquote s ON s.id = q.document_id
        WHERE q.item_id <> l.item_id OR s.partner_id <> o.partner_id OR s.status = 'voided'""",
    ),
    Check(
        "供应商报价行与询价行同商品",
        """SELECT q.document_id || ' 行 ' || q.position, r.item_id, q.item_id
        FROM purchasing_supplierquoteline q
        JOIN purchasing_rfqline r ON r.id = q.source_line_id WHERE q.item_id <> r.item_id""",
    ),
    Check(
        "发货状态 = 最后一条记录",
        """SELECT s.id::text, s.state, coalesce(e.state, 'none') FROM sales_shipment s
        LEFT JOIN LATERAL (SELECT state FROM sales_shipmentevent WHERE shipment_id = s.id
         ORDER BY id DESC LIMIT 1) e ON true WHERE s.state IS DISTINCT FROM e.state""",
    ),
    Check(
        "报价单已下单 = 销售订单合计",
        _fulfilled(
            "sales_salesquoteline",
            "qty_fulfilled",
            "sales_salesorderline",
            "sales_salesorder",
            ("approved", "closed", "closed_forced"),
        ),
    ),
    Check(
        "销售订单已出库 = 出库单合计",
        _fulfilled(
            "sales_salesorderline",
            "qty_fulfilled",
            "sales_salesdeliveryline",
            "sales_salesdelivery",
        ),
    ),
    Check(
        "入库单已退 = 退货单合计",
        _fulfilled(
            "purchasing_purchasereceiptline",
            "qty_returned",
            "purchasing_purchasereturnline",
            "purchasing_purchasereturn",
        )
        + " AND l.quantity > 0",
    ),
    Check(
        "占用流水 = 销售订单行占用",
        """SELECT l.document_id || ' 行 ' || l.position, coalesce(p.quantity, 0), l.qty_reserved
        FROM sales_salesorderline l LEFT JOIN (SELECT source_id, line, sum(quantity) AS quantity
         FROM ledger_promiseentry WHERE kind = 'sales_order' GROUP BY 1, 2) p
         ON p.source_id = l.document_id AND p.line = l.position
        WHERE coalesce(p.quantity, 0) <> l.qty_reserved""",
    ),
    Check(
        "在途流水 = 采购订单行未到",
        """SELECT l.document_id || ' 行 ' || l.position, coalesce(p.quantity, 0),
         CASE WHEN o.status IN ('approved', 'closed')
          THEN greatest(l.quantity - l.qty_fulfilled, 0) ELSE 0 END
        FROM purchasing_purchaseorderline l JOIN purchasing_purchaseorder o ON o.id = l.document_id
        LEFT JOIN (SELECT source_id, line, sum(quantity) AS quantity FROM ledger_promiseentry
         WHERE kind = 'purchase_order' GROUP BY 1, 2) p
         ON p.source_id = l.document_id AND p.line = l.position
        WHERE coalesce(p.quantity, 0) <>
         CASE WHEN o.status IN ('approved', 'closed')
          THEN greatest(l.quantity - l.qty_fulfilled, 0) ELSE 0 END""",
    ),
    Check(
        "往来流水 = 单据含税金额",
        """SELECT 'sales_delivery ' || d.id, coalesce(sum(m.amount), 0), d.amount_incl_tax
        FROM sales_salesdelivery d LEFT JOIN ledger_postingrecord r
         ON r.kind = 'sales_delivery' AND r.source_id = d.id
        LEFT JOIN ledger_moneyentry m ON m.posting_id = r.id
        WHERE d.status IN ('posted', 'reversed') GROUP BY d.id
        HAVING coalesce(sum(m.amount), 0) <> d.amount_incl_tax
        UNION ALL SELECT 'purchase_receipt ' || d.id, coalesce(sum(m.amount), 0), d.amount_incl_tax
        FROM purchasing_purchasereceipt d LEFT JOIN ledger_postingrecord r
         ON r.kind = 'purchase_receipt' AND r.source_id = d.id
        LEFT JOIN ledger_moneyentry m ON m.posting_id = r.id
        WHERE d.status IN ('posted', 'reversed') GROUP BY d.id
        HAVING coalesce(sum(m.amount), 0) <> d.amount_incl_tax
        UNION ALL SELECT 'sales_return ' || d.id, coalesce(sum(m.amount), 0), -d.amount_incl_tax
        FROM sales_salesreturn d LEFT JOIN ledger_postingrecord r
         ON r.kind = 'sales_return' AND r.source_id = d.id
        LEFT JOIN ledger_moneyentry m ON m.posting_id = r.id
        WHERE d.status IN ('posted', 'reversed') GROUP BY d.id
        HAVING coalesce(sum(m.amount), 0) <> -d.amount_incl_tax
        UNION ALL SELECT 'purchase_return ' || d.id, coalesce(sum(m.amount), 0), -d.amount_incl_tax
        FROM purchasing_purchasereturn d LEFT JOIN ledger_postingrecord r
         ON r.kind = 'purchase_return' AND r.source_id = d.id
        LEFT JOIN ledger_moneyentry m ON m.posting_id = r.id
        WHERE d.status IN ('posted', 'reversed') GROUP BY d.id
        HAVING coalesce(sum(m.amount), 0) <> -d.amount_incl_tax""",
    ),
)
