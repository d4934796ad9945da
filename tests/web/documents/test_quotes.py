"""Quotations through the pages: offered, approved, ordered in parts, expired."""

from datetime import date

from hengcang.sales.models import SalesOrder, SalesQuote
from tests.conftest import BookClient
from tests.documents.trade import quoted
from tests.web.conftest import Login
from tests.web.documents.forms import field_error, form, htmx, line, saved, source_id, told
from tests.worlds import TODAY, world

NEW = "/sales-quotes/new"


def test_offered_approved_and_ordered_in_parts(web: BookClient, login: Login) -> None:
    made = world()
    login()
    asked = form(made, "sales", line(made, "4", "18"), verb="approve", valid_until="2026-11-30")
    quote_id = saved(web, NEW, asked)
    page = web.get(f"/sales-quotes/{quote_id}").content.decode()
    assert "BJD202611-0001" in page
    assert "下单" in page
    following = f"/sales-orders/new?from={quote_id}"
    assert "未下单" in web.get(following).content.decode()
    source = source_id(web, following)
    part = line(made, "1", "18") | {"source": source}
    order_id = saved(web, "/sales-orders/new", form(made, "sales", part, verb="approve"))
    chained = web.get(f"/sales-orders/{order_id}").content.decode()
    assert "BJD202611-0001" in chained
    listed = web.get("/sales-quotes/").content.decode()
    assert "25%" in listed
    assert "2026-11-30" in listed
    assert "已成交" in listed
    rest = line(made, "4", "18") | {"source": source}
    beyond = htmx(web, "/sales-orders/new", form(made, "sales", rest, verb="approve"))
    assert beyond.status_code == 409
    assert "未下单 3" in told(beyond)
    assert SalesOrder.objects.count() == 1


def test_what_is_wrong_stands_at_its_field(web: BookClient, login: Login) -> None:
    made = world()
    login()
    for text, said in (
        ("", "请填写有效期至"),
        ("2026-11-01", "不能早于单据日期"),
        ("30/11", "不是有效日期"),
    ):
        answer = htmx(web, NEW, form(made, "sales", line(made), valid_until=text))
        assert answer.status_code == 422
        assert said in field_error(answer, "valid_until")
    assert SalesQuote.objects.count() == 0


def test_an_expired_quotation_is_not_followed(web: BookClient, login: Login) -> None:
    made = world()
    login()
    quote = quoted(made, "4", until=TODAY)
    SalesQuote.objects.filter(pk=quote.pk).update(
        dated=date(2026, 11, 1), valid_until=date(2026, 11, 9)
    )
    page = web.get(f"/sales-orders/new?from={quote.pk}")
    assert page.status_code == 409
    assert "有效期至 2026-11-09" in page.content.decode()
    first = quote.lines.get()
    bound = line(made, "4", "18") | {"source": str(first.pk)}
    answer = htmx(web, "/sales-orders/new", form(made, "sales", bound, verb="approve"))
    assert answer.status_code == 409
    assert "复制为新报价单" in told(answer)
    assert SalesOrder.objects.count() == 0


def test_a_quotation_lapses_with_a_reason(web: BookClient, login: Login) -> None:
    made = world()
    login()
    quote = quoted(made, "4")
    path = f"/sales-quotes/{quote.pk}"
    pressed = {"verb": "lapse", "version": str(quote.version), "reason": "客户另选"}
    intent = {"intent": "6f1c1c7e-2ad7-4d1e-9d0e-0d6c5a2e7f11"}
    assert htmx(web, path, pressed | intent).status_code == 200
    page = web.get(path).content.decode()
    assert "已失效" in page
    assert "失效（客户另选）" in page
