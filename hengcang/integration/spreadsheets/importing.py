"""A file of documents becomes drafts, all of them or none; the same file again makes nothing."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.documents.attempts import action
from hengcang.documents.drafts import Draft
from hengcang.identity.access import demand
from hengcang.integration.spreadsheets.columns import Column, SheetRefused, Wrong, named_rows
from hengcang.integration.spreadsheets.drafting import Group, Origin, Reading, read_groups
from hengcang.integration.spreadsheets.naming import known_of
from hengcang.integration.spreadsheets.tables import Table
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.register.kinds import Kind
from hengcang.register.sourcing import made_of, with_outside_number

MAX_LINES = 20_000
MAX_DOCUMENTS = 500
CELL = re.compile(r"lines\.(\d+)\.([a-z_]+)", re.ASCII)
KEYS = {
    "source_line": "source_no",
    "discount": "discount_rate",
    "item_uom": "uom",
    "note": "line_note",
    "due_date": "line_due",
}
"""Fields of lines that a sheet calls otherwise."""
Save = Callable[[Draft], Any]


class Repeats(StrEnum):
    """Whether an external number that has a live document already may get another."""

    REFUSED = "refused"
    ALLOWED = "allowed"


@dataclass(frozen=True, slots=True)
class Job:
    """One file to be imported. `repeats`: what is done about external numbers that are known."""

    kind: Kind
    columns: Sequence[Column]
    table: Table
    repeats: Repeats = Repeats.REFUSED


@dataclass(frozen=True, slots=True)
class Imported:
    """The drafts that were made, and the documents an earlier upload of the file had made."""

    made: list[Any]
    before: list[Any]


@action
def imported(job: Job, save: Save, *, actor: Actor) -> Imported:
    """Every document of the file is a draft as if typed by the actor.

    `save` is the kind's own action. Raises Refused: forbidden, no_lines, sheet_too_large;
    SheetRefused with every wrong cell at once. Nothing is written then.
    """
    demand(actor, f"{job.kind.code}.save")
    rows = named_rows(job.table, job.columns)
    if len(rows) > MAX_LINES:
        raise Refused("sheet_too_large", "file", what=f"{MAX_LINES} 行")
    known = known_of(actor, job.kind, rows)
    found = read_groups(Origin(job.kind, job.columns, job.table.digest), known, rows)
    if len(found.groups) > MAX_DOCUMENTS:
        raise Refused("sheet_too_large", "file", what=f"{MAX_DOCUMENTS} 张单据")
    drafts = [group.draft for group in found.groups if group.draft]
    before = made_of(actor, job.kind, [draft.client_uuid for draft in drafts])
    fresh = [g for g in found.groups if g.draft and g.draft.client_uuid not in before]
    _refuse_repeats(found, fresh, job, actor)
    made = [document for group in fresh if (document := _saved(found, group, save))]
    if found.wrong:
        raise SheetRefused(found.wrong)
    facts = {"sha256": job.table.digest, "made": len(made), "before": len(before)}
    audit.record(actor, f"{job.kind.code}.import", Subject(job.kind.code), **facts)
    return Imported(made, list(before.values()))


def _refuse_repeats(found: Reading, fresh: Sequence[Group], job: Job, actor: Actor) -> None:
    """A number of theirs that has a document is likely the same paper in another file."""
    asked = {group.key: group for group in fresh if group.key}
    if not asked or job.repeats is Repeats.ALLOWED:
        return
    there = with_outside_number(actor, job.kind, asked)
    for key, group in asked.items():
        partner_id = group.draft.partner_id if group.draft else None
        if (document := there.get((key, partner_id))) is not None:
            refusal = Refused("imported_before", text=key, number=str(document))
            found.refuse(group.first, "external_no", key, refusal)


def _saved(found: Reading, group: Group, save: Save) -> Any | None:
    """The document, or None with its refusals at their cells."""
    assert group.draft is not None
    try:
        return save(group.draft)
    except Refused as refusal:
        if refusal.code == "forbidden":
            raise
        parts = refusal.refusals if isinstance(refusal, RefusedLines) else [refusal]
        found.wrong += [_placed(found, group, part) for part in parts]
        return None


def _placed(found: Reading, group: Group, refusal: Refused) -> Wrong:
    """Where in the sheet a refusal of the action belongs: its line, or the document's first row."""
    if match := CELL.fullmatch(refusal.field or ""):
        row, key = group.rows[int(match[1]) - 1], KEYS.get(match[2], match[2])
        if found.label(key) == key:  # the kind's price cell is the cost, or the other way round
            key = {"price": "unit_cost", "unit_cost": "price"}.get(key, key)
        return Wrong(row, found.label(key), "", refusal)
    item_id = refusal.facts.get("item_id")
    assert group.draft is not None
    lines = zip(group.rows, group.draft.lines, strict=True)
    row = next((row for row, line in lines if line.item_id == item_id), group.first)
    key = refusal.field or "item"
    label = found.label(key)
    return Wrong(row, "" if label == key else label, "", refusal)
