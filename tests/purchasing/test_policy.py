"""采购设置: one row, changed with a trace, on the page and by programs."""

import pytest

from hengcang.books.models import Book
from hengcang.compliance.models import AuditLine
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused
from hengcang.purchasing.actions.policy import PolicyDraft, policy_to_keep, save_purchase_policy
from hengcang.purchasing.watching_models import PurchasePolicy
from tests.api.clients import api_as
from tests.worlds import world


def test_it_is_off_until_it_is_set_and_every_change_is_told(book: Book) -> None:
    world()
    assert policy_to_keep(actor=SYSTEM).over_price_rate is None
    draft = PolicyDraft(remind_days_before=5, escalate_days_after=None, report_every="week")
    saved = save_purchase_policy(draft, 1, actor=SYSTEM)
    assert (saved.version, PurchasePolicy.objects.get().remind_days_before) == (2, 5)
    told = AuditLine.objects.get(verb="purchase_policy.change")
    assert told.facts["changed"] == {
        "remind_days_before": [3, 5],
        "escalate_days_after": [7, None],
        "report_every": ["", "week"],
    }


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (PolicyDraft(remind_days_before=366), "days_out_of_range"),
        (PolicyDraft(escalate_days_after=-1), "days_out_of_range"),
        (PolicyDraft(report_every="day"), "field_invalid"),
    ],
)
def test_what_cannot_be_is_refused(book: Book, draft: PolicyDraft, code: str) -> None:
    with pytest.raises(Refused) as refused:
        save_purchase_policy(draft, 1, actor=SYSTEM)
    assert refused.value.code == code
    assert not PurchasePolicy.objects.exists()


def test_an_older_page_does_not_win(book: Book) -> None:
    save_purchase_policy(PolicyDraft(), 1, actor=SYSTEM)
    with pytest.raises(Refused) as refused:
        save_purchase_policy(PolicyDraft(report_every="week"), 1, actor=SYSTEM)
    assert refused.value.code == "stale_version"


def test_without_the_right_nothing_changes(book: Book) -> None:
    with pytest.raises(Refused) as refused:
        save_purchase_policy(PolicyDraft(), 1, actor=Actor(id=1, name="采购"))
    assert refused.value.code == "forbidden"


def test_programs(book: Book) -> None:
    world()
    owner = api_as(book.code, "OWNER")
    told = owner.told("/purchase-policy")
    assert told["over_price_rate"] is None
    body = {"version": told["version"], "over_price_rate": "7.5", "report_every": "month"}
    saved = owner.put("/purchase-policy", body).json()
    assert (saved["over_price_rate"], saved["report_every"]) == ("7.5", "month")
    assert owner.put("/purchase-policy", body).status_code == 409
    for wrong in ("-1", "1e3", "7.555", 10**9):
        answer = owner.put("/purchase-policy", body | {"version": 2, "over_price_rate": wrong})
        assert answer.status_code == 422, answer.content
    assert api_as(book.code, "BUYER").get("/purchase-policy").status_code == 403
