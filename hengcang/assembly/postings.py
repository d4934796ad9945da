"""What assemblies and disassemblies do to stock. Pure but for what they are handed."""

from decimal import Decimal

from hengcang.assembly.models import Assembly, AssemblyLine, Disassembly, DisassemblyLine, Making
from hengcang.kernel.rounding import ZERO
from hengcang.ledger.entries import PRODUCT, Posting, Source, StockKey, StockLine
from hengcang.ledger.places import key_of


def assembly_posting(assembly: Assembly, lines: list[AssemblyLine]) -> Posting:
    """The parts leave at cost; the product comes in at the sum of them and the extra cost."""
    used = [
        StockLine(line.position, key_of(line, assembly.warehouse_id), -line.quantity, share=ZERO)
        for line in lines
    ]
    made = StockLine(
        line=PRODUCT,
        key=_product_key(assembly),
        quantity=assembly.product_quantity,
        share=Decimal(1),
        value_added=assembly.extra_cost,
    )
    return Posting(Source(assembly.kind, assembly.pk), assembly.dated, (*used, made))


def disassembly_posting(disassembly: Disassembly, lines: list[DisassemblyLine]) -> Posting:
    """The product leaves at cost; its parts come in and divide it by what they are reckoned at."""
    used = StockLine(PRODUCT, _product_key(disassembly), -disassembly.product_quantity, share=ZERO)
    made = [
        StockLine(
            line.position,
            key_of(line, disassembly.warehouse_id),
            line.quantity,
            share=line.cost_amount or ZERO,
        )
        for line in lines
    ]
    return Posting(Source(disassembly.kind, disassembly.pk), disassembly.dated, (used, *made))


def _product_key(making: Making) -> StockKey:
    return StockKey(
        making.product_id,
        making.warehouse_id,
        bin_id=making.product_bin_id,
        batch_id=making.product_batch_id,
    )
