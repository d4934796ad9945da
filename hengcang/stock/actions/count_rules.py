"""From which difference on somebody must say why."""

from decimal import Decimal

from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.documents.attempts import action
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.numbers import shown
from hengcang.stock.models import CountRules
from hengcang.stock.variance import count_rules


@action
def save_count_rules(
    above_quantity: Decimal | None, above_value: Decimal | None, *, actor: Actor
) -> CountRules:
    """Differences of that many base units or that much money ask for a cause; None: never.

    Raises Refused("forbidden").
    """
    demand(actor, "count_rules.save")
    rules, _ = CountRules.objects.update_or_create(
        id=1,
        defaults={"cause_above_quantity": above_quantity, "cause_above_value": above_value},
    )
    audit.record(
        actor,
        "count_rules.change",
        Subject("count_rules", 1),
        quantity=None if above_quantity is None else shown(above_quantity),
        value=None if above_value is None else shown(above_value),
    )
    return rules


def rules_to_keep(*, actor: Actor) -> CountRules:
    """The thresholds as they are, for those who may set them. Raises Refused("forbidden")."""
    demand(actor, "count_rules.save")
    return count_rules(actor)
