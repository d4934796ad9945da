"""Items are recorded once, completely, by those who may."""

from dataclasses import replace
from decimal import Decimal

import pytest

from hengcang.catalog import actions, queries
from hengcang.catalog.drafts import AttributeDraft, FamilyDraft, ItemDraft, UomDraft
from hengcang.catalog.models import Barcode, Item, ItemCategory
from hengcang.compliance.models import AuditLine
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.refusals import HTTP_STATUS, sentence

CLERK = Actor(id=7, name="小王", permissions=frozenset({"item.view", "item.save"}))
READER = Actor(id=8, name="小李", permissions=frozenset({"item.view"}))
WATER = ItemDraft(
    code="nf-550",
    name="农夫山泉饮用水",
    base_uom="瓶",
    spec="550ml",
    category="食品/饮料",
    brand="农夫山泉",
    sale_price=Decimal(2),
    purchase_price=Decimal("1.1"),
    barcodes=("6921168509256",),
    uoms=(UomDraft("箱", 24, barcodes=("16921168509253",), purchase_price=Decimal(26)),),
)
pytestmark = pytest.mark.usefixtures("book")


def test_an_item_has_units_barcodes_category_and_a_trace() -> None:
    item = actions.save_item(WATER, actor=SYSTEM)
    found = queries.item(SYSTEM, item.pk)
    assert (found.code, str(found.category), str(found.brand)) == (
        "NF-550",
        "食品/饮料",
        "农夫山泉",
    )
    units = [
        (u.uom.name, u.ratio_num, u.ratio_den, [b.code for b in u.barcodes.all()])
        for u in found.uoms.all()
    ]
    assert units == [("瓶", 1, 1, ["6921168509256"]), ("箱", 24, 1, ["16921168509253"])]
    assert list(ItemCategory.objects.values_list("path", flat=True)) == ["食品", "食品/饮料"]
    line = AuditLine.objects.get(kind="item")
    assert (line.verb, line.subject_id) == ("item.create", item.pk)


def test_without_permission_nothing_is_written() -> None:
    item = actions.save_item(WATER, actor=SYSTEM)
    traces = AuditLine.objects.count()
    for act in (
        lambda: actions.save_item(replace(WATER, code="X"), actor=READER),
        lambda: actions.change_item(item.pk, 1, WATER, actor=READER),
        lambda: actions.disable_item(item.pk, actor=READER),
        lambda: actions.import_items([WATER], actor=READER),
        lambda: actions.add_category("x", actor=READER),
        lambda: queries.items(Actor(id=9, name="外人"), queries.ItemFilter()),
        lambda: queries.suggest_items(Actor(id=9, name="外人"), "n"),
    ):
        with pytest.raises(Refused, match="forbidden"):
            act()
    assert (Item.objects.count(), AuditLine.objects.count()) == (1, traces)


def test_codes_are_unique_whatever_their_case() -> None:
    actions.save_item(WATER, actor=SYSTEM)
    with pytest.raises(Refused) as caught:
        actions.save_item(replace(WATER, code="Nf-550", barcodes=(), uoms=()), actor=SYSTEM)
    assert (caught.value.code, caught.value.field) == ("code_taken", "code")
    assert "农夫山泉饮用水" in sentence(caught.value)
    assert HTTP_STATUS["code_taken"] == 409


def test_a_barcode_belongs_to_one_item_which_is_named() -> None:
    actions.save_item(WATER, actor=SYSTEM)
    other = ItemDraft(code="B", name="另一种水", base_uom="瓶", barcodes=("16921168509253",))
    with pytest.raises(Refused) as caught:
        actions.save_item(other, actor=SYSTEM)
    assert caught.value.code == "barcode_taken"
    assert "NF-550" in sentence(caught.value)
    assert Item.objects.count() == 1


def test_an_emoji_in_a_code_is_told_in_chinese() -> None:
    with pytest.raises(Refused) as caught:
        actions.save_item(replace(WATER, code="水😀"), actor=SYSTEM)
    assert (caught.value.code, caught.value.field) == ("code_invalid", "code")
    assert "半角字母" in sentence(caught.value)


def test_a_change_adds_units_moves_barcodes_and_says_what_changed() -> None:
    item = actions.save_item(WATER, actor=SYSTEM)
    draft = replace(
        WATER,
        name="农夫山泉天然水",
        barcodes=(),
        uoms=(*WATER.uoms, UomDraft("提", 12, barcodes=("6921168509256",))),
    )
    actions.change_item(item.pk, 1, draft, actor=SYSTEM)
    hit = queries.item_by_barcode(SYSTEM, "6921168509256")
    assert (hit.item.name, hit.uom.uom.name, hit.item.version) == ("农夫山泉天然水", "提", 2)
    facts = AuditLine.objects.get(verb="item.change").facts["changed"]
    assert facts["name"] == ["农夫山泉饮用水", "农夫山泉天然水"]
    assert [h.item.pk for h in queries.suggest_items(SYSTEM, "nfsqtrs")] == [item.pk]
    assert queries.suggest_items(SYSTEM, "饮用水") == []


def test_a_unit_goes_away_while_no_document_uses_it() -> None:
    item = actions.save_item(WATER, actor=SYSTEM)
    actions.change_item(item.pk, 1, replace(WATER, uoms=()), actor=SYSTEM)
    assert [u.uom.name for u in queries.item(SYSTEM, item.pk).uoms.all()] == ["瓶"]
    assert Barcode.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"uoms": (UomDraft("箱", 12),)}, "uom_ratio_fixed"),
        ({"base_uom": "听"}, "base_uom_fixed"),
        ({"quantity_places": 0}, "quantity_places_fixed"),
    ],
)
def test_what_history_leans_on_does_not_change(change: dict, code: str) -> None:
    item = actions.save_item(replace(WATER, quantity_places=2), actor=SYSTEM)
    with pytest.raises(Refused, match=code):
        actions.change_item(
            item.pk, 1, replace(WATER, **{"quantity_places": 2} | change), actor=SYSTEM
        )


def test_a_stale_page_is_told() -> None:
    item = actions.save_item(WATER, actor=SYSTEM)
    actions.change_item(item.pk, 1, replace(WATER, spec="500ml"), actor=SYSTEM)
    with pytest.raises(Refused) as caught:
        actions.change_item(item.pk, 1, WATER, actor=SYSTEM)
    assert (caught.value.code, caught.value.facts) == ("stale_version", {"version": 2, "seen": 1})


def test_purchase_prices_are_hidden_from_and_kept_for_who_may_not_see_them() -> None:
    item = actions.save_item(WATER, actor=SYSTEM)
    seen = queries.item(CLERK, item.pk)
    assert seen.purchase_price is None
    assert all(uom.purchase_price is None for uom in seen.uoms.all())
    blind = replace(WATER, spec="新", purchase_price=None, uoms=(UomDraft("箱", 24),))
    actions.change_item(item.pk, 1, blind, actor=CLERK)
    kept = queries.item(SYSTEM, item.pk)
    assert kept.purchase_price == Decimal("1.1")
    assert [u.purchase_price for u in kept.uoms.all()] == [None, Decimal(26)]


def test_a_disabled_item_is_no_longer_offered() -> None:
    item = actions.save_item(WATER, actor=SYSTEM)
    actions.disable_item(item.pk, actor=SYSTEM)
    assert queries.suggest_items(SYSTEM, "nf-550") == []
    with pytest.raises(Refused, match="item_inactive"):
        queries.item_by_barcode(SYSTEM, "6921168509256")
    actions.enable_item(item.pk, actor=SYSTEM)
    assert len(queries.suggest_items(SYSTEM, "nf-550")) == 1


def test_a_family_makes_its_variants() -> None:
    family = actions.create_family(
        FamilyDraft(
            "tx01",
            "纯棉T恤",
            (AttributeDraft("颜色", ("红", "藏青")), AttributeDraft("尺码", ("M", "XL"))),
            ItemDraft(code="", name="", base_uom="件", sale_price=Decimal(39)),
        ),
        actor=SYSTEM,
    )
    variants = queries.items(SYSTEM, queries.ItemFilter(family_id=family.pk))
    assert [(v.code, v.name) for v in variants] == [
        ("TX01-01", "纯棉T恤 红 M"),
        ("TX01-02", "纯棉T恤 红 XL"),
        ("TX01-03", "纯棉T恤 藏青 M"),
        ("TX01-04", "纯棉T恤 藏青 XL"),
    ]
    last = queries.item(SYSTEM, variants[-1].pk)
    assert {str(value) for value in last.attribute_values.all()} == {"藏青", "XL"}
    assert last.sale_price == 39


def test_an_import_twice_changes_nothing() -> None:
    drafts = [replace(WATER, code=f"N{n}", barcodes=(), uoms=()) for n in range(5)]
    first = actions.import_items(drafts, actor=SYSTEM)
    again = actions.import_items(drafts, actor=SYSTEM)
    assert (first.created, again.created) == (5, 0)
    assert first.ids == again.ids
    assert AuditLine.objects.filter(verb="item.import").count() == 1


def test_an_import_names_every_bad_line_and_writes_nothing() -> None:
    drafts = [
        replace(WATER, code="A1", barcodes=(), uoms=()),
        replace(WATER, code="坏", barcodes=(), uoms=()),
        replace(WATER, code="A3", barcodes=(), uoms=(UomDraft("箱", -1),)),
    ]
    with pytest.raises(RefusedLines) as caught:
        actions.import_items(drafts, actor=SYSTEM)
    assert [(r.code, r.field) for r in caught.value.refusals] == [
        ("code_invalid", "lines.2.code"),
        ("ratio_invalid", "lines.3.uoms"),
    ]
    assert Item.objects.count() == 0


def test_an_import_sees_codes_and_barcodes_used_twice_within_itself() -> None:
    a, b = (replace(WATER, code=code, uoms=()) for code in ("A1", "A2"))
    with pytest.raises(RefusedLines) as caught:
        actions.import_items([a, b, replace(a, code="a1")], actor=SYSTEM)
    assert [r.code for r in caught.value.refusals] == ["barcode_taken", "code_twice"]


def test_a_renamed_category_takes_its_children_along() -> None:
    actions.add_category("五金/紧固件/螺丝", actor=SYSTEM)
    root = ItemCategory.objects.get(path="五金")
    actions.rename_category(root.pk, "五金工具", actor=SYSTEM)
    paths = list(ItemCategory.objects.values_list("path", flat=True))
    assert sorted(paths) == ["五金工具", "五金工具/紧固件", "五金工具/紧固件/螺丝"]
