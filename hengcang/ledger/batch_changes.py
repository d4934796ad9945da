"""What people do with batches that exist: correct what was written down wrongly."""

from dataclasses import dataclass
from datetime import date

from hengcang.catalog.models import Batch
from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.documents.attempts import action
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.codes import checked_text
from hengcang.kernel.errors import Refused
from hengcang.ledger.batches import is_used

LONGEST_NUMBER, LONGEST_REASON = 40, 200


@dataclass(frozen=True, slots=True)
class BatchDraft:
    """A batch as it should have been written down, and why it is changed."""

    batch_no: str
    mfg_date: date | None
    expiry_date: date | None
    reason: str


@action
def correct_batch(batch_id: int, version: int, draft: BatchDraft, *, actor: Actor) -> Batch:
    """The batch is as drafted, from now on everywhere; the log has what it was, and the reason.

    Its number is only corrected while no goods were booked with it. Locks the batch. Raises
    Refused: forbidden, not_found, stale_version, reason_missing, field_missing, field_invalid,
    batch_used, code_taken.
    """
    demand(actor, "batch.save")
    batch = Batch.objects.select_for_update().filter(id=batch_id).first()
    if batch is None:
        raise Refused("not_found", what="批次")
    if batch.version != version:
        raise Refused("stale_version", "version", version=batch.version, seen=version)
    wanted = _columns(batch, draft, actor)
    before = {name: getattr(batch, name) for name in wanted}
    changed = {
        name: [_plain(before[name]), _plain(value)]
        for name, value in wanted.items()
        if before[name] != value
    }
    if not changed:
        return batch
    for name, value in wanted.items():
        setattr(batch, name, value)
    batch.version += 1
    batch.save(update_fields=[*wanted, "version"])
    subject = Subject("batch", batch.pk, f"{batch.item.code} {batch.batch_no}"[:80])
    audit.record(actor, "batch.change", subject, changed=changed, reason=draft.reason.strip())
    return batch


def _columns(batch: Batch, draft: BatchDraft, actor: Actor) -> dict[str, object]:
    if not draft.reason.strip():
        raise Refused("reason_missing", "reason")
    checked_text(draft.reason, "reason", "原因", LONGEST_REASON)
    number = checked_text(draft.batch_no.strip(), "batch_no", "批号", LONGEST_NUMBER)
    if number != batch.batch_no:
        _refuse_number(batch, number, actor)
    made, expiry = draft.mfg_date, draft.expiry_date
    if made and expiry and expiry < made:
        reason = f"不能早于生产日期 {made}。"
        raise Refused("field_invalid", "expiry_date", what="有效期至", reason=reason)
    return {"batch_no": number, "mfg_date": made, "expiry_date": expiry}


def _refuse_number(batch: Batch, number: str, actor: Actor) -> None:
    if is_used(actor, batch.pk):
        raise Refused("batch_used", "batch_no", batch_no=batch.batch_no, item_name=batch.item.name)
    if Batch.objects.filter(item=batch.item_id, batch_no=number).exclude(id=batch.pk).exists():
        raise Refused("code_taken", "batch_no", code_text=number, name=batch.item.name)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
