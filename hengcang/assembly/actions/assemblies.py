"""What people do with assemblies: one function per verb."""

from datetime import date

from hengcang.assembly import queries
from hengcang.assembly.models import Assembly, AssemblyLine
from hengcang.assembly.papers import Drawn, assembled
from hengcang.assembly.postings import assembly_posting
from hengcang.books.inserting import insert_row, insert_rows
from hengcang.documents.actions import birth_columns, locked, recorded_birth, rewrite, step, void
from hengcang.documents.attempts import action
from hengcang.documents.drafts import Draft, Target
from hengcang.documents.intents import claim, settle
from hengcang.documents.line_serials import keep_serials
from hengcang.documents.lines import line_columns
from hengcang.documents.reversal import Undo
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.ledger import actions as ledger
from hengcang.ledger import undoing
from hengcang.ledger.entries import Posting
from hengcang.ledger.impact import Impact


@action
def save_assembly(draft: Draft, *, actor: Actor) -> Assembly:
    """A draft exists; the same intent again returns it.

    Without lines it takes those of the product's parts list. Raises Refused: forbidden,
    intent_reused, and those of papers.assembled.
    """
    demand(actor, "assembly.save", warehouse_id=draft.warehouse_id)
    if (made := claim(draft.client_uuid, "assembly.save", draft)) is not None:
        return queries.assembly(actor, made)
    drawn = assembled(draft, actor=actor)
    birth = birth_columns(draft.client_uuid, actor=actor)
    assembly = insert_row(Assembly(**drawn.header, **birth))
    _write_lines(assembly, drawn)
    settle(draft.client_uuid, assembly.kind, assembly.pk)
    recorded_birth(assembly, actor=actor)
    return assembly


@action
def change_assembly(target: Target, draft: Draft, *, actor: Actor) -> Assembly:
    """The draft is as filled in.

    Raises the codes of save_assembly, not_found, stale_version, wrong_status.
    """
    demand(actor, "assembly.save", warehouse_id=draft.warehouse_id)
    assembly: Assembly = locked(queries.assemblies(actor), target)
    drawn = assembled(draft, actor=actor)
    rewrite(assembly, drawn.header, actor=actor)
    assembly.lines.all().delete()
    _write_lines(assembly, drawn)
    return assembly


@action
def post_assembly(target: Target, *, actor: Actor) -> Assembly:
    """The parts have left and the product is there at what they cost, and the extra cost.

    Raises Refused: forbidden, not_found, stale_version, wrong_status, and those of ledger.post.
    """
    assembly: Assembly = locked(queries.assemblies(actor), target)
    demand(actor, "assembly.post", warehouse_id=assembly.warehouse_id)
    Assembly.flow.target("post", assembly.status)
    ledger.post(assembly_posting(assembly, list(assembly.lines.all())), actor=actor)
    step(assembly, "post", actor=actor)
    return assembly


@action
def reverse_assembly(target: Target, undo: Undo, *, actor: Actor) -> Assembly:
    """A posted mirror document undoes it, and is returned: what was used is back at the cost it
    left at.

    Raises the codes of undoing.reverse.
    """

    def carry(twin: Assembly, posting: Posting) -> None:
        ledger.post(posting, actor=actor)

    return undoing.reverse(queries.assemblies(actor), target, undo, carry, actor=actor)


@action
def void_assembly(target: Target, *, actor: Actor, reason: str = "") -> Assembly:
    """The draft will never be posted; the log says why. Raises the codes of documents.void."""
    return void(queries.assemblies(actor), target, actor=actor, reason=reason)


def preview_assembly(assembly_id: int, *, actor: Actor) -> Impact:
    """What posting the draft would change of booked costs; nothing is written."""
    assembly = queries.assembly(actor, assembly_id)
    demand(actor, "assembly.post", warehouse_id=assembly.warehouse_id)
    return ledger.preview(assembly_posting(assembly, list(assembly.lines.all())), actor=actor)


def preview_assembly_reversal(document_id: int, *, on: date, actor: Actor) -> Impact:
    """What reversing it would change of booked costs; nothing is written."""
    return undoing.preview(queries.assembly(actor, document_id), on=on, actor=actor)


def _write_lines(assembly: Assembly, drawn: Drawn) -> None:
    keep_serials(assembly, drawn.pieces)
    insert_rows([AssemblyLine(document=assembly, **line_columns(line)) for line in drawn.lines])
