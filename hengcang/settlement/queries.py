"""Who owes whom: receivable and payable as they arose. Vouchers come with the money side."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.kernel.errors import Refused
from hengcang.ledger import queries as books
from hengcang.ledger.entries import Account
from hengcang.partners.models import Partner


@dataclass(frozen=True, slots=True)
class PartnerMoney:
    """What one partner owes us and what we owe the partner, 2 dp."""

    partner_id: int
    code: str
    name: str
    receivable: Decimal
    payable: Decimal


@dataclass(frozen=True, slots=True)
class MoneyFilter:
    """Which partners to show. `after` is the code of the last row seen."""

    words: str = ""
    after: str = ""
    limit: int = 50


def owed(actor: Actor, wanted: MoneyFilter) -> list[PartnerMoney]:
    """Partners in scope with a balance, by code. Raises Refused("forbidden") without money.view."""
    demand(actor, "money.view")
    visible = Partner.objects.visible_to(actor).filter(code__gt=wanted.after)
    if wanted.words:
        visible = visible.filter(search_text__contains=wanted.words.lower())
    sql, values = visible.order_by().values("id").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id, p.code, p.name,"
            " coalesce(sum(b.amount) FILTER (WHERE b.account = 'receivable'), 0),"
            " coalesce(sum(b.amount) FILTER (WHERE b.account = 'payable'), 0) "
            "FROM ledger_partnerbalance b JOIN partners_partner p ON p.id = b.partner_id "
            f"WHERE b.amount <> 0 AND p.id IN ({sql}) "
            "GROUP BY p.id ORDER BY p.code LIMIT %s",
            [*values, wanted.limit],
        )
        return [PartnerMoney(*row) for row in cursor.fetchall()]


def sees_payable(actor: Actor) -> bool:
    """Whether the actor may know what we owe: single payables are purchase prices."""
    return actor.may("money.view") and actor.sees(FieldClass.COST)


def owed_by(actor: Actor, partner_ids: Collection[int]) -> dict[int, PartnerMoney]:
    """What these partners in scope owe and are owed; those without a balance are absent.

    Raises Refused("forbidden") without money.view.
    """
    demand(actor, "money.view")
    visible = Partner.objects.visible_to(actor).filter(id__in=partner_ids)
    sql, values = visible.order_by().values("id").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id, p.code, p.name,"
            " coalesce(sum(b.amount) FILTER (WHERE b.account = 'receivable'), 0),"
            " coalesce(sum(b.amount) FILTER (WHERE b.account = 'payable'), 0) "
            "FROM ledger_partnerbalance b JOIN partners_partner p ON p.id = b.partner_id "
            f"WHERE b.amount <> 0 AND p.id IN ({sql}) GROUP BY p.id",
            values,
        )
        return {row[0]: PartnerMoney(*row) for row in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class MoneyTotals:
    """Sums over all partners in scope, 2 dp."""

    receivable: Decimal
    payable: Decimal


def owed_totals(actor: Actor) -> MoneyTotals:
    """What partners in scope owe us and are owed in all.

    Raises Refused("forbidden") without money.view.
    """
    demand(actor, "money.view")
    sql, values = Partner.objects.visible_to(actor).order_by().values("id").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(amount) FILTER (WHERE account = 'receivable'), 0),"
            " coalesce(sum(amount) FILTER (WHERE account = 'payable'), 0) "
            f"FROM ledger_partnerbalance WHERE partner_id IN ({sql})",
            values,
        )
        return MoneyTotals(*cursor.fetchone())


@dataclass(frozen=True, slots=True)
class Standing:
    """How one partner stands with us, 2 dp; `credit_limit` None means no limit was agreed."""

    receivable: Decimal
    payable: Decimal
    credit_limit: Decimal | None

    @property
    def credit_left(self) -> Decimal | None:
        return None if self.credit_limit is None else self.credit_limit - self.receivable


def standing_of(actor: Actor, partner_id: int) -> Standing:
    """One partner's balances and limit; zeros for one out of scope. Raises Refused("forbidden")."""
    demand(actor, "money.view")
    visible = Partner.objects.visible_to(actor).filter(id=partner_id).order_by().values("id")
    sql, values = visible.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(amount) FILTER (WHERE account = 'receivable'), 0),"
            " coalesce(sum(amount) FILTER (WHERE account = 'payable'), 0),"
            f" (SELECT credit_limit FROM partners_customerprofile WHERE partner_id IN ({sql})) "
            f"FROM ledger_partnerbalance WHERE partner_id IN ({sql})",
            [*values, *values],
        )
        return Standing(*cursor.fetchone())


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """One movement of a partner's account with the balance after it, 2 dp."""

    id: int
    dated: date
    due: date
    kind: str
    source_id: int
    account: str
    amount: Decimal
    running: Decimal


def money_ledger(actor: Actor, partner_id: int) -> list[MoneyRow]:
    """A partner's movements, oldest first, running per account; the newest 500.

    Without COST the payable side is left out. Raises Refused: forbidden, not_found (out of scope).
    """
    if not Partner.objects.visible_to(actor).filter(id=partner_id).exists():
        raise Refused("not_found", what="往来单位")
    rows: list[MoneyRow] = []
    running: dict[str, Decimal] = {}
    for m in books.money_of(actor, partner_id):
        if m.account == Account.PAYABLE and not sees_payable(actor):
            continue
        running[m.account] = running.get(m.account, Decimal(0)) + m.amount
        rows.append(
            MoneyRow(
                m.pk,
                m.dated,
                m.due,
                m.posting.kind,
                m.posting.source_id,
                m.account,
                m.amount,
                running[m.account],
            )
        )
    return rows[-500:]
