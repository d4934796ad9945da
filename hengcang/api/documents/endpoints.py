"""The endpoints of one kind of document, the same for each, made from its row in the tables."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from django.utils.timezone import localdate
from ninja import Query, Router, Status

from hengcang.api.access import ApiRequest
from hengcang.api.audit_lines import AuditLineTold
from hengcang.api.documents.asked import FollowAsked, UndoAsked, VerbAsked
from hengcang.api.documents.drafting import draft_of
from hengcang.api.documents.kinds import ACTS, WITH_REASON, Acts
from hengcang.api.documents.shapes import Shapes
from hengcang.api.documents.telling import Whole, path_of, whole
from hengcang.api.documents.told import ImpactTold
from hengcang.api.errors import answers, problem_of
from hengcang.api.intents import EXTRA, key_for, key_in, once
from hengcang.api.paging import cut, key_of
from hengcang.compliance import queries as compliance
from hengcang.documents.drafts import Target
from hengcang.documents.flow import Status as DocumentStatus
from hengcang.documents.reversal import Undo
from hengcang.kernel.errors import Refused
from hengcang.register import lists
from hengcang.register.kinds import BY_CODE, KINDS, Kind
from hengcang.register.lists import DocumentFilter

SHAPES = {kind.code: Shapes(kind, ACTS[kind.code].then) for kind in KINDS if kind.code in ACTS}
SAID_OF_VERBS = {
    "reserve": "占用库存",
    "post": "审核过账",
    "void": "作废",
}
View = Callable[..., Any]
IN_QUERY: Any = Query(...)  # type: ignore[type-arg]


@dataclass(frozen=True, slots=True)
class Offer:
    """One operation: its address below the kind's, what it is called, what it answers."""

    method: str
    path: str
    said: str
    shape: Any
    status: int = 200


class Endpoints:
    """Registers what one kind offers on a router."""

    def __init__(self, router: Router, kind: Kind) -> None:
        self.router = router
        self.kind = kind
        self.acts: Acts = ACTS[kind.code]
        self.shapes = SHAPES[kind.code]
        self.root = f"/{kind.plural}"

    def add(self) -> None:
        full, one = self.shapes.full, "/{int:document_id}"
        self._add(Offer("GET", "", "列表", self.shapes.page), self.listing())
        self._add(Offer("POST", "", "新建", full, 201), self.create())
        self._add(Offer("GET", one, "查看", full), self.get())
        self._add(Offer("PUT", one, "修改草稿", full), self.change())
        told = list[AuditLineTold]
        self._add(Offer("GET", f"{one}/timeline", "操作记录", told), self.timeline())
        for verb in self.acts.steps:
            path = f"{one}/{path_of(verb)}"
            self._add(Offer("POST", path, self._said(verb), full), self.step(verb))
        if self.acts.undo is not None:
            said = "红冲，返回红冲单"
            self._add(Offer("POST", f"{one}/reverse", said, full, 201), self.reverse())
        if self.acts.looks:
            self._add(Offer("GET", f"{one}/impact", "预览影响", ImpactTold), self.impact())
        if (follow := self.acts.follow) is not None:
            done = "审核" if "approve" in BY_CODE[follow.kind].flow.steps else "过账"
            said = f"生成并{done}{BY_CODE[follow.kind].label}"
            made = SHAPES[follow.kind].full
            self._add(Offer("POST", f"{one}/{follow.resource}", said, made, 201), self.follow())

    def _add(self, offer: Offer, view: View) -> None:
        name = f"{self.kind.code}_{view.__name__}"
        self.router.add_api_operation(
            self.root + offer.path,
            [offer.method],
            view,
            response=answers(offer.status, offer.shape),
            operation_id=name,
            summary=f"{self.kind.label}：{offer.said}",
            tags=[self.kind.label],
            openapi_extra=None if offer.method == "GET" else EXTRA,
        )

    def _said(self, verb: str) -> str:
        step = self.kind.flow.steps.get(verb)
        return step.label if step else SAID_OF_VERBS[verb]

    def listing(self) -> View:
        kind = self.kind

        def listing(request: ApiRequest, asked: Any) -> object:
            wanted = DocumentFilter(
                status=asked.status or "",
                partner_id=getattr(asked, "partner_id", None),
                warehouse_id=asked.warehouse_id,
                dated_from=asked.dated_from,
                dated_to=asked.dated_to,
                words=asked.words,
                channel_id=getattr(asked, "channel_id", None),
                salesperson_id=getattr(asked, "salesperson_id", None),
                after=_after(asked.next),
                limit=asked.limit + 1,
            )
            rows = lists.listed(request.auth, kind, wanted)
            return cut(rows, asked.limit, lambda row: (row.dated, row.pk))

        return _typed(listing, asked=Annotated[self.shapes.asked, IN_QUERY])

    def create(self) -> View:
        kind, acts = self.kind, self.acts

        def create(request: ApiRequest, body: Any) -> object:
            actor = request.auth
            draft = draft_of(actor, body, key_for(request, body.client_uuid))

            def act() -> Any:
                made = acts.save(draft, actor=actor)
                if body.then != "save" and made.status == DocumentStatus.DRAFT:
                    acts.steps[acts.then](Target(made.pk, made.version), actor=actor)
                return made

            def again(made: int) -> Any:
                return lists.one(actor, kind, made)

            made = once(draft.client_uuid, f"{kind.code}.create", (body.then, draft), act, again)
            return Status(201, whole(actor, kind, made.pk))

        return _typed(create, body=self.shapes.new)

    def get(self) -> View:
        kind = self.kind

        def get(request: ApiRequest, document_id: int) -> Whole:
            return whole(request.auth, kind, document_id)

        return get

    def change(self) -> View:
        kind, acts = self.kind, self.acts

        def change(request: ApiRequest, document_id: int, body: Any) -> Whole:
            actor = request.auth
            key, target = key_in(request), Target(document_id, body.version)
            draft = draft_of(actor, body, lists.one(actor, kind, document_id).client_uuid)
            once(
                key,
                f"{kind.code}.change",
                (target, draft),
                lambda: acts.change(target, draft, actor=actor),
                lambda made: lists.one(actor, kind, made),
            )
            return whole(actor, kind, document_id)

        return _typed(change, body=self.shapes.change)

    def step(self, verb: str) -> View:
        kind, act = self.kind, self.acts.steps[verb]

        def step(request: ApiRequest, document_id: int, body: VerbAsked) -> Whole:
            actor, target = request.auth, Target(document_id, body.version)
            more = {"reason": body.reason} if verb in WITH_REASON else {}
            once(
                key_in(request),
                f"{kind.code}.{verb}",
                (target, body.reason),
                lambda: act(target, actor=actor, **more),
                lambda made: lists.one(actor, kind, made),
            )
            return whole(actor, kind, document_id)

        step.__name__ = verb
        return step

    def reverse(self) -> View:
        kind, undo = self.kind, self.acts.undo
        assert undo is not None

        def reverse(request: ApiRequest, document_id: int, body: UndoAsked) -> object:
            wanted = Undo(key_for(request, body.client_uuid), body.reason, localdate())
            twin = undo(Target(document_id, body.version), wanted, actor=request.auth)
            return Status(201, whole(request.auth, kind, twin.pk))

        return reverse

    def impact(self) -> View:
        looks = self.acts.looks

        def impact(
            request: ApiRequest, document_id: int, verb: Literal["post", "reverse"]
        ) -> object:
            when = {"on": localdate()} if verb == "reverse" else {}
            return _told(looks[verb](document_id, actor=request.auth, **when))

        return impact

    def timeline(self) -> View:
        kind = self.kind

        def timeline(request: ApiRequest, document_id: int) -> object:
            lists.one(request.auth, kind, document_id)
            return compliance.timeline(request.auth, kind.code, document_id)

        return timeline

    def follow(self) -> View:
        assert self.acts.follow is not None
        made_kind, act = BY_CODE[self.acts.follow.kind], self.acts.follow.act

        def follow(request: ApiRequest, document_id: int, body: FollowAsked) -> object:
            made = act(
                document_id,
                {line_id(text): quantity for text, quantity in body.quantities.items()},
                on=body.dated,
                client_uuid=key_for(request, body.client_uuid),
                actor=request.auth,
            )
            return Status(201, whole(request.auth, made_kind, made.pk))

        follow.__name__ = self.acts.follow.resource
        return follow


def _typed(view: View, **shapes: Any) -> View:
    """The view with the shapes of its kind where its signature says Any."""
    view.__annotations__.update(shapes)
    return view


def _after(text: str) -> Any:
    return key_of(text, date, int)


def line_id(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Refused("source_line_unknown", "quantities")
    return int(text)


def _told(impact: Any) -> dict[str, Any]:
    return {
        "entries": impact.entries,
        "documents": impact.documents,
        "shift": impact.shift,
        "by_month": [{"month": month, "shift": shift} for month, shift in impact.by_month],
        "changes": list(impact.changes),
        "blocked": problem_of(impact.blocked) if impact.blocked else None,
    }


def router() -> Router:
    """Every kind of document that has acts of the general form, in the order of the register."""
    made = Router()
    for kind in (kind for kind in KINDS if kind.code in ACTS):
        Endpoints(made, kind).add()
    return made
