"""The worked examples of moving average cost, to the cent, as posted in order and back-dated."""

from datetime import date
from decimal import Decimal

import pytest

from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.ledger import actions as ledger
from hengcang.ledger import reversal
from hengcang.ledger.entries import Posting, Source, SourceLine, StockKey, StockLine
from hengcang.ledger.models import CostBalance, CostScope, EntryCost, StockEntry
from tests.worlds import World, world

D = Decimal


class Books:
    """Postings straight through the door, named by a running source id."""

    def __init__(self, made: World) -> None:
        self.world = made
        self.last = 0

    def post(self, day: str, *lines: tuple[int, str, str | None, SourceLine | None]) -> Source:
        self.last += 1
        ledger.post(self._posting(self.last, day, lines), actor=SYSTEM)
        return Source("test", self.last)

    def _posting(self, number, day, lines) -> Posting:
        return Posting(
            source=Source("test", number),
            dated=date.fromisoformat(f"2026-{day}"),
            stock=tuple(
                StockLine(
                    line=n,
                    key=StockKey(self.world.items[0].pk, self.world.warehouses[w].pk),
                    quantity=D(q),
                    value_in=None if value is None else D(value),
                    follows=follows,
                )
                for n, (w, q, value, follows) in enumerate(lines, start=1)
            ),
        )

    def preview(self, day: str, *lines):
        return ledger.preview(self._posting(self.last + 1, day, lines), actor=SYSTEM)

    def receive(self, day: str, quantity: str, value: str, place: int = 0) -> Source:
        return self.post(day, (place, quantity, value, None))

    def issue(self, day: str, quantity: str, place: int = 0) -> Source:
        return self.post(day, (place, f"-{quantity}", None, None))

    def transfer(self, day: str, quantity: str) -> Source:
        inner = SourceLine("test", self.last + 1, 1)
        return self.post(day, (0, f"-{quantity}", None, None), (1, quantity, None, inner))

    def give_back(self, day: str, quantity: str, of: Source) -> Source:
        return self.post(day, (0, quantity, None, SourceLine(of.kind, of.id, 1)))

    def reverse(self, source: Source, day: str) -> Source:
        self.last += 1
        twin = Source("test", self.last)
        mirrored = reversal.mirrored(source, twin, date.fromisoformat(f"2026-{day}"))
        ledger.post(mirrored, actor=SYSTEM)
        return twin

    def cost(self, source: Source, line: int = 1) -> Decimal:
        entry = StockEntry.objects.get(posting__source_id=source.id, line=line)
        value: Decimal = EntryCost.objects.get(entry=entry).value
        return abs(value)

    def held(self, place: int | None = None) -> tuple[Decimal, Decimal]:
        scope = None if place is None else self.world.warehouses[place]
        balance = CostBalance.objects.get(scope_warehouse=scope)
        return balance.quantity, balance.value


@pytest.fixture
def company(book) -> Books:
    return Books(world())


@pytest.fixture
def by_warehouse(book) -> Books:
    return Books(world(scope=CostScope.WAREHOUSE))


def test_example_1_moving_average_then_a_back_date(company: Books) -> None:
    company.receive("11-01", "100", "1000")
    first = company.issue("11-05", "40")
    company.receive("11-10", "60", "720")
    second = company.issue("11-15", "50")
    assert (company.cost(first), company.cost(second)) == (D("400.00"), D("550.00"))
    assert company.held() == (70, D("770.00"))

    said = company.preview("11-03", (0, "20", "260", None))
    assert [(c.before, c.after) for c in said.changes] == [
        (D("400.00"), D("420.00")),
        (D("550.00"), D("557.14")),
    ]
    assert said.shift == D("27.14")
    assert company.held() == (70, D("770.00"))

    company.receive("11-03", "20", "260")
    assert (company.cost(first), company.cost(second)) == (D("420.00"), D("557.14"))
    assert company.held() == (90, D("1002.86"))


def test_example_1_in_date_order_ends_the_same(company: Books) -> None:
    company.receive("11-01", "100", "1000")
    company.receive("11-03", "20", "260")
    first = company.issue("11-05", "40")
    company.receive("11-10", "60", "720")
    second = company.issue("11-15", "50")
    assert (company.cost(first), company.cost(second)) == (D("420.00"), D("557.14"))
    assert company.held() == (90, D("1002.86"))


def test_example_4_an_empty_shelf_holds_no_money(company: Books) -> None:
    company.receive("11-01", "3", "10")
    issues = [company.issue(f"11-0{n}", "1") for n in (2, 3, 4)]
    assert [company.cost(i) for i in issues] == [D("3.33"), D("3.34"), D("3.33")]
    assert company.held() == (0, D("0.00"))


def _two_places(books: Books) -> tuple[Source, Source]:
    books.receive("11-01", "100", "1000", place=0)
    books.receive("11-01", "50", "650", place=1)
    moved = books.transfer("11-05", "20")
    return moved, books.issue("11-10", "10", place=1)


def test_example_5_transfer_between_cost_keys_and_a_back_date_before_it(by_warehouse) -> None:
    moved, issued = _two_places(by_warehouse)
    assert by_warehouse.cost(moved) == D("200.00")
    assert by_warehouse.cost(issued) == D("121.43")
    assert by_warehouse.held(0) == (80, D("800.00"))
    assert by_warehouse.held(1) == (60, D("728.57"))

    by_warehouse.receive("11-03", "20", "320", place=0)
    assert by_warehouse.cost(moved) == D("220.00")
    assert by_warehouse.cost(moved, line=2) == D("220.00")
    assert by_warehouse.cost(issued) == D("124.29")
    assert by_warehouse.held(0) == (100, D("1100.00"))
    assert by_warehouse.held(1) == (60, D("745.71"))


def test_example_5_company_scope_the_transfer_is_no_cost_event(company: Books) -> None:
    moved, issued = _two_places(company)
    assert not EntryCost.objects.filter(entry__posting__source_id=moved.id).exists()
    assert company.cost(issued) == D("110.00")
    assert company.held() == (140, D("1540.00"))


def test_example_7_a_return_takes_the_cost_of_its_delivery(company: Books) -> None:
    company.receive("11-01", "100", "1000")
    delivery = company.issue("11-02", "40")
    company.receive("11-03", "60", "720")
    returned = company.give_back("11-04", "10", delivery)
    assert company.cost(returned) == D("100.00")
    assert company.held() == (130, D("1420.00"))
    assert company.cost(company.issue("11-05", "13")) == D("142.00")


def test_example_7_back_dated(company: Books) -> None:
    company.receive("11-01", "100", "1000")
    delivery = company.issue("11-02", "40")
    last = company.issue("11-05", "13")
    returned = company.give_back("11-04", "10", delivery)
    company.receive("11-03", "60", "720")
    assert company.cost(returned) == D("100.00")
    assert company.cost(last) == D("142.00")


def test_example_8_reversal_of_a_dear_receipt_after_part_has_left(company: Books) -> None:
    dear = company.receive("11-01", "10", "200")
    company.receive("11-02", "10", "100")
    assert company.cost(company.issue("11-03", "12")) == D("180.00")
    assert company.held() == (8, D("120.00"))
    with pytest.raises(Refused) as refused:
        company.reverse(dear, "11-04")
    assert refused.value.code == "insufficient_stock"
    assert (refused.value.facts["on_hand"], refused.value.facts["needed"]) == ("8", "10")

    company.last -= 1
    company.receive("11-04", "5", "50")
    assert company.held() == (13, D("170.00"))
    undone = company.reverse(dear, "11-05")
    booked = EntryCost.objects.get(entry__posting__source_id=undone.id)
    assert (booked.value, booked.variance) == (D("-170.00"), D("30.00"))
    assert company.held() == (3, D("0.00"))
