"""What shops' requests and the transfers allocated to them must agree on."""

from hengcang.ledger.verify import Check

HELD = """(SELECT f.source_line_id, sum(f.quantity) AS allocated,
         sum(f.quantity) FILTER (WHERE d.status <> 'draft') AS shipped
         FROM stock_stocktransferline f JOIN stock_stocktransfer d ON d.id = f.document_id
         WHERE d.status <> 'voided' AND f.source_line_id IS NOT NULL GROUP BY 1)"""

REQUESTS = (
    Check(
        "要货单已配、已发 = 调拨单合计",
        f"""SELECT l.document_id || ' 行 ' || l.position,
         l.qty_allocated || ' / ' || l.qty_fulfilled,
         coalesce(s.allocated, 0) || ' / ' || coalesce(s.shipped, 0)
        FROM stock_shoprequestline l LEFT JOIN {HELD} s ON s.source_line_id = l.id
        WHERE l.qty_allocated <> coalesce(s.allocated, 0)
         OR l.qty_fulfilled <> coalesce(s.shipped, 0)""",
    ),
    Check(
        "要货单状态 = 发货情况",
        """SELECT coalesce(d.number, d.id::text), d.status,
         CASE WHEN s.open THEN 'open' ELSE 'all shipped' END
        FROM stock_shoprequest d JOIN (SELECT document_id,
          bool_or(qty_fulfilled < quantity) AS open, bool_or(qty_allocated > 0) AS held
          FROM stock_shoprequestline GROUP BY 1) s
         ON s.document_id = d.id
        WHERE CASE d.status WHEN 'approved' THEN NOT s.open WHEN 'closed' THEN s.open
         WHEN 'closed_forced' THEN false ELSE s.held END""",
    ),
    Check(
        "调拨行与要货行：同商品，从供货仓到要货门店",
        """SELECT f.document_id || ' 行 ' || f.position, f.item_id, l.item_id
        FROM stock_stocktransferline f JOIN stock_stocktransfer t ON t.id = f.document_id
        JOIN stock_shoprequestline l ON l.id = f.source_line_id
        JOIN stock_shoprequest d ON d.id = l.document_id
        WHERE f.item_id <> l.item_id OR t.warehouse_id <> d.to_warehouse_id
         OR t.to_warehouse_id <> d.warehouse_id""",
    ),
)
