"""The pages of buying: nothing for axe to find, nothing wider than the window, orders made."""

import pytest
from playwright.sync_api import expect

from hengcang.books.models import Book
from hengcang.kernel.actor import SYSTEM
from hengcang.purchasing.actions import rfqs
from hengcang.purchasing.actions.policy import PolicyDraft, save_purchase_policy
from hengcang.purchasing.actions.reminders import make_reminders
from hengcang.purchasing.actions.reports import make_due_report
from hengcang.purchasing.inquiry_models import Rfq
from hengcang.purchasing.watching_models import PurchaseReminder
from tests.documents.trade import bought, received
from tests.e2e.conftest import Enter
from tests.pages.preview import AXE, SIZES, WIDER, violations
from tests.purchasing.inquired import another, answered, asked
from tests.worlds import GO_LIVE, TODAY, world

LOOKS = [("desk", "dark"), ("phone", "light")]


def _filled() -> tuple[Rfq, int]:
    """Something to see on every page; the request, and the reminder to be closed."""
    made = world()
    other = another("宁波五金", "V002")
    received(made, "3", "8")
    received(made, "2", "7", GO_LIVE)
    request = asked(made, "10", "4", due=TODAY)
    rfqs.ask_suppliers(request.pk, [made.supplier.pk, other.pk], on=TODAY, actor=SYSTEM)
    answered(made, request, made.supplier, ("9", "12", 3), ("5", None, 3))
    answered(made, request, other, ("10", None, 0), ("6", None, 9))
    bought(made, "10").lines.update(due_date=GO_LIVE)
    make_reminders(on=TODAY, actor=SYSTEM)
    save_purchase_policy(PolicyDraft(report_every="month"), 1, actor=SYSTEM)
    make_due_report(on=TODAY, actor=SYSTEM)
    return request, PurchaseReminder.objects.get().pk


@pytest.mark.skipif(not AXE.exists(), reason="needs npm ci in frontend/")
@pytest.mark.parametrize(("size", "theme"), LOOKS)
def test_every_page_of_buying_is_accessible(
    fresh_book: Book, enter: Enter, size: str, theme: str
) -> None:
    request, reminder = _filled()
    page = enter("OWNER")
    page.set_default_timeout(30_000)
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    found: dict[str, object] = {}
    for path in (
        f"rfqs/{request.pk}/compare",
        "rfqs/new",
        f"supplier-quotes/new?from={request.pk}",
        "purchasing/policy",
        "purchase-reminders/",
        f"purchase-reminders/{reminder}/close",
        "purchase-report/?by=item&from=2026-09-01",
        "purchase-report/kept/",
    ):
        response = page.goto(path)
        assert response is not None
        assert response.ok, path
        if problems := violations(page):
            found[path] = problems
        if page.evaluate(WIDER):
            found[f"{path} is wide"] = True
    assert not found


def test_the_best_offers_are_ordered_with_one_key(fresh_book: Book, enter: Enter) -> None:
    request, _ = _filled()
    page = enter("BUYER")
    page.goto(f"rfqs/{request.pk}/compare")
    expect(page.locator("#compare .pill.done")).to_have_count(2)
    page.keyboard.press("Control+s")
    expect(page.locator("body")).to_contain_text("已生成 2 张采购订单草稿")
    page.goto(f"rfqs/{request.pk}/compare")
    page.keyboard.press("Control+s")
    expect(page.locator("[role=alert]")).to_contain_text("请至少为一行选择供应商")
