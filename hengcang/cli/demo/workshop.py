"""Gift packs of the demo company: put together of its goods, and taken apart again."""

from decimal import Decimal

from hengcang.assembly.actions import assemblies, disassemblies
from hengcang.assembly.actions.parts_lists import save_parts_list
from hengcang.assembly.drafts import PartDraft, PartsListDraft
from hengcang.cli.demo.desk import target_of
from hengcang.cli.demo.errands import Errands
from hengcang.cli.demo.inspecting import rare_ids
from hengcang.cli.demo.rare_goods import OFFICE_PACK, SCHOOL_PACK
from hengcang.documents.drafts import Draft
from hengcang.kernel.actor import SYSTEM
from hengcang.ledger.queries import StockFilter, on_hand

MADE = (
    (OFFICE_PACK, 12, "post"),
    (SCHOOL_PACK, 8, "post"),
    (OFFICE_PACK, 3, "reverse"),
    (SCHOOL_PACK, 5, "draft"),
)
PARTS, MANY = 4, 60
UNMADE = ((OFFICE_PACK, 2, "post"), (SCHOOL_PACK, 1, "reverse"), (OFFICE_PACK, 1, "draft"))


def assemble(errands: Errands) -> None:
    """Two packs have their parts lists; some were made, a few were taken apart."""
    ids = rare_ids()
    for pack, trade in ((OFFICE_PACK, "办公用品"), (SCHOOL_PACK, "学生用品")):
        lines = tuple(
            PartDraft(pk, Decimal(1 + at % 2)) for at, pk in enumerate(_parts(errands, trade))
        )
        wanted = PartsListDraft(ids[pack.code], lines, note="附手提袋，包装工费另计")
        save_parts_list(wanted, actor=errands.staff["laoban"])
    for at, (pack, count, until) in enumerate(MADE):
        _make(errands, _paper(errands, f"made:{at}", ids[pack.code], count), until)
    for at, (pack, count, until) in enumerate(UNMADE):
        _take_apart(errands, _paper(errands, f"unmade:{at}", ids[pack.code], count), until)


def _parts(errands: Errands, trade: str) -> list[int]:
    """Goods of that trade of which there are plenty; where too few of them are, others too."""
    place = errands.places[0]
    rows = on_hand(SYSTEM, StockFilter(warehouse_id=place, category_path=trade, limit=200))
    plenty = [row for row in rows if row.available >= MANY]
    found = errands.dice.sample(plenty, min(PARTS, len(plenty)))
    others = [row for row in errands.shelf(place) if row not in found]
    return [row.item_id for row in (found + others)[:PARTS]]


def _paper(errands: Errands, name: str, product: int, count: int) -> Draft:
    return errands.paper(
        name, errands.places[0], (), product_id=product, product_quantity=Decimal(count)
    )


def _make(errands: Errands, draft: Draft, until: str) -> None:
    keeper = errands.staff["cangguan"]
    made = assemblies.save_assembly(draft, actor=keeper)
    if until == "draft":
        return
    made = assemblies.post_assembly(target_of(made), actor=keeper)
    if until == "reverse":
        undo = errands.undo("undo made", "客户改了礼包内容")
        assemblies.reverse_assembly(target_of(made), undo, actor=errands.staff["caiwu"])


def _take_apart(errands: Errands, draft: Draft, until: str) -> None:
    keeper = errands.staff["cangguan"]
    made = disassemblies.save_disassembly(draft, actor=keeper)
    if until == "draft":
        return
    made = disassemblies.post_disassembly(target_of(made), actor=keeper)
    if until == "reverse":
        undo = errands.undo("undo unmade", "拆错商品")
        disassemblies.reverse_disassembly(target_of(made), undo, actor=errands.staff["caiwu"])
