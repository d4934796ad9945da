"""What people do with the settings of purchasing."""

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.documents.attempts import action
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import shown
from hengcang.purchasing import policy
from hengcang.purchasing.rules import HUNDRED
from hengcang.purchasing.watching import EVERY
from hengcang.purchasing.watching_models import PurchasePolicy

MOST_DAYS = 365
MOST_RATE = Decimal("999.99")


@dataclass(frozen=True, slots=True)
class PolicyDraft:
    """The settings as filled in: see PurchasePolicy."""

    over_price_rate: Decimal | None = None
    remind_days_before: int | None = None
    escalate_days_after: int | None = None
    report_every: str = ""


@action
def save_purchase_policy(draft: PolicyDraft, version: int, *, actor: Actor) -> PurchasePolicy:
    """The settings are as filled in; the log says what they were.

    Locks the row. Raises Refused: forbidden, stale_version, rate_too_high, number_too_fine,
    days_out_of_range, field_invalid.
    """
    demand(actor, "purchase_policy.save")
    _refuse_unreal(draft)
    PurchasePolicy.objects.bulk_create([PurchasePolicy(id=1)], ignore_conflicts=True)
    row = PurchasePolicy.objects.select_for_update().get(id=1)
    if row.version != version:
        raise Refused("stale_version", version=row.version, seen=version)
    wanted = asdict(draft)
    changed = {
        name: [_told(getattr(row, name)), _told(value)]
        for name, value in wanted.items()
        if getattr(row, name) != value
    }
    for name, value in wanted.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    audit.record(actor, "purchase_policy.change", Subject("purchase_policy", 1), changed=changed)
    return row


def policy_to_keep(*, actor: Actor) -> PurchasePolicy:
    """The settings as they are, for those who may change them. Raises Refused("forbidden")."""
    demand(actor, "purchase_policy.save")
    return policy.purchase_policy(actor)


def _told(value: Any) -> Any:
    return shown(value) if isinstance(value, Decimal) else value


def _refuse_unreal(draft: PolicyDraft) -> None:
    rate = draft.over_price_rate
    if rate is not None:
        if not 0 <= rate <= MOST_RATE:
            raise Refused(
                "rate_too_high", "over_price_rate", text=shown(rate), limit=shown(MOST_RATE)
            )
        if rate != rate.quantize(1 / HUNDRED):
            raise Refused("number_too_fine", "over_price_rate", text=shown(rate), places=2)
    for name in ("remind_days_before", "escalate_days_after"):
        days = getattr(draft, name)
        if days is not None and not 0 <= days <= MOST_DAYS:
            raise Refused("days_out_of_range", name, days=days, limit=MOST_DAYS)
    if draft.report_every not in EVERY:
        reason = "请选择不生成、每周或每月。"
        raise Refused("field_invalid", "report_every", what="采购报表", reason=reason)
