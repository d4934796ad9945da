"""What people do with sales channels."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.codes import checked_code, checked_text
from hengcang.kernel.errors import Refused
from hengcang.sales.models import SalesChannel


@dataclass(frozen=True, slots=True)
class ChannelDraft:
    """A sales channel as filled in."""

    code: str
    name: str
    is_active: bool = True


@transaction.atomic
def save_channel(draft: ChannelDraft, *, actor: Actor) -> SalesChannel:
    """A new channel exists.

    Raises Refused: forbidden, code_invalid, code_taken, field_missing, field_invalid.
    """
    demand(actor, "sales_channel.save")
    columns = _columns(draft)
    _check_free(columns["code"])
    try:
        with transaction.atomic():
            channel = SalesChannel.objects.create(**columns, is_active=draft.is_active)
    except IntegrityError:
        _check_free(columns["code"])  # names who was quicker
        raise
    audit.record(actor, "sales_channel.create", _subject(channel))
    return channel


@transaction.atomic
def change_channel(
    channel_id: int, version: int, draft: ChannelDraft, *, actor: Actor
) -> SalesChannel:
    """The channel is as drafted; one that is not active is chosen no more. Locks it.

    Raises Refused: the codes of save_channel, not_found, stale_version.
    """
    demand(actor, "sales_channel.save")
    channel = SalesChannel.objects.select_for_update().filter(id=channel_id).first()
    if channel is None:
        raise Refused("not_found", what="销售渠道")
    if channel.version != version:
        raise Refused("stale_version", "version", version=channel.version, seen=version)
    wanted = {**_columns(draft), "is_active": draft.is_active}
    _check_free(str(wanted["code"]), but=channel_id)
    before = {column: getattr(channel, column) for column in wanted}
    changed = {c: [before[c], value] for c, value in wanted.items() if before[c] != value}
    for column, value in wanted.items():
        setattr(channel, column, value)
    channel.version += 1
    channel.save()
    audit.record(actor, "sales_channel.change", _subject(channel), changed=changed)
    return channel


def _columns(draft: ChannelDraft) -> dict[str, str]:
    code = draft.code.strip(" ")
    checked_code(code)
    if len(code) > 20:
        raise Refused("field_invalid", "code", what="渠道编码", reason="最多 20 位。")
    return {"code": code.upper(), "name": checked_text(draft.name.strip(), "name", "渠道名称", 40)}


def _check_free(code: str, *, but: int = 0) -> None:
    holder = SalesChannel.objects.filter(code=code).exclude(id=but).first()
    if holder is not None:
        raise Refused("code_taken", "code", code_text=code, name=holder.name)


def _subject(channel: SalesChannel) -> Subject:
    return Subject("sales_channel", channel.pk, f"{channel.code} {channel.name}"[:80])
