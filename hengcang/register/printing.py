"""Every print of a document leaves a trace, and the next one says which it is."""

from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.compliance.queries import times
from hengcang.documents.attempts import action
from hengcang.kernel.actor import Actor
from hengcang.register.kinds import Kind
from hengcang.register.lists import one


@action
def record_print(kind: Kind, document_id: int, paper: str, *, actor: Actor) -> int:
    """The log says who printed the document on which paper; how often it was printed so far.

    Raises Refused: forbidden, not_found.
    """
    document = one(actor, kind, document_id)
    subject = Subject(kind.code, document.pk, document.number or "")
    audit.record(actor, f"{kind.code}.print", subject, paper=paper)
    return prints_of(actor, kind, document.pk)


def prints_of(actor: Actor, kind: Kind, document_id: int) -> int:
    """How often the document, which the actor was shown, was printed."""
    return times(actor, f"{kind.code}.print", kind.code, document_id)
