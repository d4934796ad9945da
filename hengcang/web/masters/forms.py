"""Forms of master data: shown, shown again with what is wrong, and done."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django_htmx.http import HttpResponseClientRedirect

from hengcang.kernel.errors import Refused
from hengcang.kernel.refusals import sentence
from hengcang.pages.forms import Field, FormPage, Option, Section
from hengcang.web import shell
from hengcang.web.requests import Request

STALE = "stale_version"


def show(request: Request, form: FormPage, *, status: int = 200) -> HttpResponse:
    """The form in the shell, or only itself for htmx."""
    if request.htmx and request.method == "POST":
        return render(request, "pages/_form.html", {"form": form}, status=status)
    context = shell.page(request, form.title, form.title) | {"form": form}
    return render(request, "pages/form.html", context, status=status)


def refused(request: Request, form: FormPage, errors: Mapping[str, str]) -> HttpResponse:
    """The form again with 422; sentences that no field claims stand on top."""
    return show(request, with_errors(form, errors), status=422)


def conflict(request: Request, form: FormPage, refusal: Refused) -> HttpResponse:
    """Somebody else was quicker: 409, and the form keeps what was typed."""
    return show(request, with_errors(form, {"": sentence(refusal)}), status=409)


def done(request: Request, url: str, message: str) -> HttpResponse:
    """On to the next page, which says what happened."""
    messages.success(request, message)
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def filled(
    fields: Iterable[Field], values: Mapping[str, str], errors: Mapping[str, str]
) -> list[Field]:
    """The fields with what stands in them and what is wrong with it."""
    return [
        replace(field, value=values.get(field.name, ""), error=errors.get(field.name, field.error))
        for field in fields
    ]


def with_errors(form: FormPage, errors: Mapping[str, str]) -> FormPage:
    """Each sentence at its field; the rest, and a count, on top. A box to tick shows none."""
    fields = [field for section in form.sections for field in section.fields]
    names = {field.name for field in fields if field.kind != "check"}
    loose = [text for name, text in errors.items() if name not in names]
    placed = len(errors) - len(loose)
    top = [f"有 {placed} 处需要修正，请看红色提示。"] if placed else []
    sections = [replace(s, fields=_marked(s.fields, errors)) for s in form.sections]
    return replace(form, sections=sections, errors=[*loose, *top])


def _marked(fields: Sequence[Field], errors: Mapping[str, str]) -> list[Field]:
    return [replace(field, error=errors.get(field.name, field.error)) for field in fields]


def options(pairs: Iterable[tuple[object, str]], blank: str = "") -> list[Option]:
    """Choices of a select; `blank` names the empty one, if there is one."""
    rest = [Option(str(value), label) for value, label in pairs]
    return [Option("", blank), *rest] if blank else rest


@dataclass(frozen=True, slots=True)
class Question:
    """A page that asks before something happens, with a reason where one is wanted."""

    title: str
    sentence: str
    save_url: str
    cancel_url: str
    save_label: str
    with_reason: bool = False

    def form(self, reason: str = "") -> FormPage:
        fields = [Field("reason", "原因", "textarea", value=reason, required=True, span=3)]
        section = Section("", fields if self.with_reason else [], note=self.sentence)
        return FormPage(
            self.title,
            self.save_url,
            [section],
            save_label=self.save_label,
            cancel_url=self.cancel_url,
        )
