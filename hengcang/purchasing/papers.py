"""How papers that promise nothing are saved, changed and stepped: told once, for both of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from hengcang.books.inserting import insert_row
from hengcang.books.rows import one
from hengcang.documents.actions import birth_columns, locked, recorded_birth, rewrite, step
from hengcang.documents.drafts import Draft, Target
from hengcang.documents.intents import claim, settle
from hengcang.identity.access import demand
from hengcang.identity.permissions import KIND_LABELS
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class FilledIn:
    """The columns of the header, and what writes the lines once it stands."""

    header: dict[str, Any]
    write: Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Paper:
    """One kind: which rows an actor may see, and how a draft of it is filled in."""

    model: Any
    rows: Callable[[Actor], QuerySet[Any]]
    filled_in: Callable[[Draft, Actor], FilledIn]

    def seen(self, actor: Actor, document_id: int) -> Any:
        """One of them. Raises Refused: forbidden, not_found."""
        found = one(self.rows(actor).filter(id=document_id))
        if found is None:
            raise Refused("not_found", what=KIND_LABELS[self.model.kind])
        return found


def saved(paper: Paper, draft: Draft, actor: Actor) -> Any:
    """A draft exists; the same intent again returns it. Within the caller's transaction."""
    kind = paper.model.kind
    demand(actor, f"{kind}.save", warehouse_id=draft.warehouse_id)
    if (made := claim(draft.client_uuid, f"{kind}.save", draft)) is not None:
        return paper.seen(actor, made)
    filled = paper.filled_in(draft, actor)
    birth = birth_columns(draft.client_uuid, actor=actor)
    document = insert_row(paper.model(**filled.header, **birth))
    filled.write(document)
    settle(draft.client_uuid, kind, document.pk)
    recorded_birth(document, actor=actor)
    return document


def changed(paper: Paper, target: Target, draft: Draft, actor: Actor) -> Any:
    """The locked draft is as filled in, its lines new."""
    demand(actor, f"{paper.model.kind}.save", warehouse_id=draft.warehouse_id)
    document = locked(paper.rows(actor), target)
    filled = paper.filled_in(draft, actor)
    rewrite(document, filled.header, actor=actor)
    document.lines.all().delete()
    filled.write(document)
    return document


def pressed(paper: Paper, target: Target, verb: str, actor: Actor) -> Any:
    """The document, locked, for a verb that the actor may press from here."""
    flow_step = paper.model.flow.steps[verb]
    document = locked(paper.rows(actor).select_related(None), target)
    permission = f"{document.kind}.{flow_step.permission}"
    demand(actor, permission, warehouse_id=document.warehouse_id)
    document.flow.pressed(verb, document.status)
    return document


def stepped(document: Any, verb: str, reason: str, actor: Actor) -> Any:
    """The verb is done, with its reason in the log where one was given."""
    step(document, verb, actor=actor, **({"reason": reason} if reason else {}))
    return document
