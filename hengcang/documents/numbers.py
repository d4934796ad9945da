"""What documents are called, by kind and id, for sentences that name one."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps

from hengcang.documents.models import Document

Key = tuple[str, int]


def numbers_of(keys: Iterable[Key]) -> dict[Key, str]:
    """The numbers of these documents; one query a kind. Drafts and unknown ones are absent."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, document_id in keys:
        wanted[kind].add(document_id)
    found: dict[Key, str] = {}
    for model in apps.get_models():
        if not issubclass(model, Document) or model.kind not in wanted:
            continue
        rows: Any = model._default_manager.filter(pk__in=wanted[model.kind], number__isnull=False)
        found |= {(model.kind, pk): number for pk, number in rows.values_list("pk", "number")}
    return found
