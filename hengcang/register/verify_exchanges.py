"""What must be so between deliveries, what came back of them, exchanges and the ledger."""

from hengcang.ledger.verify import Check

EXCHANGES = (
    Check(
        "出库单已退 = 退货单合计 + 换货单退回合计",
        """SELECT l.document_id || ' 行 ' || l.position, l.qty_returned, coalesce(s.quantity, 0)
        FROM sales_salesdeliveryline l LEFT JOIN (
         SELECT source_line_id, sum(quantity) AS quantity FROM (
          SELECT f.source_line_id, f.quantity FROM sales_salesreturnline f
          JOIN sales_salesreturn d ON d.id = f.document_id WHERE d.status IN ('posted', 'reversed')
          UNION ALL SELECT f.source_line_id, f.quantity FROM sales_salesexchangeline f
          JOIN sales_salesexchange d ON d.id = f.document_id
          WHERE d.status IN ('posted', 'reversed')) back GROUP BY 1) s ON s.source_line_id = l.id
        WHERE l.qty_returned <> coalesce(s.quantity, 0) AND l.quantity > 0""",
    ),
    Check(
        "换货单差额 = 换出 − 退回，各为其明细合计",
        """SELECT coalesce(d.number, d.id::text), d.out_amount || ' / ' || d.back_amount,
         coalesce(sum(l.amount_incl_tax) FILTER (WHERE l.direction = 'out'), 0) || ' / '
          || -coalesce(sum(l.amount_incl_tax) FILTER (WHERE l.direction = 'back'), 0)
        FROM sales_salesexchange d JOIN sales_salesexchangeline l ON l.document_id = d.id
        GROUP BY d.id HAVING d.amount_incl_tax <> d.out_amount - d.back_amount
         OR d.out_amount <> coalesce(sum(l.amount_incl_tax) FILTER (WHERE l.direction = 'out'), 0)
         OR d.back_amount <>
          -coalesce(sum(l.amount_incl_tax) FILTER (WHERE l.direction = 'back'), 0)""",
    ),
    Check(
        "换货单方向 = 库存流水方向",
        """SELECT d.id || ' 行 ' || l.position, coalesce(e.quantity, 0),
         CASE l.direction WHEN 'back' THEN l.quantity ELSE -l.quantity END
        FROM sales_salesexchange d JOIN sales_salesexchangeline l ON l.document_id = d.id
        LEFT JOIN ledger_postingrecord r ON r.kind = 'sales_exchange' AND r.source_id = d.id
        LEFT JOIN ledger_stockentry e ON e.posting_id = r.id AND e.line = l.position
        WHERE d.status IN ('posted', 'reversed') AND coalesce(e.quantity, 0) <>
         CASE l.direction WHEN 'back' THEN l.quantity ELSE -l.quantity END""",
    ),
    Check(
        "换货单差额 = 往来流水",
        """SELECT coalesce(d.number, d.id::text), coalesce(sum(m.amount), 0), d.amount_incl_tax
        FROM sales_salesexchange d LEFT JOIN ledger_postingrecord r
         ON r.kind = 'sales_exchange' AND r.source_id = d.id
        LEFT JOIN ledger_moneyentry m ON m.posting_id = r.id
        WHERE d.status IN ('posted', 'reversed') GROUP BY d.id
        HAVING coalesce(sum(m.amount), 0) <> d.amount_incl_tax""",
    ),
)
