"""Customers and suppliers: recorded once, seen by those whose they are."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.compliance.models import AuditLine
from hengcang.identity import actions as identity
from hengcang.identity.actions import UserDraft
from hengcang.identity.models import User
from hengcang.identity.queries import actor_of
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.refusals import sentence
from hengcang.partners import actions, queries
from hengcang.partners.drafts import ContactDraft, CustomerTerms, PartnerDraft, SupplierTerms
from hengcang.partners.models import Partner
from hengcang.partners.queries import PartnerFilter, Role

SHOP = PartnerDraft(
    name="嘉兴鼎盛超市",
    code="kh-01",
    category="商超",
    tax_no="91330400ma2b000001",
    bank_name="农业银行嘉兴支行",
    bank_account="6228000012345678",
    contacts=(ContactDraft("陈静", "采购", "13800000001"),),
    customer=CustomerTerms(Decimal(50000), 30),
)
MILL = PartnerDraft(name="重庆长城纸业", supplier=SupplierTerms("A", 60, 7))
READER = Actor(id=5, name="看客", permissions=frozenset({"partner.view"}))
pytestmark = pytest.mark.usefixtures("book")


def seller(username: str) -> tuple[User, Actor]:
    identity.copy_role_templates()
    draft = UserDraft(username, username, ("SALES",), password="Warehouse-24-long")
    user = identity.create_user(draft, actor=SYSTEM)
    return user, actor_of(user)


def test_a_partner_is_kept_with_terms_contacts_and_a_trace() -> None:
    made = actions.save_partner(SHOP, actor=SYSTEM)
    found = queries.partner(SYSTEM, made.pk)
    assert (found.code, found.tax_no, str(found.category)) == (
        "KH-01",
        "91330400MA2B000001",
        "商超",
    )
    assert (found.customer.credit_limit, found.customer.credit_days) == (Decimal(50000), 30)
    assert not hasattr(found, "supplier")
    assert [c.phone for c in found.contacts.all()] == ["13800000001"]
    assert AuditLine.objects.get(kind="partner").verb == "partner.create"


def test_without_a_code_the_next_number_is_taken() -> None:
    codes = [actions.save_partner(replace(MILL, name=f"纸厂{n}"), actor=SYSTEM).code for n in "ab"]
    assert codes == ["DW00001", "DW00002"]
    actions.save_partner(replace(MILL, code="DW00007"), actor=SYSTEM)
    assert actions.save_partner(MILL, actor=SYSTEM).code == "DW00008"


@pytest.mark.parametrize(
    ("draft", "code", "field"),
    [
        (replace(SHOP, code="客1"), "code_invalid", "code"),
        (replace(SHOP, code="K😀"), "code_invalid", "code"),
        (replace(SHOP, name=" "), "field_missing", "name"),
        (replace(SHOP, customer=None), "role_missing", "customer"),
        (replace(SHOP, tax_no="91 33"), "field_invalid", "tax_no"),
        (
            replace(SHOP, customer=CustomerTerms(Decimal(-1))),
            "amount_negative",
            "customer.credit_limit",
        ),
        (
            replace(SHOP, customer=CustomerTerms(None, 9999)),
            "days_out_of_range",
            "customer.credit_days",
        ),
        (replace(SHOP, supplier=SupplierTerms("E")), "field_invalid", "supplier.credit_grade"),
        (replace(SHOP, contacts=(ContactDraft(""),)), "field_missing", "contacts.1.name"),
        (replace(SHOP, salesperson_id=999), "not_found", "salesperson"),
    ],
)
def test_each_mistake_is_told_on_its_field(draft: PartnerDraft, code: str, field: str) -> None:
    with pytest.raises(Refused) as caught:
        actions.save_partner(draft, actor=SYSTEM)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert "？" not in sentence(caught.value)
    assert Partner.objects.count() == 0


def test_a_code_is_used_once() -> None:
    actions.save_partner(SHOP, actor=SYSTEM)
    with pytest.raises(Refused) as caught:
        actions.save_partner(replace(SHOP, code="KH-01", name="另一家"), actor=SYSTEM)
    assert caught.value.code == "code_taken"
    assert "嘉兴鼎盛超市" in sentence(caught.value)


def test_a_change_replaces_roles_and_contacts_and_rises_the_version() -> None:
    made = actions.save_partner(SHOP, actor=SYSTEM)
    draft = replace(SHOP, code=None, name="嘉兴鼎盛商贸", contacts=(), supplier=SupplierTerms())
    changed = actions.change_partner(made.pk, 1, draft, actor=SYSTEM)
    assert (changed.code, changed.version) == ("KH-01", 2)
    found = queries.partner(SYSTEM, made.pk)
    assert (found.supplier.credit_grade, found.contacts.count()) == ("B", 0)
    with pytest.raises(Refused, match="stale_version"):
        actions.change_partner(made.pk, 1, draft, actor=SYSTEM)
    line = AuditLine.objects.get(verb="partner.change")
    assert line.facts["changed"]["name"] == ["嘉兴鼎盛超市", "嘉兴鼎盛商贸"]


def test_without_permission_nothing_is_written() -> None:
    made = actions.save_partner(SHOP, actor=SYSTEM)
    for act in (
        lambda: actions.save_partner(MILL, actor=READER),
        lambda: actions.change_partner(made.pk, 1, SHOP, actor=READER),
        lambda: actions.disable_partner(made.pk, actor=READER),
        lambda: actions.import_partners([MILL], actor=READER),
        lambda: queries.partner(Actor(id=9, name="外人"), made.pk),
        lambda: queries.suggest_partners(Actor(id=9, name="外人"), "jx"),
    ):
        with pytest.raises(Refused, match="forbidden"):
            act()
    assert (Partner.objects.count(), AuditLine.objects.filter(kind="partner").count()) == (1, 1)


def test_a_salesperson_sees_the_own_and_the_unclaimed_only() -> None:
    (anna, as_anna), (ben, _) = seller("anna"), seller("ben")
    own = actions.save_partner(replace(SHOP, code="A", salesperson_id=anna.pk), actor=SYSTEM)
    free = actions.save_partner(replace(SHOP, code="B"), actor=SYSTEM)
    other = actions.save_partner(replace(SHOP, code="C", salesperson_id=ben.pk), actor=SYSTEM)
    assert as_anna.own_partners_only
    assert [p.pk for p in queries.partners(as_anna, PartnerFilter())] == [own.pk, free.pk]
    assert [p.pk for p in queries.suggest_partners(as_anna, "jx")] == [own.pk, free.pk]
    assert set(queries.partner_ids_by_code(as_anna, ["a", "c"])) == {"a"}
    for partner_id in (other.pk, 10**9):
        with pytest.raises(Refused, match="not_found"):
            queries.partner(as_anna, partner_id)
        with pytest.raises(Refused, match="not_found"):
            queries.partner_for(as_anna, partner_id, Role.CUSTOMER)
    may_save = replace(as_anna, permissions=as_anna.permissions | {"partner.save"})
    with pytest.raises(Refused, match="not_found"):
        actions.change_partner(other.pk, 1, SHOP, actor=may_save)


def test_an_outsider_sees_the_own_firm_only() -> None:
    made = actions.save_partner(SHOP, actor=SYSTEM)
    actions.save_partner(MILL, actor=SYSTEM)
    outsider = replace(READER, partner_id=made.pk)
    assert [p.pk for p in queries.partners(outsider, PartnerFilter())] == [made.pk]


def test_lists_and_suggestions_know_the_role() -> None:
    actions.import_partners(
        [SHOP, MILL, replace(MILL, name="长城超市", customer=CustomerTerms())], actor=SYSTEM
    )
    names = [p.name for p in queries.partners(SYSTEM, PartnerFilter(role=Role.SUPPLIER))]
    assert names == ["重庆长城纸业", "长城超市"]
    assert [p.name for p in queries.suggest_partners(SYSTEM, "cc")][:2] == [
        "长城超市",
        "重庆长城纸业",
    ]
    assert queries.suggest_partners(SYSTEM, "cqcc", Role.CUSTOMER) == []
    assert [p.name for p in queries.suggest_partners(SYSTEM, "zqcc")] == ["重庆长城纸业"]
    assert [p.name for p in queries.suggest_partners(SYSTEM, "13800000001")] == ["嘉兴鼎盛超市"]
    assert len(queries.suggest_partners(SYSTEM, "", Role.CUSTOMER)) == 2
    with CaptureQueriesContext(connection) as page:
        for row in queries.partners(SYSTEM, PartnerFilter()):
            assert row.contacts.all() is not None
            assert hasattr(row, "customer") or hasattr(row, "supplier")
    assert len(page) == 2


def test_only_an_active_partner_of_the_right_side_goes_on_a_document() -> None:
    made = actions.save_partner(SHOP, actor=SYSTEM)
    assert queries.partner_for(SYSTEM, made.pk, Role.CUSTOMER).pk == made.pk
    with pytest.raises(Refused, match="partner_wrong_role"):
        queries.partner_for(SYSTEM, made.pk, Role.SUPPLIER)
    actions.disable_partner(made.pk, actor=SYSTEM)
    with pytest.raises(Refused, match="partner_inactive"):
        queries.partner_for(SYSTEM, made.pk, Role.CUSTOMER)
    assert queries.suggest_partners(SYSTEM, "jx") == []
    actions.enable_partner(made.pk, actor=SYSTEM)
    assert queries.partner_for(SYSTEM, made.pk, Role.CUSTOMER).version == 3


def test_an_import_twice_changes_nothing_and_names_bad_lines() -> None:
    drafts = [replace(SHOP, code=f"C{n}") for n in range(3)]
    first = actions.import_partners(drafts, actor=SYSTEM)
    again = actions.import_partners(drafts, actor=SYSTEM)
    assert (first.created, again.created) == (3, 0)
    assert first.ids == again.ids
    with pytest.raises(RefusedLines) as caught:
        actions.import_partners([SHOP, SHOP, replace(SHOP, name="")], actor=SYSTEM)
    assert [(r.code, r.field) for r in caught.value.refusals] == [
        ("code_twice", "lines.2.code"),
        ("field_missing", "lines.3.name"),
    ]
