"""The items of the demo company."""

from random import Random

from hengcang.catalog import rules
from hengcang.cli.demo.goods import ITEMS, Assortment, assortment


def _made() -> Assortment:
    return assortment(Random(1))


def test_there_are_exactly_so_many_and_each_is_sound() -> None:
    made = _made()
    variants = [v for family in made.families for v in rules.variants(family)]
    assert len(made.items) + len(variants) == ITEMS
    for draft in made.items:
        rules.checked_item(draft)
    assert len({draft.code for draft in made.items}) == len(made.items)


def test_names_and_specs_tell_items_apart() -> None:
    made = _made()
    named = {(draft.name, draft.spec) for draft in made.items}
    assert len(named) == len(made.items)


def test_barcodes_differ_and_end_in_their_check_digit() -> None:
    codes = [code for draft in _made().items for code in rules.all_barcodes(draft)]
    assert len(set(codes)) == len(codes)
    for code in codes:
        digits = [int(digit) for digit in code]
        assert len(digits) == 13
        assert (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0


def test_everything_is_sold_above_its_cost() -> None:
    for draft in _made().items:
        assert draft.sale_price is not None
        assert draft.purchase_price is not None
        assert draft.purchase_price < draft.sale_price


def test_the_same_seed_gives_the_same_goods() -> None:
    assert _made() == _made()
