"""Fields of document heads, filters and forms, and what a form posted. Plain data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "text",
    "password",
    "textarea",
    "money",
    "number",
    "date",
    "select",
    "radio",
    "check",
    "pick",
    "search",
    "static",
]


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a select or a group of radios."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One labelled field.

    `pick` chooses a partner or an item: `url` answers pages/_options.html to ?q=…, `value` is the
    id and `shown` the name. `value` is what was typed, good or not; `error` the sentence below.
    """

    name: str
    label: str
    kind: Kind = "text"
    value: str = ""
    shown: str = ""
    options: Sequence[Option] = ()
    url: str = ""
    error: str = ""
    help: str = ""
    placeholder: str = ""
    required: bool = False
    readonly: bool = False
    span: int = 1  # columns of the grid, 1 to 3

    @property
    def chosen_label(self) -> str:
        """What a reader sees of the value."""
        labels = [option.label for option in self.options if option.value == self.value]
        return labels[0] if labels else self.shown or self.value


@dataclass(frozen=True, slots=True)
class Section:
    """Fields under one heading."""

    heading: str
    fields: Sequence[Field]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a wizard: past, current or to come."""

    label: str
    state: Literal["past", "current", "next"] = "next"


@dataclass(frozen=True, slots=True)
class FormPage:
    """Context name `form`, templates pages/form.html (in the shell) and pages/setup.html (alone).

    Posted by htmx to `save_url`; a refusal answers 422 with pages/_form.html, success an
    HX-Redirect (or a 302 without htmx).
    """

    title: str
    save_url: str
    sections: Sequence[Section]
    errors: Sequence[str] = ()
    save_label: str = "保存"
    cancel_url: str = ""
    intent: str = ""
    version: str = ""
    steps: Sequence[Step] = ()
