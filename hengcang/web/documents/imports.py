"""导入: a file of documents is uploaded; drafts are made of it, or every error is shown."""

from urllib.parse import quote
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from hengcang.documents.drafts import Draft
from hengcang.documents.reversal import Undo
from hengcang.identity.access import demand
from hengcang.integration.spreadsheets.columns import SheetRefused, Wrong
from hengcang.integration.spreadsheets.importing import Imported, Job, Repeats, imported
from hengcang.integration.spreadsheets.tables import table_of
from hengcang.integration.spreadsheets.templates import template_of
from hengcang.kernel.errors import Refused
from hengcang.kernel.refusals import HTTP_STATUS, sentence
from hengcang.pages.tables import Cell, Column, Row, Table
from hengcang.register.kinds import Kind
from hengcang.web import clock, shell
from hengcang.web.documents.saving import SAVE, Wish, saved
from hengcang.web.documents.sheets import sheet_columns
from hengcang.web.masters import forms
from hengcang.web.requests import Request

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDING = (403, 404)
COLUMNS = (
    Column("row", "行", numeric=True),
    Column("column", "列"),
    Column("text", "内容"),
    Column("why", "要怎么改"),
)
HAVE_THEIR_OWN = frozenset({"stock_count"})
"""Kinds that are no lines to be typed; a count's sheet is uploaded on the count itself."""


@require_http_methods(["GET", "POST"])
def import_documents(request: Request, kind: Kind) -> HttpResponse:
    """The upload; the same page with every wrong cell; or the drafts that were made."""
    _refuse_unless_written_by_lines(request, kind)
    if request.method == "GET":
        return _page(request, kind)
    try:
        made = _done(request, kind)
    except Refused as refusal:
        if HTTP_STATUS[refusal.code] in ENDING:
            raise
        return _page(request, kind, refusal)
    return _after(request, kind, made)


@require_GET
def import_template(request: Request, kind: Kind) -> HttpResponse:
    """The empty XLSX of the kind, with the columns the actor may fill in."""
    _refuse_unless_written_by_lines(request, kind)
    content = template_of(kind.label, sheet_columns(request.actor, kind))
    name = quote(f"{kind.label}导入模板.xlsx")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return HttpResponse(content, content_type=SPREADSHEET, headers=headers)


def import_url(kind: Kind) -> str:
    """Where files of this kind are uploaded; "" where there is no such page."""
    if kind.code in HAVE_THEIR_OWN:
        return ""
    return reverse("document-import", args=[kind.plural])


def _refuse_unless_written_by_lines(request: Request, kind: Kind) -> None:
    if kind.code in HAVE_THEIR_OWN:
        raise Refused("not_found", what="导入")
    demand(request.actor, f"{kind.code}.save")


def _done(request: Request, kind: Kind) -> Imported:
    """Raises Refused: file_missing, and the codes of imported."""
    actor, file = request.actor, request.FILES.get("file")
    if file is None:
        raise Refused("file_missing", "file")
    table = table_of(file.read())
    repeats = Repeats.ALLOWED if request.POST.get("repeats") else Repeats.REFUSED
    job = Job(kind, sheet_columns(actor, kind), table, repeats)

    def save(draft: Draft) -> object:
        wish = Wish(kind, SAVE, draft, Undo(uuid4(), "", clock.today()))
        return saved(wish, actor=actor)

    return imported(job, save, actor=actor)


def _after(request: Request, kind: Kind, found: Imported) -> HttpResponse:
    said = f"已导入 {len(found.made)} 张{kind.label}草稿"
    if found.before:
        said += f"；另有 {len(found.before)} 张在之前已导入过，没有重复生成"
    whole = [*found.made, *found.before]
    if len(whole) == 1:
        url = reverse("document", args=[kind.plural, whole[0].pk])
    else:
        url = reverse("document-list", args=[kind.plural])
    return forms.done(request, url, f"{said}。")


def _page(request: Request, kind: Kind, refusal: Refused | None = None) -> HttpResponse:
    wrong = refusal.wrong if isinstance(refusal, SheetRefused) else []
    context = shell.page(request, f"导入{kind.label}", "导入") | {
        "kind_label": kind.label,
        "template_url": reverse("import-template", args=[kind.plural]),
        "columns": sheet_columns(request.actor, kind),
        "error": sentence(refusal) if refusal else "",
        "table": Table("需要修正的地方", COLUMNS, [_row(each) for each in wrong]),
        "repeats": any(each.refusal.code == "imported_before" for each in wrong),
    }
    status = HTTP_STATUS[refusal.code] if refusal else 200
    return render(request, "web/import.html", context, status=status)


def _row(wrong: Wrong) -> Row:
    return Row(
        [
            Cell(str(wrong.row)),
            Cell(wrong.column or "整行"),
            Cell(wrong.text[:60]),
            Cell(sentence(wrong.refusal)),
        ]
    )
