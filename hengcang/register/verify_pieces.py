"""What must be so between single pieces and the documents that name them."""

from hengcang.ledger.verify import Check

PIECES = (
    Check(
        "盘点扫描的序列号数 = 实盘数",
        """SELECT l.document_id || ' 行 ' || l.position, coalesce(p.pieces, 0), t.quantity
        FROM stock_stockcountline l JOIN catalog_item i ON i.id = l.item_id AND i.tracks_serials
        JOIN (SELECT line_id, round, sum(quantity) AS quantity FROM stock_stocktally
         WHERE is_current GROUP BY 1, 2) t ON t.line_id = l.id AND t.round = l.round
        LEFT JOIN (SELECT line_id, count(*) AS pieces FROM stock_tallypiece
         WHERE is_current GROUP BY 1) p ON p.line_id = l.id
        WHERE coalesce(p.pieces, 0) <> t.quantity""",
    ),
    Check(
        "盘点差异 = 序列号进出",
        """SELECT d.id || ' 行 ' || l.position, coalesce(e.quantity, 0), l.quantity
        FROM stock_stockcount d JOIN stock_stockcountline l ON l.document_id = d.id
        JOIN catalog_item i ON i.id = l.item_id AND i.tracks_serials
        LEFT JOIN ledger_postingrecord r ON r.kind = 'stock_count' AND r.source_id = d.id
        LEFT JOIN ledger_stockbalance b ON b.item_id = l.item_id
         AND b.warehouse_id = d.warehouse_id AND b.status = l.stock_status
         AND b.bin_id IS NOT DISTINCT FROM l.bin_id
         AND b.batch_id IS NOT DISTINCT FROM l.batch_id AND b.owner_id IS NULL
        LEFT JOIN (SELECT posting_id, stock_id, sum(quantity) AS quantity FROM ledger_stockentry
         GROUP BY 1, 2) e ON e.posting_id = r.id AND e.stock_id = b.id
        WHERE d.status IN ('posted', 'reversed') AND d.reversal_of_id IS NULL
         AND coalesce(e.quantity, 0) <> l.quantity""",
    ),
    Check(
        "质检不合格数 = 不合格序列号数",
        """SELECT d.id || ' 行 ' || l.position, coalesce(s.pieces, 0), abs(l.rejected)
        FROM purchasing_qualityinspection d
        JOIN purchasing_qualityinspectionline l ON l.document_id = d.id
        JOIN catalog_item i ON i.id = l.item_id AND i.tracks_serials
        LEFT JOIN (SELECT document_id, position, count(*) AS pieces FROM documents_lineserial
         WHERE kind = 'quality_inspection' AND part = 1 GROUP BY 1, 2) s
         ON s.document_id = d.id AND s.position = l.position
        WHERE d.status IN ('posted', 'reversed') AND coalesce(s.pieces, 0) <> abs(l.rejected)""",
    ),
    Check(
        "装入成品的序列号由组装单装入",
        """SELECT n.serial_no, s.place, coalesce(r.kind, 'none')
        FROM ledger_serialstate s JOIN catalog_serialnumber n ON n.id = s.serial_id
        LEFT JOIN ledger_serialentry e ON e.serial_id = s.serial_id AND e.step = s.stands_on
        LEFT JOIN ledger_postingrecord r ON r.id = e.posting_id
        LEFT JOIN ledger_stockentry p ON p.posting_id = r.id AND p.line = 0
        WHERE (s.place = 'built_in') IS DISTINCT FROM
         (e.place_after = 'built_in' AND r.kind = 'assembly' AND p.quantity > 0)
         AND (s.place = 'built_in' OR e.place_after = 'built_in')""",
    ),
)
