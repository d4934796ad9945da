"""Partners by what is typed in a sheet: code or whole name, for many at once."""

from collections.abc import Collection

from django.db.models import Q

from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.partners.models import Partner


def partner_ids_called(actor: Actor, texts: Collection[str], role: str) -> dict[str, list[int]]:
    """Ids in scope by text, of this role ("" for any), in one query; a code wins over a name.

    Several ids: the name is not one partner's alone. Raises Refused("forbidden").
    """
    demand(actor, "partner.view")
    codes = {text.upper(): text for text in texts}
    rows = Partner.objects.visible_to(actor).filter(Q(code__in=codes) | Q(name__in=texts))
    if role:
        rows = rows.filter(**{f"{role}__isnull": False})
    coded: dict[str, list[int]] = {}
    named: dict[str, list[int]] = {}
    for pk, code, name in rows.order_by("id").values_list("id", "code", "name"):
        coded.setdefault(code, []).append(pk)
        named.setdefault(name, []).append(pk)
    return {text: found for text in texts if (found := coded.get(text.upper()) or named.get(text))}
