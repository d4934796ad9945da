"""The editor's addresses: open a new or a stored document, save it, press a verb on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from hengcang.compliance.queries import timeline
from hengcang.documents.drafts import Draft, Target
from hengcang.documents.reversal import Undo
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.pages.editor import Doc, posted_lines
from hengcang.partners import queries as partners
from hengcang.register import lists as register
from hengcang.register.kinds import Kind
from hengcang.web import clock, reading, shell
from hengcang.web.documents import (
    again,
    announced,
    conflicts,
    editor,
    heads,
    impacts,
    line_places,
    pasted,
    products,
    rows,
)
from hengcang.web.documents.desks import Press, desk_of
from hengcang.web.documents.editor import Sheet
from hengcang.web.documents.impacts import ImpactUnconfirmed
from hengcang.web.documents.layouts import hidden_costs, wanted_of
from hengcang.web.documents.refusals import belongs_on_form, told
from hengcang.web.documents.rows import Row
from hengcang.web.documents.saving import SAVE, SAVES_FIRST, Wish, saved
from hengcang.web.requests import Request

STALE_ADVICE = "下表是不同之处。再次保存会以您的内容为准；要看现在的内容，请刷新页面。"
CONFLICT = 409


@dataclass(frozen=True, slots=True)
class Form:
    """What was posted: the fields by name, the lines as typed."""

    posted: Mapping[str, str]
    rows: Sequence[Row]

    @property
    def verb(self) -> str:
        return self.posted.get("verb", SAVE)

    @property
    def has_fields(self) -> bool:
        """A document that is only read posts its verbs without its fields."""
        return "warehouse" in self.posted


def new(request: Request, kind: Kind) -> HttpResponse:
    """A new document: empty, following ?from=, a copy of ?copy= or the same goods as ?again= at
    today's prices; POST saves it."""
    demand(request.actor, f"{kind.code}.save")
    if request.method == "POST":
        return _act(request, kind, None)
    return _page(request, _new_sheet(request, kind))


def document(request: Request, kind: Kind, document_id: int) -> HttpResponse:
    """A stored document; POST saves it or presses a verb."""
    found = register.one(request.actor, kind, document_id)
    if request.method == "POST":
        return _act(request, kind, found)
    return _page(request, saved_sheet(request.actor, kind, found))


def _new_sheet(request: Request, kind: Kind) -> Sheet:
    actor, today, intent = request.actor, clock.today(), uuid4()
    if sources := [pk for text in request.GET.getlist("from") if (pk := reading.id_of(text))]:
        return _following(actor, kind, sources, intent)
    if kind.code == "purchase_receipt" and (by := reading.id_of(request.GET.get("notice", ""))):
        return _proposed(actor, kind, announced.receipt_by(actor, by, today, intent))
    if original := reading.id_of(request.GET.get("again", "")):
        return again.sheet_of(actor, kind, original, today)
    if original := reading.id_of(request.GET.get("copy", "")):
        found = saved_sheet(actor, kind, register.one(actor, kind, original))
        head = heads.copied_head(found.head, today)
        copied = rows.copied_rows(found.rows)
        return Sheet(kind, head, rows.without(copied, hidden_costs(actor, kind)))
    sheet = Sheet(kind, heads.new_head(today), [], intent=str(intent))
    if partner_id := reading.id_of(request.GET.get("partner", "")):
        sheet.head["partner"] = str(partner_id)
        sheet.head["partner_typed"] = partners.partner(actor, partner_id).name
    return sheet


def _following(actor: Actor, kind: Kind, sources: list[int], intent: UUID) -> Sheet:
    """A document filled in from its source, or sources where it may have several. Raises
    Refused("not_found") for kinds without one.
    """
    desk = desk_of(kind)
    if desk.follow_all is not None:
        return _proposed(actor, kind, desk.follow_all(actor, sources, clock.today(), intent))
    if desk.follow is None:
        raise Refused("not_found", what="源单")
    return _proposed(actor, kind, desk.follow(actor, sources[-1], clock.today(), intent))


def _proposed(actor: Actor, kind: Kind, draft: Draft) -> Sheet:
    name = partners.partner(actor, draft.partner_id).name if draft.partner_id else ""
    head = heads.proposed_head(draft, name)
    return Sheet(kind, head, rows.proposed_rows(draft.lines), intent=str(draft.client_uuid))


def saved_sheet(actor: Actor, kind: Kind, found: Any, **more: Any) -> Sheet:
    """A stored document as texts."""
    lines = register.lines_of(actor, kind, found)
    return Sheet(
        kind,
        products.shown_to(actor, found, heads.saved_head(found)),
        rows.saved_rows(lines),
        document=found,
        lines=lines,
        version=str(found.version),
        **more,
    )


def _act(request: Request, kind: Kind, found: Any | None) -> HttpResponse:
    posted = request.POST.dict()
    form = Form(posted, pasted.resolved(request.actor, posted_lines(posted)))
    try:
        made = _done(request, kind, found, form)
    except ImpactUnconfirmed as asked:
        return _asked(request, kind, found, form, asked)
    except Refused as refusal:
        if not belongs_on_form(refusal):
            raise
        return _refused(request, kind, found, form, refusal)
    return _after(request, kind, found, made, form.verb)


def _done(request: Request, kind: Kind, found: Any | None, form: Form) -> Any:
    """What the form asked for is done. Raises Refused, ImpactUnconfirmed."""
    posted, actor = form.posted, request.actor
    intent = reading.intent_of(posted.get("intent", ""))
    undo = Undo(intent, _reason(posted), clock.today())
    target = Target(found.pk, reading.version_of(posted.get("version", ""))) if found else None
    if form.verb != SAVE and form.verb not in kind.flow.steps:
        raise Refused("not_found", what="操作")
    if form.verb == SAVE or (form.verb in SAVES_FIRST and form.has_fields):
        wanted = wanted_of(kind, editor.editable_columns(actor, kind, found))
        wanted = replace(wanted, places=line_places.named(actor, form.rows))
        draft = reading.draft_of(posted, form.rows, wanted, intent=intent)
        wish = Wish(kind, form.verb, draft, undo, target, posted.get("confirmed", ""))
        return saved(wish, actor=actor)
    if target is None:
        raise Refused("not_found", what=kind.label)
    return desk_of(kind).press(Press(form.verb, target, undo), actor)


def _reason(posted: Mapping[str, str]) -> str:
    return reading.plain_text(posted.get("reason", ""), "reason", "原因", 200)


def _after(request: Request, kind: Kind, found: Any | None, made: Any, verb: str) -> HttpResponse:
    """A save stays where it is; a verb, or a document that is new, opens its page."""
    step = kind.flow.steps.get(verb)
    sentence = f"{step.label}完成。" if step else "已保存。"
    if found is not None and verb == SAVE and request.htmx:
        fresh = register.one(request.actor, kind, made.pk)
        return _fragment(request, saved_sheet(request.actor, kind, fresh, saved=sentence))
    messages.success(request, sentence)
    url = reverse("document", args=[kind.plural, made.pk])
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


def _typed(kind: Kind, found: Any | None, form: Form) -> Sheet:
    """The form as typed."""
    posted = form.posted
    moves = ("to_warehouse", "outcome", "responsible")
    names = (*heads.TYPED, *moves, *products.TYPED)
    head = {name: posted.get(name, "") for name in names}
    head["prices_include_tax"] = posted.get("prices_include_tax", "1")
    version = posted.get("version", "")
    intent = posted.get("intent", "") or str(uuid4())
    return Sheet(kind, head, form.rows, document=found, intent=intent, version=version)


def _asked(
    request: Request, kind: Kind, found: Any | None, form: Form, asked: ImpactUnconfirmed
) -> HttpResponse:
    label = kind.flow.steps[form.verb].label
    sheet = _typed(kind, found, form)
    sheet.impact = impacts.shown(asked.impact, request.actor, label, form.verb)
    return _fragment(request, sheet, CONFLICT)


def _refused(
    request: Request, kind: Kind, found: Any | None, form: Form, refusal: Refused
) -> HttpResponse:
    """The form again, as typed, with what is wrong; a conflict also says what changed."""
    answer = told(refusal, form.rows, kind)
    if found is None:
        sheet = _typed(kind, None, form)
    else:
        fresh = register.one(request.actor, kind, found.pk)
        sheet = saved_sheet(request.actor, kind, fresh)
        if form.has_fields and editor.is_editable(request.actor, kind, fresh, sheet.rows):
            typed = _typed(kind, fresh, form)
            stale = refusal.code == "stale_version"
            sheet = _conflicting(request.actor, typed, sheet) if stale else typed
            answer.above += [STALE_ADVICE] if stale else []
    sheet.told = answer
    return _fragment(request, sheet, answer.status)


def _conflicting(actor: Actor, typed: Sheet, now: Sheet) -> Sheet:
    """The typed form beside what stands there now; saved again, it wins."""
    kind = typed.kind
    offered = heads.choices(actor, kind, typed.head)
    columns = editor.editable_columns(actor, kind, now.document)
    hidden = set() if columns.price else {"price", "discount"}
    hidden |= set() if columns.unit_cost_label else {"unit_cost"}
    found = conflicts.differences(
        (heads.fields(kind, typed.head, offered, {}), heads.fields(kind, now.head, offered, {})),
        (typed.rows, now.rows),
        frozenset(hidden),
    )
    last = timeline(actor, kind.code, now.document.pk).last() if now.document else None
    return replace(
        typed,
        version=now.version,
        differences=found,
        changed_by=last.actor_name if last else "",
    )


def _page(request: Request, sheet: Sheet) -> HttpResponse:
    doc = editor.doc_of(request.actor, sheet)
    return render(request, "pages/editor.html", _context(request, doc))


def _fragment(request: Request, sheet: Sheet, status: int = 200) -> HttpResponse:
    """The form for htmx; the whole page for a browser without scripts."""
    doc = editor.doc_of(request.actor, sheet)
    if request.htmx:
        return render(request, "pages/_editor.html", {"doc": doc}, status=status)
    return render(request, "pages/editor.html", _context(request, doc), status=status)


def _context(request: Request, doc: Doc) -> dict[str, object]:
    here = doc.number or (f"草稿 {doc.save_url.rpartition('/')[2]}" if doc.version else "新建")
    return shell.page(request, doc.heading, here) | {"doc": doc}
