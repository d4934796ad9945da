"""Codes, ratios and variants, without a database."""

from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from math import gcd

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengcang.catalog import rules
from hengcang.catalog.drafts import AttributeDraft, FamilyDraft, ItemDraft, UomDraft
from hengcang.kernel.errors import Refused

PAPER = ItemDraft(code="dl-a4", name=" 得力A4复印纸 ", base_uom="包", category=" 办公 / 纸品/")


def refusal(draft: ItemDraft) -> Refused:
    with pytest.raises(Refused) as caught:
        rules.checked_item(draft)
    return caught.value


def test_a_draft_is_kept_trimmed_and_with_an_upper_case_code() -> None:
    kept = rules.checked_item(PAPER)
    assert (kept.code, kept.name, kept.category) == ("DL-A4", "得力A4复印纸", "办公/纸品")


@pytest.mark.parametrize(
    "code", ["A😀1", "A B", "编码", "A\t1", "Ａ1", "A\u200b1", "x" * 41, "a#1"]
)
def test_a_code_for_labels_and_scanners_is_plain(code: str) -> None:
    refused = refusal(replace(PAPER, code=code))
    assert (refused.code, refused.field) == ("code_invalid", "code")


@given(st.text(max_size=45))
def test_a_kept_code_is_printable_ascii_without_spaces(code: str) -> None:
    with suppress(Refused):
        kept = rules.checked_item(replace(PAPER, code=code)).code
        assert kept.isascii()
        assert kept.isprintable()
        assert " " not in kept
        assert 1 <= len(kept) <= 40


@given(st.integers(-5, 2_000_000), st.integers(-5, 2_000_000))
def test_a_kept_ratio_is_positive_and_in_lowest_terms(num: int, den: int) -> None:
    if not (0 < num <= rules.MAX_RATIO and 0 < den <= rules.MAX_RATIO):
        with pytest.raises(Refused, match="ratio_invalid"):
            rules.reduced(num, den)
    else:
        kept = rules.reduced(num, den)
        assert gcd(*kept) == 1
        assert kept[0] * den == num * kept[1]


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (replace(PAPER, name="  "), "field_missing"),
        (replace(PAPER, name="纸\x07"), "field_invalid"),
        (replace(PAPER, name="纸" * 121), "field_invalid"),
        (replace(PAPER, base_uom=""), "field_missing"),
        (replace(PAPER, quantity_places=7), "field_invalid"),
        (replace(PAPER, tax_rate=Decimal(100)), "rate_out_of_range"),
        (replace(PAPER, sale_price=Decimal(-1)), "amount_negative"),
        (replace(PAPER, uoms=(UomDraft("包", 5),)), "uom_twice"),
        (replace(PAPER, uoms=(UomDraft("箱", 0),)), "ratio_invalid"),
        (replace(PAPER, uoms=(UomDraft("箱", 5, barcodes=("6 9",)),)), "barcode_invalid"),
        (
            replace(PAPER, barcodes=("69",), uoms=(UomDraft("箱", 5, barcodes=("69",)),)),
            "barcode_twice",
        ),
    ],
)
def test_each_mistake_has_its_code(draft: ItemDraft, code: str) -> None:
    assert refusal(draft).code == code


def test_variants_are_every_combination_in_order() -> None:
    family = FamilyDraft(
        "TX",
        "T恤",
        (AttributeDraft("颜色", ("红", "蓝")), AttributeDraft("尺码", ("M", "L"))),
        PAPER,
    )
    assert rules.variants(family) == [("红", "M"), ("红", "L"), ("蓝", "M"), ("蓝", "L")]


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ((), "attributes_missing"),
        ((AttributeDraft("颜色", ()),), "attributes_missing"),
        ((AttributeDraft("颜色", ("红", "红")),), "attribute_twice"),
        (
            (
                AttributeDraft("a", tuple("0123456789abcdefghijklm")),
                AttributeDraft("b", tuple("0123456789abcdefghijklm")),
            ),
            "family_too_large",
        ),
    ],
)
def test_a_family_needs_sound_attributes(attributes: tuple[AttributeDraft, ...], code: str) -> None:
    with pytest.raises(Refused) as caught:
        rules.variants(FamilyDraft("TX", "T恤", attributes, PAPER))
    assert caught.value.code == code
