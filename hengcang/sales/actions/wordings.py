"""What people do with the names customers give our items."""

from collections.abc import Mapping

from hengcang.catalog import nearness
from hengcang.compliance import audit
from hengcang.compliance.audit import Act, Subject
from hengcang.documents.attempts import action
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.sales import wordings
from hengcang.sales.models import CustomerAlias, CustomerItemCode
from hengcang.sales.pasting.features import leans_on_the_line_before

PHRASE_LENGTH = 120
CODE_LENGTH = 40


@action
def remember_choices(partner_id: int, chosen: Mapping[str, int], *, actor: Actor) -> int:
    """Each wording means this item for this customer from now on; how many are new or changed.

    Wordings that mean another thing every time (红的, 大号) are left out. Raises Refused:
    forbidden, not_found (also out of scope), partner_inactive, partner_wrong_role, item_unknown.
    """
    demand(actor, "sales_order.save")
    wordings.customer(actor, partner_id)
    wanted = {said: item for said, item in chosen.items() if _comes_again(said)}
    items = nearness.offered(set(wanted.values()))
    if set(wanted.values()) - set(items):
        raise Refused("item_unknown", "item")
    known = {one.text: one.item_id for one in wordings.phrases_called(actor, partner_id, wanted)}
    fresh = {said: item for said, item in wanted.items() if known.get(said) != item}
    CustomerAlias.objects.bulk_create(
        [
            CustomerAlias(
                partner_id=partner_id, phrase=said, item_id=item, chosen_by_name=actor.name[:80]
            )
            for said, item in fresh.items()
        ],
        update_conflicts=True,
        unique_fields=["partner", "phrase"],
        update_fields=["item", "chosen_by_name"],
    )
    subject = Subject("partner", partner_id)
    audit.record_all(
        Act(actor, "customer_alias.remember", subject, {"phrase": s, "item": items[i].code})
        for s, i in fresh.items()
    )
    return len(fresh)


def _comes_again(said: str) -> bool:
    return 2 <= len(said) <= PHRASE_LENGTH and not leans_on_the_line_before(said)


@action
def forget_alias(partner_id: int, alias_id: int, *, actor: Actor) -> None:
    """The wording means nothing in particular any more. Raises Refused: forbidden, not_found."""
    demand(actor, "sales_order.save")
    found = wordings.aliases(actor, partner_id).filter(id=alias_id).first()
    if found is None:
        raise Refused("not_found", what="常用说法")
    facts = {"phrase": found.phrase, "item": found.item.code}
    found.delete()
    audit.record(actor, "customer_alias.forget", Subject("partner", partner_id), **facts)


@action
def save_item_code(
    partner_id: int, code: str, item_id: int, item_uom_id: int | None, *, actor: Actor
) -> CustomerItemCode:
    """The customer's code names this item; one that named another names this one now.

    Raises Refused: forbidden, not_found (also out of scope), partner_wrong_role, partner_inactive,
    field_missing, field_invalid, item_unknown, uom_unknown.
    """
    demand(actor, "sales_order.save")
    wordings.customer(actor, partner_id)
    plain = code.strip().upper()
    if not plain:
        raise Refused("field_missing", "code", what="客户货号")
    if len(plain) > CODE_LENGTH or not plain.isprintable() or " " in plain or len(plain) < 3:
        raise Refused("field_invalid", "code", what="客户货号", reason="3 到 40 个字符，不能有空格")
    item = nearness.offered({item_id}).get(item_id)
    if item is None:
        raise Refused("item_unknown", "item")
    if item_uom_id is not None and item_uom_id not in {unit[0] for unit in item.units}:
        raise Refused("uom_unknown", "uom", item_name=item.name)
    saved, _ = CustomerItemCode.objects.update_or_create(
        partner_id=partner_id,
        code=plain,
        defaults={"item_id": item_id, "item_uom_id": item_uom_id},
    )
    subject = Subject("partner", partner_id)
    audit.record(actor, "customer_item_code.save", subject, code=plain, item=item.code)
    return saved


@action
def remove_item_code(partner_id: int, code_id: int, *, actor: Actor) -> None:
    """The customer's code names nothing any more. Raises Refused: forbidden, not_found."""
    demand(actor, "sales_order.save")
    found = wordings.item_codes(actor, partner_id).filter(id=code_id).first()
    if found is None:
        raise Refused("not_found", what="客户货号")
    facts = {"code": found.code, "item": found.item.code}
    found.delete()
    audit.record(actor, "customer_item_code.remove", Subject("partner", partner_id), **facts)
