"""打印: the paper of a document on screen; the browser prints it, and every print is recorded."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hengcang.register import lists as register
from hengcang.register.kinds import Kind
from hengcang.register.printing import prints_of, record_print
from hengcang.web.documents.papers import paper_of, status_of
from hengcang.web.requests import Request

PAPERS = {"a4": "A4", "241": "241 mm 二等分"}
"""Which sheets there are: each has a stylesheet paper-<name>.css that says its size."""
USUAL = "a4"


@require_http_methods(["GET", "POST"])
def document_print(request: Request, kind: Kind, document_id: int) -> HttpResponse:
    """The paper; with ?now=1 the browser's print opens at once. POST records one print."""
    chosen = request.GET.get("paper", "")
    paper = chosen if chosen in PAPERS else USUAL
    actor = request.actor
    if request.method == "POST":
        count = record_print(kind, document_id, PAPERS[paper], actor=actor)
        return JsonResponse({"prints": count})
    document = register.one(actor, kind, document_id)
    here = reverse("document-print", args=[kind.plural, document.pk])
    context = {
        "paper": paper_of(actor, kind, document),
        "status": status_of(document),
        "size": paper,
        "stylesheet": f"paper-{paper}.css",
        "sizes": [(f"{here}?paper={name}", label, name == paper) for name, label in PAPERS.items()],
        "record_url": f"{here}?paper={paper}",
        "prints": prints_of(actor, kind, document.pk),
        "now": bool(request.GET.get("now")),
        "back_url": reverse("document", args=[kind.plural, document.pk]),
    }
    return render(request, "web/paper.html", context)
