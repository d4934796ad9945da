"""The reading of what a customer sent, against the catalogue and the customer's own words."""

from collections.abc import Iterable, Mapping, Sequence

from hengcang.catalog import nearness
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.sales import wordings
from hengcang.sales.pasting.asks import Ask, asks_of
from hengcang.sales.pasting.choosing import words_to_find
from hengcang.sales.pasting.features import codes_in
from hengcang.sales.pasting.goods import Certain, Good, GoodUnit, Known, Source
from hengcang.sales.pasting.grams import rarest, wording
from hengcang.sales.pasting.reading import ReadLine, read

Hit = tuple[str, int, int | None, Source]


def reading(actor: Actor, partner_id: int, text: str) -> list[ReadLine]:
    """Every piece of the text in order, as lines and as what was ignored; nothing is written.

    At most ten queries, whatever the text. Raises Refused: forbidden, not_found (also out of
    scope), partner_inactive, partner_wrong_role, paste_too_long.
    """
    demand(actor, "sales_order.save")
    demand(actor, "item.view")
    wordings.customer(actor, partner_id)
    asks = asks_of(text)
    return read(asks, _known(actor, partner_id, asks))


def _known(actor: Actor, partner_id: int, asks: Sequence[Ask]) -> Known:
    words = words_to_find(asks)
    coded, phrased = _coded(actor, partner_id, words), _phrased(actor, partner_id, words)
    near = _near(words)
    ids = {item for _, item, _, _ in (*coded, *phrased)} | {i for of in near.values() for i in of}
    goods = {key: _good(item) for key, item in nearness.offered(ids).items()}
    codes: dict[str, tuple[Certain, ...]] = {}
    for code, item_id, uom_id, source in coded:
        if item_id in goods:
            certain = Certain(goods[item_id], source, uom_id)
            codes[code] = (*codes.get(code, ()), certain)
    phrases = {
        phrase: Certain(goods[item_id], source)
        for phrase, item_id, _, source in phrased
        if item_id in goods
    }
    return Known(
        codes,
        phrases,
        {said: [goods[item] for item in of if item in goods] for said, of in near.items()},
        frozenset(said for said, of in near.items() if len(of) >= nearness.NEAR),
    )


def _coded(actor: Actor, partner_id: int, words: Iterable[str]) -> list[Hit]:
    """Everything a code may name: ours, a barcode, the customer's own."""
    codes = {code for said in words for code in codes_in(said)}
    hits: list[Hit] = [
        (code, item, uom, Source.CODE if uom is None else Source.BARCODE)
        for code, item, uom in nearness.named(codes)
    ]
    own = wordings.codes_called(actor, partner_id, codes)
    return hits + [(one.text, one.item_id, one.item_uom_id, Source.OWN_CODE) for one in own]


def _phrased(actor: Actor, partner_id: int, words: Iterable[str]) -> list[Hit]:
    phrases = {said.replace(" ", "") for said in words}
    known = wordings.phrases_called(actor, partner_id, phrases)
    return [(one.text, one.item_id, None, Source.ALIAS) for one in known]


def _near(words: Sequence[str]) -> Mapping[str, list[int]]:
    """Items that have all the words; where there are none, those that have or sound like some."""
    asked = {said: wording(said) for said in words}
    near = nearness.with_all({said: one.all_of for said, one in asked.items()})
    loose = {said: one for said, one in asked.items() if said not in near}
    if loose:
        tokens = {token for one in loose.values() for token in one.any_of}
        near |= nearness.with_any(rarest(loose, nearness.shares(tokens)))
    return near


def _good(item: nearness.Offered) -> Good:
    units = tuple(GoodUnit(*unit) for unit in item.units)
    return Good(item.id, item.code, item.name, item.spec, item.quantity_places, units)
