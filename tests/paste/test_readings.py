"""Reading against a real book: as good as with the whole catalogue in hand, in few queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.catalog import actions as catalog
from hengcang.compliance.models import AuditLine
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused
from hengcang.sales import wordings as read_wordings
from hengcang.sales.actions import wordings
from hengcang.sales.models import CustomerAlias, CustomerItemCode
from hengcang.sales.pasting.reading import Confidence
from hengcang.sales.readings import reading
from tests.paste import report
from tests.paste.corpus import TEXTS, score
from tests.paste.shop import shop

pytestmark = pytest.mark.usefixtures("book")
CLERK = Actor(id=7, name="小王", permissions=frozenset({"sales_order.save", "sales_order.view", "item.view", "partner.view"}))  # fmt: skip  # noqa: E501
READER = Actor(id=8, name="小李", permissions=frozenset({"item.view", "sales_order.view"}))


def test_the_book_reads_the_corpus_as_the_rules_do() -> None:
    made = shop()
    whole = report.total(
        score(case, reading(SYSTEM, made.customers[case["customer"]], case["text"]))
        for case in [*TEXTS, *report.LATER]
    )
    assert not whole.sure_and_wrong
    assert not whole.wrong
    assert whole.right >= 335
    assert whole.lost <= 2


def test_queries_do_not_grow_with_lines() -> None:
    made = shop()
    text = "\n".join(
        f"{row} 2箱" for row in ("可口可乐330ml", "雪壁500ml", "LS0620", "红牛", "MJ1001")
    )
    counts = []
    for times in (1, 20):
        with CaptureQueriesContext(connection) as asked:
            reading(SYSTEM, made.customers["K01"], "\n".join([text] * times))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 10


def test_a_choice_is_remembered_for_this_customer_alone_and_can_be_forgotten() -> None:
    made = shop()
    here, there = made.customers["K06"], made.customers["K03"]
    assert _one(here, "大可乐 2箱").confidence is Confidence.UNSURE
    assert wordings.remember_choices(here, {"大可乐": made.item("YL003")}, actor=CLERK) == 1
    assert wordings.remember_choices(here, {"大可乐": made.item("YL003")}, actor=CLERK) == 0
    line = _one(here, "大可乐 2箱")
    assert (line.confidence, line.reason) == (Confidence.CERTAIN, "您上次选择过")
    assert line.good is not None
    assert line.good.code == "YL003"
    assert _one(there, "大可乐 2箱").confidence is Confidence.UNSURE
    trace = AuditLine.objects.filter(verb="customer_alias.remember").latest("id")
    assert (trace.actor_name, trace.facts) == ("小王", {"phrase": "大可乐", "item": "YL003"})
    alias = CustomerAlias.objects.get(partner_id=here)
    wordings.forget_alias(here, alias.pk, actor=CLERK)
    assert _one(here, "大可乐 2箱").confidence is Confidence.UNSURE
    assert AuditLine.objects.filter(verb="customer_alias.forget").count() == 1


def test_a_customers_code_names_item_and_unit_until_it_is_removed() -> None:
    made = shop()
    here = made.customers["K06"]
    uom = made.uom("YL001", "箱")
    code = wordings.save_item_code(here, "ab-77", made.item("YL001"), uom, actor=CLERK)
    line = _one(here, "AB-77 3")
    assert line.confidence is Confidence.CERTAIN
    assert line.unit is not None
    assert (line.unit.id, line.reason) == (uom, "客户货号一致")
    wordings.remove_item_code(here, code.pk, actor=CLERK)
    assert _one(here, "AB-77 3").confidence is Confidence.UNSURE


def test_a_code_of_ours_that_is_another_of_theirs_is_asked() -> None:
    made = shop()
    here = made.customers["K06"]
    wordings.save_item_code(here, "YL009", made.item("YL001"), None, actor=CLERK)
    line = _one(here, "YL009 3箱")
    assert line.confidence is Confidence.UNSURE
    assert {good.code for good in line.candidates} == {"YL001", "YL009"}


def test_a_disabled_item_is_not_offered() -> None:
    made = shop()
    catalog.disable_item(made.item("YL020"), actor=SYSTEM)
    line = _one(made.customers["K06"], "红牛维生素功能饮料 2箱")
    assert line.good is None


@pytest.mark.parametrize(
    ("code", "item", "uom", "refusal"),
    [
        ("", "YL001", None, "field_missing"),
        ("ab", "YL001", None, "field_invalid"),
        ("a b c", "YL001", None, "field_invalid"),
        ("x" * 41, "YL001", None, "field_invalid"),
        ("ABC", "", None, "item_unknown"),
        ("ABC", "YL001", 999_999, "uom_unknown"),
    ],
)
def test_a_code_that_cannot_be_is_refused(code: str, item: str, uom: int, refusal: str) -> None:
    made = shop()
    before = CustomerItemCode.objects.count()
    item_id = made.items.get(item, 0)
    with pytest.raises(Refused) as refused:
        wordings.save_item_code(made.customers["K06"], code, item_id, uom, actor=CLERK)
    assert refused.value.code == refusal
    assert CustomerItemCode.objects.count() == before


def test_without_permission_or_scope_nothing_is_read_or_written() -> None:
    made = shop()
    here = made.customers["K06"]
    traces = AuditLine.objects.count()
    alias = CustomerAlias.objects.first()
    assert alias is not None
    for act in (
        lambda: reading(READER, here, "可乐"),
        lambda: wordings.remember_choices(here, {"x": 1}, actor=READER),
        lambda: wordings.save_item_code(here, "ABC", 1, None, actor=READER),
        lambda: wordings.forget_alias(alias.partner_id, alias.pk, actor=READER),
        lambda: wordings.forget_alias(here, alias.pk, actor=CLERK),
        lambda: wordings.remove_item_code(here, 1, actor=READER),
        lambda: read_wordings.aliases(READER, here),
        lambda: reading(SYSTEM, made.world.supplier.pk, "可乐"),
    ):
        with pytest.raises(Refused):
            act()
    assert AuditLine.objects.count() == traces


def _one(partner_id: int, text: str):
    lines = reading(CLERK, partner_id, text)
    assert len(lines) == 1
    return lines[0]
