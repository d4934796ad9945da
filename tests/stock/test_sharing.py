"""Shares of what is short: whole, never too much, explained, fair to the oldest."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengcang.documents.rules import Ratio
from hengcang.stock import sharing
from hengcang.stock.sharing import Ask, shares, step_of


def asked(*opens: str, step: str = "1") -> list[Ask]:
    return [Ask(n, D(open_), D(step)) for n, open_ in enumerate(opens)]


@pytest.mark.parametrize(
    ("opens", "step", "available", "got"),
    [
        (("5", "3"), "1", "8", (5, 3)),
        (("5", "3"), "1", "-2", (0, 0)),
        (("5", "5"), "1", "5", (3, 2)),
        (("30", "50"), "1", "50", (19, 31)),
        (("1", "1", "1"), "1", "2", (1, 1, 0)),
        (("24", "24"), "12", "23", (12, 0)),
        (("0.5", "0.5"), "0.001", "0.501", (D("0.251"), D("0.25"))),
    ],
)
def test_shares(opens: tuple[str, ...], step: str, available: str, got: tuple[D, ...]) -> None:
    assert tuple(s.quantity for s in shares(asked(*opens, step=step), D(available))) == got


def test_why_is_said() -> None:
    first, second = shares(asked("5", "5"), D(5))
    assert first.why == "共要 10，可用 5，按比例 5×5÷10≈2.5，取整 2，余数先给早要的，加 1"
    assert second.why == "共要 10，可用 5，按比例 5×5÷10≈2.5，取整 2"
    assert shares(asked("5"), D(0))[0].why == "供货仓没有可用"


@pytest.mark.parametrize(
    ("open_", "ratio", "step"),
    [
        ("36", Ratio(12, 1, 0), "12"),
        ("30", Ratio(12, 1, 0), "1"),
        ("2.5", Ratio(1, 1, 3), "0.001"),
        ("3", Ratio(1, 1, 3), "1"),
        ("1", Ratio(1, 3, 6), "0.000001"),
    ],
)
def test_the_step_is_the_units_where_whole_units_are_open(
    open_: str, ratio: Ratio, step: str
) -> None:
    assert step_of(D(open_), ratio) == D(step)


sizes = st.sampled_from(["1", "2", "6", "12", "0.5"])
asks = st.lists(st.tuples(sizes, st.integers(1, 9)), min_size=1, max_size=6).map(
    lambda found: [Ask(n, D(step) * times, D(step)) for n, (step, times) in enumerate(found)]
)
available = st.integers(-5, 300).map(lambda halves: D(halves) / 2)


def judge(wanted: list[Ask], there: D) -> None:
    found = shares(wanted, there)
    whole, given_ = sum(a.open for a in wanted), sum(s.quantity for s in found)
    assert [s.line_id for s in found] == [a.line_id for a in wanted]
    for ask, share in zip(wanted, found, strict=True):
        assert 0 <= share.quantity <= ask.open
        assert share.quantity % ask.step == 0
        assert share.why
    assert given_ <= max(there, D(0))
    if there >= whole:
        assert given_ == whole
    left = there - given_
    for ask, share in zip(wanted, found, strict=True):
        assert share.quantity == ask.open or left < ask.step  # nothing that fits is kept back
    for n, (older, got) in enumerate(zip(wanted, found, strict=True)):
        for younger, less in list(zip(wanted, found, strict=True))[n + 1 :]:
            if (older.open, older.step) == (younger.open, younger.step):
                assert got.quantity >= less.quantity


@given(asks, available)
def test_shares_keep_their_word(wanted: list[Ask], there: D) -> None:
    judge(wanted, there)


def test_a_seeded_bug_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remainders given without regard to what is left."""
    monkeypatch.setattr(
        sharing, "_left_over", lambda parts, opens, steps, left: [s if left else 0 for s in steps]
    )
    with pytest.raises(AssertionError):
        given(asks, available)(judge)()
