"""What people do with warehouses."""

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Value

from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.identity.access import demand
from hengcang.identity.actions import keep_usual_warehouse
from hengcang.kernel.actor import Actor
from hengcang.kernel.codes import checked_code, checked_text
from hengcang.kernel.errors import Refused
from hengcang.places.drafts import Negatives, WarehouseDraft
from hengcang.places.models import BinLocation, Warehouse
from hengcang.places.queries import warehouse_for

LONGEST_BIN = 30
BELOW_ZERO = "HC004"  # as the ledger's trigger says it


@transaction.atomic
def save_warehouse(draft: WarehouseDraft, *, actor: Actor) -> Warehouse:
    """A new warehouse exists.

    Raises Refused: forbidden, code_invalid, code_taken, field_missing, field_invalid.
    """
    demand(actor, "warehouse.save")
    columns = _columns(draft)
    _check_free(columns["code"])
    try:
        with transaction.atomic():
            rule = {"allow_negative": _allows(draft), "knew_negatives": _allows(draft)}
            warehouse = Warehouse.objects.create(**columns, **rule)
            _keep_bins(warehouse, draft)
    except IntegrityError:
        _check_free(columns["code"])  # names who was quicker
        raise
    audit.record(actor, "warehouse.create", _subject(warehouse))
    return warehouse


@transaction.atomic
def change_warehouse(
    warehouse_id: int, version: int, draft: WarehouseDraft, *, actor: Actor
) -> Warehouse:
    """The warehouse is as drafted; whether its stock may fall below zero holds for what is there
    already, too. Locks it and, when that changes, its balances.

    Raises Refused: the codes of save_warehouse, not_found, stale_version, negatives_left.
    """
    warehouse = _locked(warehouse_id, actor)
    if warehouse.version != version:
        raise Refused("stale_version", "version", version=warehouse.version, seen=version)
    columns = _columns(draft)
    _check_free(columns["code"], but=warehouse_id)
    before = {column: getattr(warehouse, column) for column in columns}
    changed = {c: [before[c], value] for c, value in columns.items() if before[c] != value}
    for column, value in columns.items():
        setattr(warehouse, column, value)
    if warehouse.allow_negative != _allows(draft):
        changed["allow_negative"] = [warehouse.allow_negative, _allows(draft)]
    warehouse.allow_negative = _allows(draft)
    warehouse.knew_negatives = warehouse.knew_negatives or warehouse.allow_negative
    warehouse.version += 1
    _write(warehouse)
    if bins := _keep_bins(warehouse, draft):
        changed["bins"] = bins
    audit.record(actor, "warehouse.change", _subject(warehouse), changed=changed)
    return warehouse


@transaction.atomic
def disable_warehouse(warehouse_id: int, *, actor: Actor) -> None:
    """New documents can no longer name the warehouse. Raises Refused: forbidden, not_found."""
    _set_active(warehouse_id, "warehouse.disable", Value(value=False), actor)


@transaction.atomic
def enable_warehouse(warehouse_id: int, *, actor: Actor) -> None:
    """New documents may name the warehouse again. Raises Refused: forbidden, not_found."""
    _set_active(warehouse_id, "warehouse.enable", Value(value=True), actor)


def _set_active(warehouse_id: int, verb: str, active: Value, actor: Actor) -> None:
    warehouse = _locked(warehouse_id, actor)
    Warehouse.objects.filter(id=warehouse_id).update(
        is_active=active, version=warehouse.version + 1
    )
    audit.record(actor, verb, _subject(warehouse))


def _columns(draft: WarehouseDraft) -> dict[str, str]:
    code = draft.code.strip(" ")
    checked_code(code)
    if len(code) > 20:
        raise Refused("field_invalid", "code", what="仓库编码", reason="最多 20 位。")
    if draft.address.strip():
        checked_text(draft.address, "address", "地址", 200)
    name = checked_text(draft.name.strip(), "name", "仓库名称", 60)
    return {"code": code.upper(), "name": name, "address": draft.address.strip()}


def _keep_bins(warehouse: Warehouse, draft: WarehouseDraft) -> list[object]:
    """The bins are those drafted; one that is left out keeps its row, since goods may lie there.

    Returns the codes before and after where they differ. Raises Refused: code_invalid,
    field_invalid.
    """
    wanted = list(dict.fromkeys(code.strip().upper() for code in draft.bins if code.strip()))
    for code in wanted:
        checked_code(code, "bins")
        if len(code) > LONGEST_BIN:
            raise Refused("field_invalid", "bins", what="库位", reason=f"{code} 超过 30 位。")
    rows = BinLocation.objects.filter(warehouse=warehouse)
    before = sorted(rows.filter(is_active=True).values_list("code", flat=True))
    if before == sorted(wanted):
        return []
    rows.exclude(code__in=wanted).update(is_active=Value(value=False))
    rows.filter(code__in=wanted).update(is_active=Value(value=True))
    BinLocation.objects.bulk_create(
        [BinLocation(warehouse=warehouse, code=code) for code in wanted], ignore_conflicts=True
    )
    Warehouse.objects.filter(id=warehouse.pk).update(uses_bins=rows.exists())
    return [before, sorted(wanted)]


def _write(warehouse: Warehouse) -> None:
    """Raises Refused("negatives_left") when it may no longer hold what is below zero."""
    try:
        with transaction.atomic():
            warehouse.save()
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") != BELOW_ZERO:
            raise
        told = str(error.__cause__.diag.message_detail)  # type: ignore[union-attr]
        count, quantity, item_name = told.split(" ", 2)
        facts = {"count": count, "quantity": quantity, "item_name": item_name}
        raise Refused("negatives_left", "negatives", warehouse=warehouse.name, **facts) from error


def _allows(draft: WarehouseDraft) -> bool:
    return draft.negatives is Negatives.ALLOWED


def _check_free(code: str, *, but: int = 0) -> None:
    holder = Warehouse.objects.filter(code=code).exclude(id=but).first()
    if holder is not None:
        raise Refused("code_taken", "code", code_text=code, name=holder.name)


def _locked(warehouse_id: int, actor: Actor) -> Warehouse:
    demand(actor, "warehouse.save", warehouse_id=warehouse_id)
    warehouse = Warehouse.objects.select_for_update().filter(id=warehouse_id).first()
    if warehouse is None:
        raise Refused("not_found", what="仓库")
    if warehouse.is_transit:
        raise Refused("warehouse_transit", "warehouse", warehouse=warehouse.name)
    return warehouse


def _subject(warehouse: Warehouse) -> Subject:
    return Subject("warehouse", warehouse.pk, f"{warehouse.code} {warehouse.name}"[:80])


def choose_usual_warehouse(warehouse_id: int | None, *, actor: Actor) -> None:
    """New documents of the actor start in this warehouse; None: in the first by code.

    Raises Refused: not_found, warehouse_inactive, warehouse_transit.
    """
    if warehouse_id is not None:
        warehouse_for(actor, warehouse_id)
    keep_usual_warehouse(warehouse_id, actor=actor)
