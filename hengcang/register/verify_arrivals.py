"""What arrival notices, orders and receipts say of each other."""

from hengcang.ledger.verify import Check

ARRIVALS = (
    Check(
        "到货通知已入库 = 入库单合计",
        """SELECT l.document_id || ' 行 ' || l.position, l.qty_fulfilled, coalesce(s.quantity, 0)
        FROM purchasing_arrivalnoticeline l LEFT JOIN (
         SELECT f.notice_line_id, sum(f.quantity) AS quantity
         FROM purchasing_purchasereceiptline f
         JOIN purchasing_purchasereceipt d ON d.id = f.document_id
         WHERE d.status IN ('posted', 'reversed') GROUP BY 1) s ON s.notice_line_id = l.id
        WHERE l.qty_fulfilled <> coalesce(s.quantity, 0)""",
    ),
    Check(
        "到货通知状态 = 到货情况",
        """SELECT coalesce(d.number, d.id::text), d.status, s.open::text
        FROM purchasing_arrivalnotice d JOIN (SELECT document_id,
          count(*) FILTER (WHERE qty_fulfilled < quantity) AS open,
          count(*) FILTER (WHERE qty_fulfilled > 0) AS begun
         FROM purchasing_arrivalnoticeline GROUP BY 1) s ON s.document_id = d.id
        WHERE CASE d.status WHEN 'approved' THEN s.open = 0 WHEN 'closed' THEN s.open > 0
         WHEN 'closed_forced' THEN false ELSE s.begun > 0 END""",
    ),
    Check(
        "到货通知行与采购订单行同商品、同供应商，入库行同订单行",
        """SELECT l.document_id || ' 行 ' || l.position, l.item_id, o.item_id
        FROM purchasing_arrivalnoticeline l
        JOIN purchasing_arrivalnotice d ON d.id = l.document_id
        JOIN purchasing_purchaseorderline o ON o.id = l.source_line_id
        JOIN purchasing_purchaseorder p ON p.id = o.document_id
        LEFT JOIN purchasing_purchasereceiptline r ON r.notice_line_id = l.id
        LEFT JOIN purchasing_purchasereceipt e ON e.id = r.document_id
        WHERE o.item_id <> l.item_id OR p.partner_id <> d.partner_id
         OR r.source_line_id <> l.source_line_id OR e.notice_id IS DISTINCT FROM
          CASE WHEN r.id IS NULL THEN NULL ELSE d.id END""",
    ),
)
