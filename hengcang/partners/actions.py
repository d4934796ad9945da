"""What people do with customers and suppliers."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from django.db import connection, transaction
from django.db.models import F, Value

from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.partners import rules, writes
from hengcang.partners.drafts import Imported, PartnerDraft
from hengcang.partners.models import Partner


@transaction.atomic
def save_partner(draft: PartnerDraft, *, actor: Actor) -> Partner:
    """A new partner exists with roles and contacts.

    Raises Refused: forbidden, the codes of rules.checked_partner, code_taken, not_found
    (salesperson, price tier).
    """
    demand(actor, "partner.save")
    checked = rules.checked_partner(draft)
    writes.check_salespeople([checked])
    writes.check_tiers([checked])
    if checked.code is not None:
        writes.check_free(checked)
    partner = writes.insert_partners(writes.coded([checked]))[0]
    audit.record(actor, "partner.create", _subject(partner))
    return partner


@transaction.atomic
def change_partner(partner_id: int, version: int, draft: PartnerDraft, *, actor: Actor) -> Partner:
    """The partner is as drafted; a code of None keeps the present one. Locks the partner.

    Raises Refused: the codes of save_partner, not_found (also out of scope), stale_version.
    """
    demand(actor, "partner.save")
    partner = _locked(partner_id, actor)
    if partner.version != version:
        raise Refused("stale_version", "version", version=partner.version, seen=version)
    checked = rules.checked_partner(draft)
    checked = replace(checked, code=checked.code or partner.code)
    writes.check_salespeople([checked])
    writes.check_tiers([checked])
    writes.check_free(checked, but=partner.pk)
    changed = writes.rewrite(partner, checked)
    audit.record(actor, "partner.change", _subject(partner), changed=changed)
    return partner


@transaction.atomic
def disable_partner(partner_id: int, *, actor: Actor) -> None:
    """New documents can no longer name the partner. Raises Refused: forbidden, not_found."""
    _set_active(partner_id, "partner.disable", Value(value=False), actor)


@transaction.atomic
def enable_partner(partner_id: int, *, actor: Actor) -> None:
    """New documents may name the partner again. Raises Refused: forbidden, not_found."""
    _set_active(partner_id, "partner.enable", Value(value=True), actor)


@transaction.atomic
def import_partners(drafts: Sequence[PartnerDraft], *, actor: Actor) -> Imported:
    """Every draft is a partner; one whose code existed already is left as it is.

    Set-based, for thousands of drafts. Raises Refused: forbidden; RefusedLines with the codes of
    save_partner, and code_twice, on `lines.<n>.<field>`, n from 1; then nothing is written.
    """
    demand(actor, "partner.save")
    checked = _checked_all(drafts)
    writes.check_salespeople(checked)
    writes.check_tiers(checked)
    checked = writes.coded(checked)
    known = _partner_ids(checked)
    new = [draft for draft in checked if draft.code not in known]
    partners = writes.insert_partners(new)
    known |= {partner.code: partner.pk for partner in partners}
    if partners:
        facts = {"count": len(partners), "first": partners[0].code, "last": partners[-1].code}
        subject = Subject("partner", None, f"{len(partners)} 个往来单位")
        audit.record(actor, "partner.import", subject, **facts)
    return Imported(len(partners), [known[draft.code or ""] for draft in checked])


def _checked_all(drafts: Sequence[PartnerDraft]) -> list[PartnerDraft]:
    seen: set[str] = set()

    def check(draft: PartnerDraft) -> PartnerDraft:
        checked = rules.checked_partner(draft)
        if checked.code in seen:
            raise Refused("code_twice", "code", code_text=checked.code)
        if checked.code is not None:
            seen.add(checked.code)
        return checked

    return _each(drafts, check)


def _each(
    drafts: Sequence[PartnerDraft], check: Callable[[PartnerDraft], PartnerDraft]
) -> list[PartnerDraft]:
    results: list[PartnerDraft] = []
    refusals: list[Refused] = []
    for line, draft in enumerate(drafts, start=1):
        try:
            results.append(check(draft))
        except Refused as refusal:
            refusal.field = f"lines.{line}.{refusal.field}"
            refusals.append(refusal)
    if refusals:
        raise RefusedLines(refusals)
    return results


def _partner_ids(drafts: Sequence[PartnerDraft]) -> dict[str, int]:
    codes = [draft.code for draft in drafts if draft.code]
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, id FROM partners_partner WHERE code = ANY(%s)", [codes])
        return dict(cursor.fetchall())


def _set_active(partner_id: int, verb: str, active: Value, actor: Actor) -> None:
    demand(actor, "partner.save")
    partner = _locked(partner_id, actor)
    Partner.objects.filter(id=partner_id).update(is_active=active, version=F("version") + 1)
    audit.record(actor, verb, _subject(partner))


def _locked(partner_id: int, actor: Actor) -> Partner:
    partner = Partner.objects.visible_to(actor).select_for_update().filter(id=partner_id).first()
    if partner is None:
        raise Refused("not_found", what="往来单位")
    return partner


def _subject(partner: Partner) -> Subject:
    return Subject("partner", partner.pk, f"{partner.code} {partner.name}"[:80])
