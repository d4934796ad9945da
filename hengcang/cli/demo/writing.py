"""The demo company in a book: master data by the same actions as the pages, its past set-based."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from hengcang.catalog import actions as catalog
from hengcang.catalog import queries as items
from hengcang.catalog.drafts import ItemDraft
from hengcang.cli.demo.arriving import announce
from hengcang.cli.demo.binning import put_in_bins
from hengcang.cli.demo.company import (
    Client,
    Company,
    Good,
    Staff,
    Vendor,
    expected_rates,
    usual_lot,
)
from hengcang.cli.demo.desk import clear_up
from hengcang.cli.demo.errands import Errands, run
from hengcang.cli.demo.following import follow, send, swap
from hengcang.cli.demo.goods import Assortment, assortment
from hengcang.cli.demo.inquiring import inquire
from hengcang.cli.demo.inspecting import adjust, inspect
from hengcang.cli.demo.names import Type
from hengcang.cli.demo.people import LOGINS, PASSWORD, WAREHOUSES, Customer, customers, suppliers
from hengcang.cli.demo.shops import ask_for_goods
from hengcang.cli.demo.trading import ORDERS_A_DAY, Trading
from hengcang.cli.demo.workshop import assemble
from hengcang.identity import queries as identity
from hengcang.identity.actions import UserDraft, copy_role_templates, provide_user
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.calendar import months_between
from hengcang.ledger.periods import Terms, close_period, go_live
from hengcang.partners import actions as partners
from hengcang.partners.drafts import PartnerDraft
from hengcang.places import actions as places
from hengcang.register.history import write_past
from hengcang.register.verify import verify_books

SEED = 20250618
MONTHS = 18
OPEN_MONTHS = 2
COMPANY_NAME = "杭州衡远商贸有限公司"
Tell = Callable[[str], None]
ROUNDS = (
    inquire,
    announce,
    inspect,
    adjust,
    put_in_bins,
    ask_for_goods,
    assemble,
    follow,
    swap,
    send,
)
"""One after the other: later ones need what earlier ones brought in."""


class DemoDisagrees(Exception):
    """The generated books did not agree with themselves."""


def write_demo(today: date, tell: Tell) -> None:
    """The current, empty book holds the demo company up to `today`, verified.

    The same day and seed give the same company. Raises DemoDisagrees.
    """
    first = first_month(today)
    dice = Random(SEED)  # noqa: S311 - a made-up company, not a secret
    go_live(Terms(COMPANY_NAME, first), today=today, actor=SYSTEM)
    tell("新建用户、仓库、往来单位")
    sites = {draft.code: places.save_warehouse(draft, actor=SYSTEM).pk for draft in WAREHOUSES}
    staff = _users(sites)
    company = _company(dice, sites, staff, tell)
    tell("模拟 18 个月的买卖")
    events = list(Trading(company, dice, first, today).events())
    tell(f"写入 {len(events)} 张单据")
    write_past(events, actor=SYSTEM)
    tell("结账并核对")
    for month in months_between(first, today)[:-OPEN_MONTHS]:
        close_period(month, today=today, actor=SYSTEM)
    tell("报价、请购、调拨与盘点")
    errands = Errands(today, dice, staff, tuple(sites.values()))
    run(errands)
    clear_up(today, staff)
    tell("询价、质检、组装、库位与发货")
    for do in ROUNDS:
        do(errands)
    if differences := verify_books():
        raise DemoDisagrees("；".join(str(difference) for difference in differences[:5]))


def _company(dice: Random, sites: dict[str, int], actors: dict[str, Actor], tell: Tell) -> Company:
    salespeople = {a.id: a for name, a in actors.items() if name.startswith("xiaoshouyuan")}
    bought_by = customers(dice, list(salespeople))
    clients = _clients(bought_by, sites, salespeople, actors["xiaoshou"])
    vendor_drafts = suppliers(dice)
    vendor_ids = partners.import_partners(vendor_drafts, actor=SYSTEM).ids
    tell("新建 2000 个商品")
    goods = _goods(dice, tuple(sites.values()))
    return Company(
        places=tuple(sites.values()),
        goods=tuple(good for good, _ in goods),
        clients=clients,
        vendors=_vendors(vendor_drafts, vendor_ids, goods),
        staff=Staff(actors["caigouyuan"], actors["cangguan"], actors["caigou"]),
        rates=expected_rates(
            [good for good, _ in goods], clients, ORDERS_A_DAY * 0.92, next(iter(sites.values()))
        ),
    )


def _users(sites: dict[str, int]) -> dict[str, Actor]:
    copy_role_templates()
    actors = {}
    for login in LOGINS:
        scope = tuple(sites[code] for code in login.places) if login.places else None
        user = provide_user(UserDraft(login.username, login.name, login.roles, scope, PASSWORD))
        actors[login.username] = identity.actor_of(user)
    return actors


def _clients(
    drafts: Sequence[Customer], sites: dict[str, int], salespeople: dict[int, Actor], lead: Actor
) -> tuple[Client, ...]:
    ids = partners.import_partners([c.draft for c in drafts], actor=SYSTEM).ids
    return tuple(
        Client(
            id=partner_id,
            kind=customer.kind,
            place=sites[customer.place],
            weight=min(customer.weight, 8.0),
            discount=customer.discount,
            credit_days=customer.draft.customer.credit_days if customer.draft.customer else 0,
            by=salespeople.get(customer.draft.salesperson_id or 0, lead),
        )
        for customer, partner_id in zip(drafts, ids, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Made:
    """A written item: what it was drafted as, and the ids of it and its units by name."""

    id: int
    draft: ItemDraft
    type: Type
    uoms: dict[str, int]


def _goods(dice: Random, sites: tuple[int, ...]) -> list[tuple[Good, Type]]:
    made = _written(assortment(dice))
    ranks = list(range(len(made)))
    dice.shuffle(ranks)
    return [
        (_good(item, rank, sites, dice), item.type) for item, rank in zip(made, ranks, strict=True)
    ]


def _good(item: _Made, rank: int, sites: tuple[int, ...], dice: Random) -> Good:
    """Popular goods are kept in more warehouses; all of them in the main one."""
    draft = item.draft
    assert draft.sale_price is not None
    assert draft.purchase_price is not None
    kept = {sites[0]} | {
        site
        for site, best in zip(sites[1:], (700, 500), strict=True)
        if rank < best * dice.uniform(0.8, 1.2)
    }
    return Good(
        id=item.id,
        uom_id=item.uoms[draft.base_uom],
        packs=tuple((item.uoms[name], ratio) for name, ratio in item.type.packs),
        price=draft.sale_price,
        cost=draft.purchase_price,
        tax_rate=draft.tax_rate,
        season=item.type.season,
        group=item.type.category.partition("/")[0],
        lot=usual_lot(draft.sale_price),
        weight=1 / (rank + 12) ** 0.85,
        places=frozenset(kept),
    )


def _written(wanted: Assortment) -> list[_Made]:
    """Items and families exist; every item in order of its code."""
    ids = dict(catalog.import_items(wanted.items, actor=SYSTEM).ids)
    drafts = {draft.code: draft for draft in wanted.items}
    for family in wanted.families:
        row = catalog.create_family(family, actor=SYSTEM)
        found = items.items(SYSTEM, items.ItemFilter(family_id=row.pk, is_active=None))
        ids |= {item.code: item.pk for item in found}
        drafts |= {item.code: family.pattern for item in found}
    rows = items.items_of_lines(set(ids.values()))
    return [
        _Made(
            ids[code],
            drafts[code],
            wanted.types[code.partition("-")[0]],
            {uom.uom.name: uom.pk for uom in rows[ids[code]].uoms},
        )
        for code in sorted(ids)
    ]


def _vendors(
    drafts: Sequence[PartnerDraft], ids: Sequence[int], goods: Sequence[tuple[Good, Type]]
) -> tuple[Vendor, ...]:
    """Every kind of goods comes from one supplier."""
    kinds = list(dict.fromkeys(kind.name for _, kind in goods))
    made = []
    for at, (draft, partner_id) in enumerate(zip(drafts, ids, strict=True)):
        assert draft.supplier is not None
        mine = {name for n, name in enumerate(kinds) if n % len(drafts) == at}
        made.append(
            Vendor(
                id=partner_id,
                lead_days=draft.supplier.lead_time_days or 7,
                credit_days=draft.supplier.credit_days,
                weekday=at % 6,
                phase=at // 6 % 2,
                goods=tuple(good for good, kind in goods if kind.name in mine),
            )
        )
    return tuple(made)


def first_month(today: date) -> date:
    """The day the demo company began: MONTHS months, that of today included."""
    month = today.year * 12 + today.month - MONTHS
    return date(month // 12, month % 12 + 1, 1)
