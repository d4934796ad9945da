"""What people do with disassemblies: one function per verb."""

from datetime import date
from decimal import Decimal

from hengcang.assembly import queries
from hengcang.assembly.models import Disassembly, DisassemblyLine
from hengcang.assembly.papers import Drawn, reckoned, taken_apart
from hengcang.assembly.postings import disassembly_posting
from hengcang.books.inserting import insert_row, insert_rows
from hengcang.documents.actions import birth_columns, locked, recorded_birth, rewrite, step, void
from hengcang.documents.attempts import action
from hengcang.documents.drafts import Draft, Target
from hengcang.documents.intents import claim, settle
from hengcang.documents.line_serials import keep_serials
from hengcang.documents.lines import BuiltLine, line_columns
from hengcang.documents.reversal import Undo
from hengcang.identity.access import demand
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.numbers import storable
from hengcang.kernel.rounding import ZERO, to_cent
from hengcang.ledger import actions as ledger
from hengcang.ledger import undoing
from hengcang.ledger.entries import Posting
from hengcang.ledger.impact import Impact
from hengcang.ledger.queries import unit_costs


@action
def save_disassembly(draft: Draft, *, actor: Actor) -> Disassembly:
    """A draft exists; the same intent again returns it.

    Without lines it takes those of the product's parts list. Raises Refused: forbidden,
    intent_reused, and those of papers.taken_apart.
    """
    demand(actor, "disassembly.save", warehouse_id=draft.warehouse_id)
    if (made := claim(draft.client_uuid, "disassembly.save", draft)) is not None:
        return queries.disassembly(actor, made)
    drawn = taken_apart(draft, actor=actor)
    birth = birth_columns(draft.client_uuid, actor=actor)
    disassembly = insert_row(Disassembly(**drawn.header, **birth))
    _write_lines(disassembly, drawn, actor)
    settle(draft.client_uuid, disassembly.kind, disassembly.pk)
    recorded_birth(disassembly, actor=actor)
    return disassembly


@action
def change_disassembly(target: Target, draft: Draft, *, actor: Actor) -> Disassembly:
    """The draft is as filled in.

    Raises the codes of save_disassembly, not_found, stale_version, wrong_status.
    """
    demand(actor, "disassembly.save", warehouse_id=draft.warehouse_id)
    disassembly: Disassembly = locked(queries.disassemblies(actor), target)
    drawn = taken_apart(draft, actor=actor)
    rewrite(disassembly, drawn.header, actor=actor)
    disassembly.lines.all().delete()
    _write_lines(disassembly, drawn, actor)
    return disassembly


@action
def post_disassembly(target: Target, *, actor: Actor) -> Disassembly:
    """The product has left and its parts are there; they divide what it cost to the cent.

    Raises Refused: forbidden, not_found, stale_version, wrong_status, and those of ledger.post.
    """
    disassembly: Disassembly = locked(queries.disassemblies(actor), target)
    demand(actor, "disassembly.post", warehouse_id=disassembly.warehouse_id)
    Disassembly.flow.target("post", disassembly.status)
    lines = _weighed(disassembly)
    ledger.post(disassembly_posting(disassembly, lines), actor=actor)
    DisassemblyLine.objects.bulk_update(lines, ["cost_amount"])
    step(disassembly, "post", actor=actor)
    return disassembly


@action
def reverse_disassembly(target: Target, undo: Undo, *, actor: Actor) -> Disassembly:
    """A posted mirror document undoes it, and is returned: what was used is back at the cost it
    left at.

    Raises the codes of undoing.reverse.
    """

    def carry(twin: Disassembly, posting: Posting) -> None:
        ledger.post(posting, actor=actor)

    return undoing.reverse(queries.disassemblies(actor), target, undo, carry, actor=actor)


@action
def void_disassembly(target: Target, *, actor: Actor, reason: str = "") -> Disassembly:
    """The draft will never be posted; the log says why. Raises the codes of documents.void."""
    return void(queries.disassemblies(actor), target, actor=actor, reason=reason)


def preview_disassembly(disassembly_id: int, *, actor: Actor) -> Impact:
    """What posting the draft would change of booked costs; nothing is written."""
    disassembly = queries.disassembly(actor, disassembly_id)
    demand(actor, "disassembly.post", warehouse_id=disassembly.warehouse_id)
    return ledger.preview(disassembly_posting(disassembly, _weighed(disassembly)), actor=actor)


def preview_disassembly_reversal(document_id: int, *, on: date, actor: Actor) -> Impact:
    """What reversing it would change of booked costs; nothing is written."""
    return undoing.preview(queries.disassembly(actor, document_id), on=on, actor=actor)


def _write_lines(disassembly: Disassembly, drawn: Drawn, actor: Actor) -> None:
    """Parts nobody stated a figure for are reckoned at their average, for those who see costs."""
    items = sorted({line.item.pk for line in drawn.lines})
    averages = unit_costs(actor, disassembly.warehouse_id, items)
    keep_serials(disassembly, drawn.pieces)
    insert_rows(
        [
            DisassemblyLine(
                document=disassembly,
                cost_amount=_cost(line, averages),
                **line_columns(line),
            )
            for line in drawn.lines
        ]
    )


def _cost(line: BuiltLine, averages: dict[int, Decimal]) -> Decimal | None:
    """Raises Refused("number_too_large")."""
    exact = reckoned(line, averages)
    if exact is None:
        return None
    return storable(to_cent(exact), f"lines.{line.position}.unit_cost")


def _weighed(disassembly: Disassembly) -> list[DisassemblyLine]:
    """The lines, each with what its part is reckoned at: now, where nobody said.

    The average where there is one, else the purchase price, else nothing. Two queries.
    """
    lines = list(disassembly.lines.select_related("item").order_by("position"))
    open_ = [line for line in lines if line.cost_amount is None]
    if not open_:
        return lines
    items = sorted({line.item_id for line in open_})
    averages = unit_costs(SYSTEM, disassembly.warehouse_id, items)
    for line in open_:
        each = averages.get(line.item_id, line.item.purchase_price or ZERO)
        line.cost_amount = to_cent(line.quantity * each)
    return lines
