"""What people do with the book as a whole."""

from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.ledger.verify import Difference
from hengcang.register.checking import check_books


def verify_now(*, actor: Actor) -> list[Difference]:
    """Every difference of the current book. Raises Refused("forbidden") without books.verify."""
    demand(actor, "books.verify")
    found = check_books()
    audit.record(actor, "books.verify", Subject("book", 1, "账实自检"), differences=len(found))
    return found
