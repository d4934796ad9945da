"""工作台 and Ctrl+K."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.identity.roles import TEMPLATES
from hengcang.kernel.actor import SYSTEM
from hengcang.partners.actions import save_partner
from hengcang.partners.drafts import CustomerTerms, PartnerDraft
from tests.conftest import BookClient
from tests.web.conftest import Login
from tests.worlds import world

QUERIES = 12


@pytest.mark.parametrize("role", [template.code for template in TEMPLATES])
def test_everybody_has_a_home(web: BookClient, login: Login, role: str) -> None:
    world()
    login(role)
    web.get("/")  # the first page of a session sets up the connection, too
    with CaptureQueriesContext(connection) as queries:
        answer = web.get("/")
    assert answer.status_code == 200
    assert len(queries) <= QUERIES


def test_the_figures_of_cost_are_for_those_who_may_see_them(web: BookClient, login: Login) -> None:
    world()
    login("SALES")
    page = web.get("/").content.decode()
    assert "今日销售额" in page
    assert "今日毛利" not in page
    assert "库存金额" not in page


def test_the_palette_finds_items_and_partners(web: BookClient, login: Login) -> None:
    made = world()
    login()
    page = web.get("/palette?q=S001").content.decode()
    assert made.items[0].name in page
    draft = PartnerDraft("南京顺丰五金", customer=CustomerTerms())
    partner = save_partner(draft, actor=SYSTEM)
    page = web.get("/palette?q=njsf").content.decode()
    assert f"/customers/{partner.pk}" in page
    assert "没有找到" in web.get("/palette?q=zzzz").content.decode()
