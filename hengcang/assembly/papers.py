"""What an assembly and a disassembly have in common when they are drawn up: product and parts."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from hengcang.assembly import queries
from hengcang.catalog.models import Item
from hengcang.documents.actions import header_columns
from hengcang.documents.drafts import Draft, LineDraft
from hengcang.documents.line_serials import Pieces
from hengcang.documents.lines import BuiltLine, built_lines, pieces_of
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.ledger.entries import PRODUCT
from hengcang.ledger.genealogy import built_into
from hengcang.ledger.goods import brought_in, taken_out
from hengcang.places.models import Warehouse

NAMES = {"item": "product", "unit_cost": "product"}


class Drawn(NamedTuple):
    """A making as it will be written: the columns of its header, its parts, and the serial numbers
    that product and parts name.
    """

    header: dict[str, Any]
    lines: list[BuiltLine]
    pieces: list[Pieces]


def assembled(draft: Draft, *, actor: Actor) -> Drawn:
    """An assembly as drawn up; a draft without lines takes the parts list's.

    Raises Refused: no_parts, part_is_product, amount_negative, and those of headers and lines.
    """
    header = header_columns(draft, actor=actor)
    warehouse = header["warehouse"]
    product = _product(draft)
    lines = _parts(draft, product.item, actor)
    [made] = _at_the_product(lambda: brought_in([product], warehouse))
    if draft.extra_cost is not None and draft.extra_cost < 0:
        raise Refused("amount_negative", "extra_cost", text=str(draft.extra_cost))
    columns = header | _columns(made) | {"extra_cost": draft.extra_cost}
    return _drawn(columns, made, taken_out(lines, warehouse, usable_on=None))


def taken_apart(draft: Draft, *, actor: Actor) -> Drawn:
    """A disassembly as drawn up; a draft without lines takes the parts list's. A line that does
    not say which pieces has those that were built in, if all of them come out.

    Raises the codes of assembled, and product_spread.
    """
    header = header_columns(draft, actor=actor)
    warehouse: Warehouse = header["warehouse"]
    product = _product(draft)
    lines = _parts(draft, product.item, actor)
    used = _at_the_product(lambda: taken_out([product], warehouse, usable_on=None))
    if len(used) > 1:
        raise Refused("product_spread", "product", item_name=product.item.name, places=len(used))
    lines = built_into(lines, product.item.pk, used[0].draft.serials)
    return _drawn(header | _columns(used[0]), used[0], brought_in(lines, warehouse))


def _drawn(header: dict[str, Any], product: BuiltLine, lines: list[BuiltLine]) -> Drawn:
    whole = Pieces(PRODUCT, product.item.pk, product.draft.serials)
    return Drawn(header, lines, [whole, *pieces_of(lines)])


def _product(draft: Draft) -> BuiltLine:
    if draft.product_id is None:
        raise Refused("field_missing", "product", what="成品")
    if draft.product_quantity is None:
        raise Refused("field_missing", "product_quantity", what="数量")
    typed = LineDraft(
        draft.product_id,
        draft.product_quantity,
        batch_no=draft.product_batch_no,
        expiry_date=draft.product_expiry_date,
        bin_code=draft.product_bin_code,
        serials=draft.product_serials,
    )
    [built] = _at_the_product(lambda: built_lines(replace(draft, lines=(typed,)), None))
    return built


def _at_the_product(build: Any) -> list[BuiltLine]:
    """What is wrong with the product is told at its own fields."""
    try:
        found: list[BuiltLine] = build()
    except RefusedLines as refused:
        first = refused.refusals[0]
        name = (first.field or "").rpartition(".")[2]
        place = NAMES.get(name, f"product_{name}")
        raise Refused(first.code, place, **first.facts) from None
    return found


def _columns(product: BuiltLine) -> dict[str, Any]:
    return {
        "product": product.item,
        "product_quantity": product.quantity,
        "product_batch_id": product.batch_id,
        "product_bin_id": product.bin_id,
    }


def _parts(draft: Draft, product: Item, actor: Actor) -> list[BuiltLine]:
    """The parts as typed, or, where none are, those of the product's parts list."""
    if not draft.lines:
        assert draft.product_quantity is not None
        wanted = queries.proposed(actor, product.pk, draft.product_quantity)
        draft = replace(draft, lines=tuple(LineDraft(i, q) for i, q in wanted.items()))
    if not draft.lines:
        raise Refused("no_parts", "lines", item_name=product.name)
    for position, line in enumerate(draft.lines, start=1):
        if line.item_id == product.pk:
            at = f"lines.{position}.item"
            raise Refused("part_is_product", at, item_name=product.name)
    return built_lines(draft, None)


def reckoned(line: BuiltLine, averages: dict[int, Decimal]) -> Decimal | None:
    """What a part is reckoned at before rounding: as stated, by the typed unit or the base unit,
    else at its average, else unknown.
    """
    if line.draft.price is not None:
        return line.draft.quantity * line.draft.price
    each = line.draft.unit_cost
    if each is None:
        each = averages.get(line.item.pk)
    return None if each is None else line.quantity * each
