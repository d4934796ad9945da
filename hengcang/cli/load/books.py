"""The book that a load fills: made once, with the terms the data asks for."""

from datetime import date

from hengcang.books import queries
from hengcang.books.switch import using_book
from hengcang.kernel.actor import SYSTEM
from hengcang.ledger import queries as ledger
from hengcang.ledger.periods import Terms, go_live


def ensure_book(code: str, name: str, terms: Terms, last: date) -> None:
    """The book exists and is live with months from the terms' date to `last`."""
    from hengcang.cli import first

    try:
        queries.book(code)
    except queries.UnknownBook:
        first.make_book(code, name, by="load")
    with using_book(code):
        if not ledger.is_live():
            go_live(terms, today=last, actor=SYSTEM)
