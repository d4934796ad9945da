"""A count over the API: made, counted by barcode and sheet, explained, posted."""

from hengcang.books.models import Book
from hengcang.register.verify import verify_books
from hengcang.stock.models import StockTally
from tests.api.clients import Api, api_as
from tests.stock.counted import received
from tests.worlds import TODAY, World


def made(owner: Api, company: World) -> dict:
    body = {"dated": str(TODAY), "warehouse_id": company.warehouses[0].pk}
    return owner.made("/stock-counts", body)


def test_the_whole_count(owner: Api, company: World) -> None:
    received(company, "100")
    count = made(owner, company)
    assert (count["status"], count["number"]) == ("counting", "PDD202611-0001")
    root = f"/stock-counts/{count['id']}"
    tally = {"entries": [{"barcode": "s001", "quantity": "40", "zone": "A"}], "mode": "add"}
    key = "6c1f0f7e-0d5e-4f0e-9f0e-1c1f0f7e0d5e"
    for _ in range(2):
        owner.made(f"{root}/tallies", tally, Idempotency_Key=key)
    assert StockTally.objects.count() == 1
    told = owner.made(f"{root}/sheet", {"text": "S001\t20\t\tB"})
    assert told["summary"] == {
        "lines": 1,
        "counted": 1,
        "differing": 1,
        "gain": "0.00",
        "loss": "400.00",
    }
    told = owner.made(f"{root}/submit", {"version": told["version"]})
    line = {"item_id": company.items[0].pk, "cause": "丢失", "responsible": "李"}
    told = owner.put(f"{root}/explanations", {"version": told["version"], "lines": [line]}).json()
    rows = owner.told(f"{root}/lines?order=value")["rows"]
    assert (rows[0]["difference"], rows[0]["value"]) == ("-40", "-400.00")
    told = owner.made(f"{root}/post", {"version": told["version"]})
    assert told["status"] == "posted"
    assert owner.told(f"{root}/lines")["rows"][0]["value"] == "-400.00"
    twin = owner.made(f"{root}/reverse", {"version": told["version"], "reason": "盘错"})
    assert twin["number"] == "PDD202611-0002"
    assert verify_books() == []


def test_a_wrong_sheet_names_every_line(owner: Api, company: World) -> None:
    received(company, "100")
    root = f"/stock-counts/{made(owner, company)['id']}"
    answer = owner.post(f"{root}/sheet", {"text": "NOPE\t1\nS001\t1,5\nS001\t-1"})
    assert answer.status_code == 422
    fields = [error["field"] for error in answer.json()["errors"]]
    assert fields == ["lines.1.item_id", "lines.2.item_uom_id", "lines.3.quantity"]
    wrong: list[dict[str, object]] = [
        {"entries": []},
        {"entries": [{"item_id": 1, "quantity": "1e3"}]},
        {"text": 1},
    ]
    for bad in wrong:
        assert owner.post(f"{root}/tallies", bad).status_code == 422
    assert not StockTally.objects.exists()


def test_blind_for_who_may_not_see_the_book(book: Book, owner: Api, company: World) -> None:
    received(company, "100")
    root = f"/stock-counts/{made(owner, company)['id']}"
    keeper = api_as(book.code, "STOREKEEPER")
    tally = {"entries": [{"item_id": company.items[0].pk, "quantity": "40"}]}
    told = keeper.made(f"{root}/tallies", tally)
    assert told["summary"]["differing"] is None
    row = keeper.told(f"{root}/lines")["rows"][0]
    assert (row["counted"], row["book"], row["difference"]) == ("40", None, None)
    assert keeper.post(f"{root}/post", {"version": told["version"]}).status_code in {403, 409}
