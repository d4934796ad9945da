"""What must be so between assemblies, disassemblies and the ledger."""

from hengcang.ledger.verify import Check
from hengcang.register.verify_pieces import PIECES


def _product(kind: str, label: str, sign: str) -> Check:
    table = f"assembly_{kind}"
    return Check(
        f"{label}成品数量 = 库存流水",
        f"""SELECT coalesce(d.number, d.id::text), coalesce(e.quantity, 0),
         {sign} CASE WHEN d.reversal_of_id IS NULL THEN d.product_quantity
          ELSE -d.product_quantity END
        FROM {table} d
        LEFT JOIN ledger_postingrecord r ON r.kind = '{kind}' AND r.source_id = d.id
        LEFT JOIN ledger_stockentry e ON e.posting_id = r.id AND e.line = 0
         AND e.item_id = d.product_id
        WHERE d.status IN ('posted', 'reversed') AND coalesce(e.quantity, 0) <>
         {sign} CASE WHEN d.reversal_of_id IS NULL THEN d.product_quantity
          ELSE -d.product_quantity END""",
    )


ASSEMBLY = (
    _product("assembly", "组装单", "+"),
    _product("disassembly", "拆卸单", "-"),
    Check(
        "组装单费用 = 加在成品上的费用",
        """SELECT coalesce(d.number, d.id::text), coalesce(e.value_added, 0),
         coalesce(d.extra_cost, 0) FROM assembly_assembly d
        JOIN ledger_postingrecord r ON r.kind = 'assembly' AND r.source_id = d.id
        JOIN ledger_stockentry e ON e.posting_id = r.id AND e.line = 0
        WHERE d.reversal_of_id IS NULL
         AND coalesce(e.value_added, 0) <> coalesce(d.extra_cost, 0)""",
    ),
    Check(
        "物料清单不成环",
        """WITH RECURSIVE inside(top, item) AS (
          SELECT p.item_id, l.item_id FROM assembly_partslist p
           JOIN assembly_partslistline l ON l.parts_list_id = p.id
          UNION SELECT i.top, l.item_id FROM inside i
           JOIN assembly_partslist p ON p.item_id = i.item
           JOIN assembly_partslistline l ON l.parts_list_id = p.id)
        SELECT c.code, 'circle', 'none' FROM inside i JOIN catalog_item c ON c.id = i.top
        WHERE i.item = i.top""",
    ),
    *PIECES,
)
