"""Warehouses are kept by those who may, and seen by those who reach them."""

from dataclasses import replace

import pytest

from hengcang.compliance.models import AuditLine
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused
from hengcang.places import actions, queries
from hengcang.places.drafts import Negatives, WarehouseDraft
from hengcang.places.models import Warehouse

MAIN = WarehouseDraft("ck-01", "嘉兴总仓", "嘉兴市南湖区")
pytestmark = pytest.mark.usefixtures("book")


def keeper(*warehouse_ids: int) -> Actor:
    permissions = frozenset({"warehouse.view", "warehouse.save"})
    return Actor(id=3, name="仓管", permissions=permissions, warehouse_ids=frozenset(warehouse_ids))


def test_a_warehouse_is_kept_with_a_trace() -> None:
    made = actions.save_warehouse(replace(MAIN, negatives=Negatives.ALLOWED), actor=SYSTEM)
    assert (made.code, made.allow_negative) == ("CK-01", True)
    assert AuditLine.objects.get().verb == "warehouse.create"
    changed = actions.change_warehouse(made.pk, 1, replace(MAIN, name="嘉兴一仓"), actor=SYSTEM)
    assert (changed.name, changed.allow_negative, changed.version) == ("嘉兴一仓", False, 2)
    with pytest.raises(Refused, match="stale_version"):
        actions.change_warehouse(made.pk, 1, MAIN, actor=SYSTEM)


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (replace(MAIN, code="仓1"), "code_invalid"),
        (replace(MAIN, code="W📦"), "code_invalid"),
        (replace(MAIN, code="x" * 21), "field_invalid"),
        (replace(MAIN, code=""), "field_missing"),
        (replace(MAIN, name=""), "field_missing"),
        (replace(MAIN, code="CK-02"), "code_taken"),
    ],
)
def test_each_mistake_has_its_code(draft: WarehouseDraft, code: str) -> None:
    actions.save_warehouse(replace(MAIN, code="ck-02"), actor=SYSTEM)
    with pytest.raises(Refused, match=code):
        actions.save_warehouse(draft, actor=SYSTEM)
    assert Warehouse.objects.count() == 1


def test_only_warehouses_in_reach_are_seen_and_changed() -> None:
    mine = actions.save_warehouse(MAIN, actor=SYSTEM)
    theirs = actions.save_warehouse(replace(MAIN, code="CK-02"), actor=SYSTEM)
    me = keeper(mine.pk)
    assert list(queries.warehouses(me)) == [mine]
    assert queries.warehouses(SYSTEM).count() == 2
    assert queries.warehouse_to_keep(me, mine.pk) == mine
    for act in (
        lambda: queries.warehouse(me, theirs.pk),
        lambda: queries.warehouse_for(me, theirs.pk),
        lambda: actions.change_warehouse(theirs.pk, 1, MAIN, actor=me),
        lambda: actions.disable_warehouse(theirs.pk, actor=me),
    ):
        with pytest.raises(Refused, match="not_found"):
            act()


def test_without_permission_nothing_is_written() -> None:
    made = actions.save_warehouse(MAIN, actor=SYSTEM)
    nobody = replace(keeper(made.pk), permissions=frozenset())
    for act in (
        lambda: actions.save_warehouse(replace(MAIN, code="B"), actor=nobody),
        lambda: actions.change_warehouse(made.pk, 1, MAIN, actor=nobody),
        lambda: actions.disable_warehouse(made.pk, actor=nobody),
        lambda: queries.warehouse_to_keep(nobody, made.pk),
    ):
        with pytest.raises(Refused, match="forbidden"):
            act()
    assert AuditLine.objects.count() == 1


def test_a_disabled_warehouse_takes_no_new_documents() -> None:
    made = actions.save_warehouse(MAIN, actor=SYSTEM)
    actions.disable_warehouse(made.pk, actor=SYSTEM)
    assert list(queries.active_warehouses(SYSTEM)) == []
    with pytest.raises(Refused, match="warehouse_inactive"):
        queries.warehouse_for(SYSTEM, made.pk)
    actions.enable_warehouse(made.pk, actor=SYSTEM)
    assert queries.warehouse_for(SYSTEM, made.pk).version == 3
