"""A whole past written at once: documents by COPY, the books through the ledger's bulk door."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from hengcang.books.copying import allow_slow_statements, take_ids
from hengcang.compliance import audit
from hengcang.compliance.audit import Act, Subject
from hengcang.documents.attempts import action
from hengcang.documents.flow import Status
from hengcang.documents.numbering import next_numbers
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.calendar import month_of
from hengcang.ledger import bulk
from hengcang.ledger import queries as books
from hengcang.ledger.bulk import Promised, Step
from hengcang.ledger.entries import InputTax, Posting
from hengcang.purchasing import postings as purchases
from hengcang.register.kinds import BY_CODE
from hengcang.register.past import Event, PastDocument, PastLine
from hengcang.register.past_rows import copy_models, document_row, line_row, settle_line
from hengcang.sales import postings as sales
from hengcang.stock import postings as stock


@action
def write_past(events: Sequence[Event], *, actor: Actor) -> dict[str, int]:
    """Every document stands as if made and pressed one by one; the number of lines per kind.

    Each document comes once, dates rise. The documents carry no intent: what came in this way is
    not asked for again. Raises Refused: forbidden and those of ledger.bulk.post_in_order.
    """
    demand(actor, "period.close")
    allow_slow_statements()
    _identify([event.document for event in events])
    _number([event.document for event in events if event.verb != "draft"])
    past = _Past(books.input_tax())
    steps = [step for event in events for step in past.live(event)]
    bulk.post_in_order(steps, actor=actor)
    past.write()
    return past.counts()


class _Past:
    """The documents lived so far, and their rows by id."""

    def __init__(self, input_tax: InputTax) -> None:
        self.input_tax = input_tax
        self.documents: dict[tuple[str, int], PastDocument] = {}
        self.rows: dict[tuple[str, int], Any] = {}
        self.lines: dict[tuple[str, int], list[Any]] = {}
        self.acts: list[Act] = []

    def live(self, event: Event) -> Iterator[Step]:
        """The document is made and has taken its step; what that does to the books."""
        document, key = event.document, (event.document.kind, event.document.id)
        self.documents[key] = document
        self.lines[key] = [line_row(document.kind, line) for line in document.lines]
        self.rows[key] = document_row(document, self.lines[key])
        self._note(document, "create", "")
        if event.verb == "draft":
            return
        self._step(document, event.verb)
        if event.verb == "approve":
            yield Promised(self._promises(document))
        elif event.verb == "post":
            yield replace(self._posting(document), promises=self._consumed(document))
            self._fulfil(document)

    def write(self) -> None:
        """Documents, lines and audit lines stand in their tables."""
        by_kind: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for key in self.documents:
            by_kind[key[0]].append(key)
        for code in (kind for kind in BY_CODE if kind in by_kind):
            for key in by_kind[code]:
                self._settle(key)
            copy_models([self.rows[key] for key in by_kind[code]])
            copy_models([row for key in by_kind[code] for row in self.lines[key]])
        audit.record_all(self.acts)

    def counts(self) -> dict[str, int]:
        counts: dict[str, int] = defaultdict(int)
        for document in self.documents.values():
            counts[document.kind] += len(document.lines)
        return dict(counts)

    def _promises(self, order: PastDocument) -> tuple[Any, ...]:
        key = (order.kind, order.id)
        row, lines = self.rows[key], self.lines[key]
        if order.kind == "purchase_order":
            return purchases.open_on_order(row, lines, 1)
        return tuple(
            sales.reservation(its_row, row, line.reserved)
            for its_row, line in zip(lines, order.lines, strict=True)
            if line.reserved
        )

    def _posting(self, document: PastDocument) -> Posting:
        key = (document.kind, document.id)
        row, lines, days = self.rows[key], self.lines[key], document.credit_days
        match document.kind:
            case "purchase_receipt":
                return purchases.receipt_posting(row, lines, self.input_tax, days)
            case "sales_delivery":
                return sales.delivery_posting(row, lines, days)
            case "sales_return":
                self._bind_origins(document)
                return sales.return_posting(row, lines, days)
            case "purchase_return":
                self._bind_origins(document)
                return purchases.return_posting(row, lines, days)
            case "other_receipt":
                return stock.other_receipt_posting(row, lines)
        return stock.other_issue_posting(row, lines)

    def _bind_origins(self, returned: PastDocument) -> None:
        rows = self.lines[returned.kind, returned.id]
        for row, line in zip(rows, returned.lines, strict=True):
            if line.source is not None:
                row.source_line = self._row_of(BY_CODE[returned.kind].source, line.source)

    def _consumed(self, document: PastDocument) -> tuple[Any, ...]:
        """What the document ends of the promises of its order lines."""
        sourced = [line for line in document.lines if line.source is not None]
        if document.kind == "purchase_receipt":
            rows = {
                ln.source.id: self._row_of("purchase_order", ln.source)
                for ln in sourced
                if ln.source
            }
            for line in sourced:
                assert line.source is not None
                rows[line.source.id].document = self.rows["purchase_order", line.source.document_id]
            wanted = {line.source.id: line.quantity for line in sourced if line.source}
            return purchases.arrived(rows, wanted)
        if document.kind != "sales_delivery":
            return ()
        return tuple(
            sales.reservation(
                self._row_of("sales_order", line.source),
                self.rows["sales_order", line.source.document_id],
                -line.unreserved,
            )
            for line in sourced
            if line.source is not None and line.unreserved
        )

    def _fulfil(self, document: PastDocument) -> None:
        orders = {}
        for line in document.lines:
            if line.source is None:
                continue
            line.source.done += line.quantity
            line.source.reserved -= line.unreserved
            orders[line.source.document_id] = BY_CODE[document.kind].source
        for order_id, kind in orders.items():
            order = self.documents[kind, order_id]
            is_order = "complete" in BY_CODE[kind].flow.steps
            if is_order and all(ln.done == ln.quantity for ln in order.lines):
                self._step(order, "complete")

    def _step(self, document: PastDocument, verb: str) -> None:
        before = document.status
        document.status = BY_CODE[document.kind].flow.target(verb, Status(before)).value
        document.version += 1
        self._note(document, verb, document.number or "", before=before)

    def _note(self, document: PastDocument, verb: str, label: str, **facts: object) -> None:
        subject = Subject(document.kind, document.id, label)
        self.acts.append(Act(document.by, f"{document.kind}.{verb}", subject, facts))

    def _settle(self, key: tuple[str, int]) -> None:
        document, row = self.documents[key], self.rows[key]
        row.status, row.version = document.status, document.version
        for its_row, line in zip(self.lines[key], document.lines, strict=True):
            settle_line(document.kind, its_row, line)

    def _row_of(self, kind: str, line: PastLine) -> Any:
        return self.lines[kind, line.document_id][line.position - 1]


def _identify(documents: Sequence[PastDocument]) -> None:
    """Documents and lines have their ids, in the order given within their kind."""
    by_kind: dict[str, list[PastDocument]] = defaultdict(list)
    for document in documents:
        by_kind[document.kind].append(document)
    for code, mine in by_kind.items():
        table = BY_CODE[code].model._meta.db_table
        lines = [line for document in mine for line in document.lines]
        for document, row_id in zip(mine, take_ids(table, "id", len(mine)), strict=True):
            document.id = row_id
            for position, line in enumerate(document.lines, start=1):
                line.document_id, line.position = row_id, position
        for line, row_id in zip(lines, take_ids(f"{table}line", "id", len(lines)), strict=True):
            line.id = row_id


def _number(documents: Sequence[PastDocument]) -> None:
    """The documents have the next numbers of their series, in the order given."""
    series: dict[tuple[str, Any], list[PastDocument]] = defaultdict(list)
    for document in documents:
        series[document.kind, month_of(document.dated)].append(document)
    for (code, month), mine in series.items():
        prefix = BY_CODE[code].model.prefix
        numbers = next_numbers(code, prefix, month, len(mine))
        for document, number in zip(mine, numbers, strict=True):
            document.number = number
