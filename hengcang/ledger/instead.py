"""What else a warehouse has for who asks for more of an item than is there."""

from django.db import connection

from hengcang.kernel.numbers import shown

_INSTEAD = """
SELECT i.id, i.code, i.name, a.on_hand - a.reserved, u.name FROM catalog_itemsubstitute s
JOIN catalog_item i ON i.id = CASE WHEN s.item_id = %(item)s THEN s.substitute_id ELSE s.item_id END
JOIN catalog_uom u ON u.id = i.base_uom_id
JOIN ledger_availability a ON a.item_id = i.id AND a.warehouse_id = %(warehouse)s
WHERE (s.item_id = %(item)s OR (s.both_ways AND s.substitute_id = %(item)s))
 AND i.is_active AND a.on_hand > a.reserved
GROUP BY i.id, u.name, a.on_hand, a.reserved ORDER BY min(s.id) LIMIT 5
"""


def instead_of(item_id: int, warehouse_id: int) -> dict[str, object]:
    """The facts of a refusal: `substitutes` that are available there, base units, at most five;
    `instead`, the sentence about them, empty without any.
    """
    with connection.cursor() as cursor:
        cursor.execute(_INSTEAD, {"item": item_id, "warehouse": warehouse_id})
        rows = cursor.fetchall()
    found = [
        {"item_id": item, "code": code, "name": name, "available": shown(free), "uom": uom}
        for item, code, name, free, uom in rows
    ]
    told = "、".join(
        f"「{f['name']}」（{f['code']}）可用 {f['available']} {f['uom']}" for f in found
    )
    return {"substitutes": found, "instead": f"可用替代品：{told}。" if found else ""}
