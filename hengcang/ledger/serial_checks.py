"""What must be true of serial numbers, each one SQL statement, as (name, statement)."""

PIECES = "SELECT id FROM catalog_item WHERE tracks_serials"
SERIAL_CHECKS = (
    (
        "在库序列号数 = 库存余额",
        f"""SELECT i.code || ' @ ' || w.code || ' #' || b.id, coalesce(s.pieces, 0), b.quantity
        FROM ledger_stockbalance b JOIN catalog_item i ON i.id = b.item_id
        JOIN places_warehouse w ON w.id = b.warehouse_id
        LEFT JOIN (SELECT stock_id, count(*) AS pieces FROM ledger_serialstate GROUP BY 1) s
         ON s.stock_id = b.id
        WHERE (b.item_id IN ({PIECES}) OR s.stock_id IS NOT NULL)
         AND coalesce(s.pieces, 0) <> b.quantity""",
    ),
    (
        "每次过账移动的序列号数 = 库存流水",
        f"""SELECT r.kind || ' ' || r.source_id || ' #' || coalesce(e.stock_id, s.stock_id),
         coalesce(s.pieces, 0), coalesce(e.quantity, 0)
        FROM (SELECT posting_id, stock_id, sum(quantity) AS quantity FROM ledger_stockentry
         WHERE item_id IN ({PIECES}) GROUP BY 1, 2) e
        FULL JOIN (SELECT posting_id, stock_id, sum(sign) AS pieces FROM (
          SELECT posting_id, stock_after_id AS stock_id, 1 AS sign FROM ledger_serialentry
          UNION ALL SELECT posting_id, stock_before_id, -1 FROM ledger_serialentry) moves
         WHERE stock_id IS NOT NULL GROUP BY 1, 2) s
         ON s.posting_id = e.posting_id AND s.stock_id = e.stock_id
        JOIN ledger_postingrecord r ON r.id = coalesce(e.posting_id, s.posting_id)
        WHERE coalesce(s.pieces, 0) <> coalesce(e.quantity, 0)""",
    ),
    (
        "序列号现状 = 最后一条履历",
        """SELECT n.serial_no, s.step || ' ' || s.place || ' ' || coalesce(s.dated::text, 'none'),
         coalesce(e.step, 0) || ' ' || coalesce(e.place_after, 'new') || ' '
          || coalesce(r.dated::text, 'none')
        FROM catalog_serialnumber n LEFT JOIN ledger_serialstate s ON s.serial_id = n.id
        LEFT JOIN LATERAL (SELECT * FROM ledger_serialentry WHERE serial_id = n.id
         ORDER BY step DESC LIMIT 1) e ON true
        LEFT JOIN ledger_postingrecord r ON r.id = e.posting_id
        WHERE s.step IS DISTINCT FROM coalesce(e.step, 0) OR s.item_id <> n.item_id
         OR s.place <> coalesce(e.place_after, 'new') OR s.dated IS DISTINCT FROM r.dated
         OR s.stock_id IS DISTINCT FROM e.stock_after_id
         OR s.partner_id IS DISTINCT FROM e.partner_id""",
    ),
    (
        "序列号履历首尾相接，商品相同",
        """SELECT n.serial_no || ' #' || e.step, e.place_before, coalesce(p.place_after, 'new')
        FROM ledger_serialentry e JOIN catalog_serialnumber n ON n.id = e.serial_id
        LEFT JOIN ledger_serialentry p ON p.serial_id = e.serial_id AND p.step = e.step - 1
        LEFT JOIN ledger_stockbalance b ON b.id = coalesce(e.stock_after_id, e.stock_before_id)
        WHERE e.place_before <> coalesce(p.place_after, 'new') OR b.item_id <> n.item_id
         OR e.stock_before_id IS DISTINCT FROM p.stock_after_id
         OR (e.step > 1) <> (p.step IS NOT NULL)""",
    ),
    (
        "序列号立足的一条 = 未红冲的最后一条",
        """WITH held AS (SELECT e.serial_id, e.step, e.stood_on,
          CASE WHEN r.reversal_of_id IS NULL THEN e.step ELSE o.stood_on END AS stands_on
         FROM ledger_serialentry e JOIN ledger_postingrecord r ON r.id = e.posting_id
         LEFT JOIN ledger_serialentry o
          ON o.posting_id = r.reversal_of_id AND o.serial_id = e.serial_id)
        SELECT n.serial_no || ' #' || k.step, k.told::text, k.stands::text FROM (
         SELECT h.serial_id, h.step, h.stood_on AS told, p.stands_on AS stands FROM held h
         LEFT JOIN held p ON p.serial_id = h.serial_id AND p.step = h.step - 1
         UNION ALL SELECT s.serial_id, s.step, s.stands_on, h.stands_on FROM ledger_serialstate s
         LEFT JOIN held h ON h.serial_id = s.serial_id AND h.step = s.step) k
        JOIN catalog_serialnumber n ON n.id = k.serial_id
        WHERE k.told IS DISTINCT FROM k.stands""",
    ),
    (
        "单据上的序列号 = 履历",
        """SELECT coalesce(l.kind, e.kind) || ' ' || coalesce(l.document_id, e.source_id) || ' 行 '
         || coalesce(l.position, e.line) || ' ' || coalesce(l.serial_no, e.serial_no),
         coalesce(e.serial_no, 'none'), coalesce(l.serial_no, 'none')
        FROM (SELECT l.* FROM documents_lineserial l JOIN ledger_postingrecord r
         ON r.kind = l.kind AND r.source_id = l.document_id) l
        FULL JOIN (SELECT r.kind, r.source_id, e.line, n.item_id, n.serial_no
         FROM ledger_serialentry e JOIN ledger_postingrecord r ON r.id = e.posting_id
         JOIN catalog_serialnumber n ON n.id = e.serial_id) e
         ON e.kind = l.kind AND e.source_id = l.document_id AND e.line = l.position
         AND e.item_id = l.item_id AND e.serial_no = l.serial_no
        WHERE l.id IS NULL OR e.kind IS NULL""",
    ),
)
"""In stock = on hand for every key; what a posting moved, piece by piece = its entries; a piece is
where its last entry says; entries of a piece join; the paper names what moved, and nothing else.
"""
