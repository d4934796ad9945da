"""The history of a customer over the API."""

from tests.api.clients import Api, api_as
from tests.worlds import World


def test_what_a_customer_bought(owner: Api, company: World) -> None:
    body = {
        "dated": "2026-11-10",
        "warehouse_id": company.warehouses[0].pk,
        "partner_id": company.supplier.pk,
        "lines": [{"item_id": company.items[0].pk, "quantity": "9", "price": "1"}],
        "then": "post",
    }
    owner.made("/purchase-receipts", body)
    owner.made("/sales-deliveries", body | {"partner_id": company.customer.pk})
    path = f"/customers/{company.customer.pk}/history"
    told = owner.told(path)
    assert (told["delivered"], told["return_rate"], told["receivable"]) == ("9.00", "0", "9.00")
    [item] = told["bought"]
    assert (item["times"], item["quantity"], item["last_price"]) == (1, "9", "1")
    keeper = api_as(owner.book, "STOREKEEPER")
    assert keeper.told(path)["receivable"] is None
    assert owner.get("/customers/999999/history").status_code == 404
    assert api_as(owner.book, "AUDIT_ADMIN").get(path).status_code == 403
