"""A small warehouse of the demo company whose goods lie in bins."""

from dataclasses import replace
from decimal import Decimal

from hengcang.catalog.queries import items_of_lines
from hengcang.cli.demo.desk import intent, target_of
from hengcang.cli.demo.errands import Errands
from hengcang.documents.drafts import LineDraft
from hengcang.places.actions import save_warehouse
from hengcang.places.drafts import WarehouseDraft
from hengcang.stock.actions import bin_moves, other_receipts

SPARES = WarehouseDraft(
    "ZB",  # after the others: what is written anew starts in the first
    "备件仓",
    "杭州市临平区物流园 3 号库 2 楼",
    bins=("A-01-01", "A-01-02", "A-02-01", "B-01-01"),
)
EACH = Decimal(10)


def put_in_bins(errands: Errands) -> None:
    """Spares came in; three were put away, one was moved and moved back, two wait for a bin."""
    chief, keeper = errands.staff["laoban"], errands.staff["cangguan"]
    place = save_warehouse(SPARES, actor=chief).pk
    goods = [row.item_id for row in errands.shelf(errands.places[0], 5)]
    _bring(errands, place, goods)
    away = tuple(
        LineDraft(pk, EACH, to_bin_code=code)
        for pk, code in zip(goods[:3], SPARES.bins[:3], strict=True)
    )
    _move(errands, "put away", place, away)
    again = replace(away[0], bin_code=away[0].to_bin_code, to_bin_code=SPARES.bins[3])
    _move(errands, "moved", place, (again,))
    wrong = replace(away[1], bin_code=away[1].to_bin_code, to_bin_code=SPARES.bins[3])
    _move(errands, "moved wrongly", place, (wrong,))
    bin_moves.put_away(place, on=errands.today, client_uuid=intent("to put away"), actor=keeper)


def _bring(errands: Errands, place: int, goods: list[int]) -> None:
    chief = errands.staff["laoban"]
    known = items_of_lines(set(goods))
    lines = tuple(LineDraft(pk, EACH, unit_cost=known[pk].item.purchase_price) for pk in goods)
    draft = errands.paper("spares", place, lines, reason="厂家赠送售后备件")
    made = other_receipts.save_other_receipt(draft, actor=chief)
    other_receipts.post_other_receipt(target_of(made), actor=chief)


def _move(errands: Errands, name: str, place: int, lines: tuple[LineDraft, ...]) -> None:
    keeper = errands.staff["cangguan"]
    draft = errands.paper(f"bins:{name}", place, lines, note="整理库位")
    move = bin_moves.save_bin_move(draft, actor=keeper)
    move = bin_moves.post_bin_move(target_of(move), actor=keeper)
    if name == "moved wrongly":
        undo = errands.undo("undo bins", "放错库位")
        bin_moves.reverse_bin_move(target_of(move), undo, actor=keeper)
