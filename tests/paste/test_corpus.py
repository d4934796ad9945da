"""The corpus: nothing is wrong with confidence, nothing is lost, every piece is accounted for."""

import re
import time

import pytest

from hengcang.kernel.errors import Refused
from hengcang.sales.pasting.asks import asks_of
from hengcang.sales.pasting.choosing import words_to_find
from hengcang.sales.pasting.clauses import MAX_CHARACTERS, MAX_LINES, normalised
from hengcang.sales.pasting.goods import Known
from hengcang.sales.pasting.reading import Confidence, read
from tests import environment
from tests.paste import report
from tests.paste.corpus import GOODS, TEXTS, reading_of

EVERYTHING = [*TEXTS, *report.LATER]


def test_there_are_200_texts_of_a_catalogue_of_300() -> None:
    assert len(TEXTS) == 200
    assert len(GOODS) >= 300
    assert len({case["style"] for case in TEXTS}) >= 20


def test_no_line_is_wrong_with_high_confidence() -> None:
    scores = [s for texts in (TEXTS, report.LATER) for s in report.scores_of(texts).values()]
    whole = report.total(one for style in scores for one in style)
    assert not whole.sure_and_wrong
    assert not whole.wrong


def test_as_much_is_right_as_the_report_says_and_nothing_is_lost() -> None:
    whole = report.total(s for scores in report.scores_of(TEXTS).values() for s in scores)
    assert whole.lost == 0
    assert whole.right >= 300


def test_the_report_is_of_these_rules() -> None:
    kept = (environment.ROOT / "docs" / "paste-results.md").read_text("utf-8")
    assert kept == report.text(), "run: make paste-report"


@pytest.mark.parametrize("case", EVERYTHING, ids=lambda case: case["id"])
def test_every_piece_of_the_text_is_shown(case: dict) -> None:
    """What is left when all shown pieces are taken away are separators and joining words."""
    shown = "".join(sorted({line.text for line in reading_of(case)}, key=len, reverse=True))
    words = re.findall(r"[^\W_]+", normalised(case["text"]))
    squeezed = "".join(re.findall(r"[^\W_]+", shown))
    joining = {"还有", "另外", "和"}
    lost = [word for word in words if word not in squeezed and not _joined(word, squeezed, joining)]
    assert not [word for word in lost if not re.fullmatch(r"第?\d{1,2}项?", word)]


def _joined(word: str, squeezed: str, joining: set[str]) -> bool:
    parts = re.split("|".join(joining), word)
    return len(parts) > 1 and all(part in squeezed for part in parts)


@pytest.mark.parametrize(
    "text", ["x\n" * 5_000, "可口可乐330ml 5箱\n" * (MAX_LINES + 1), "一" * (MAX_CHARACTERS + 1)]
)
def test_a_paste_that_is_too_long_is_refused_at_once(text: str) -> None:
    started = time.monotonic()
    with pytest.raises(Refused) as refusal:
        asks_of(text)
    assert refusal.value.code == "paste_too_long"
    assert time.monotonic() - started < 0.1


@pytest.mark.parametrize(
    "char", ["1", "x", " ", "的", "一", "1,", "箱", "(", "谢谢", "1x", "\t", "、"]
)
def test_hostile_text_is_read_quickly(char: str) -> None:
    text = (char * MAX_CHARACTERS)[: MAX_CHARACTERS - 2] + "尾"
    lines = (char * (900 // len(char)) + "尾\n") * 20
    for one in (text, lines):
        started = time.monotonic()
        asks = asks_of(one)
        read(asks, Known())
        assert time.monotonic() - started < 3


def test_an_empty_text_has_no_lines() -> None:
    assert asks_of("  \n\t\n ") == []


def test_ignored_pieces_say_why() -> None:
    asks = asks_of("老板好，可口可乐330ml 5箱，谢谢\n雪碧 不要了")
    near = {words: list(GOODS.values()) for words in words_to_find(asks)}
    lines = read(asks, Known(near=near))
    ignored = {line.text: line.reason for line in lines if line.confidence is Confidence.IGNORED}
    assert ignored["谢谢"] == "问候"
    assert ignored["雪碧 不要了"] == "已取消"
