"""Who asks for what cannot be: by page and by API, each refused with nothing written."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.api.clients import Api, user_with
from tests.api.clients import api_of as program_of
from tests.api.rows import nothing_written
from tests.conftest import BookClient

CONFLICT, INVALID = 409, 422


@dataclass(frozen=True)
class Person:
    """One user at a page and with a program of his own."""

    web: BookClient
    api: Api


def person(web: BookClient, role: str, name: str = "") -> Person:
    """A new user of a role; the browser is his from now on."""
    user = user_with(role, name=name or f"{role.lower()}-of-test")
    web.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return Person(web, program_of(web.code, user))


def refused(by: str, act: Callable[[], Any], status: int, words: Sequence[str]) -> None:
    """The act is refused with the status, no row of any table comes or goes, and the sentence
    contains all the words: who, what, how much, what to do instead.
    """
    with nothing_written():
        answer = act()
    said = of_page(answer) if by == "page" else of_api(answer)
    assert answer.status_code == status, said
    missing = [word for word in words if word not in said]
    assert not missing, (missing, said)
    assert "？" not in said, "a fact of the sentence is missing"


def of_page(answer: Any) -> str:
    """The sentences in alerts, under fields and in cells."""
    page = answer.content.decode()
    found = re.findall(r'role="alert".*?</div>', page, re.DOTALL)
    found += re.findall(r'<(?:span|p) class="(?:tip|err)[^>]*>(.*?)</', page, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", " ".join(found)))


def of_api(answer: Any) -> str:
    """The message and those of every part."""
    problem = answer.json()
    return " ".join(
        [problem["message"], *(part["message"] for part in problem.get("errors") or [])]
    )
