"""`make paste-report`: how well the corpus is read, written to docs/paste-results.md."""

import json
import sys
from collections.abc import Iterable
from functools import cache
from typing import Any

from tests import environment
from tests.paste.corpus import HERE, TEXTS, Score, reading_of, score

LATER: list[dict[str, Any]] = json.loads((HERE / "later.json").read_text("utf-8"))
# What the rules made of the later texts the first time they saw them, before any change.
FIRST_SIGHT = "读对 32 行，要人选 12 行，读错 0 行，应问的 18 行都问了"
HEAD = """
写法 段数 应读行 读对 其中确定 要人选 漏 读错 确定却读错 应问且问了 多问
"""
COUNTS = ("right", "certain", "likely", "asked", "lost", "unsure_right", "extra")


def total(scores: Iterable[Score]) -> Score:
    """The sums, with all that went wrong."""
    whole = Score()
    for one in scores:
        for name in COUNTS:
            setattr(whole, name, getattr(whole, name) + getattr(one, name))
        whole.wrong += one.wrong
        whole.sure_and_wrong += one.sure_and_wrong
        whole.notes += one.notes
    return whole


@cache
def _score(case_id: str) -> Score:
    case = next(case for case in [*TEXTS, *LATER] if case["id"] == case_id)
    return score(case, reading_of(case))


def scores_of(texts: list[dict[str, Any]]) -> dict[str, list[Score]]:
    """By style."""
    by_style: dict[str, list[Score]] = {}
    for case in texts:
        by_style.setdefault(case["style"], []).append(_score(case["id"]))
    return by_style


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "–"


def _table(by_style: dict[str, list[Score]]) -> list[str]:
    head = HEAD.split()
    rows = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    everything = [one for scores in by_style.values() for one in scores]
    for style, scores in [*by_style.items(), ("**合计**", everything)]:
        s = total(scores)
        wanted = s.right + s.asked + sum("漏掉" in note for note in s.notes)
        cells = [style, len(scores), wanted, s.right, s.certain, s.asked, s.lost, len(s.wrong)]
        cells += [len(s.sure_and_wrong), s.unsure_right, s.extra]
        rows.append("| " + " | ".join(map(str, cells)) + " |")
    return rows


def text() -> str:
    """The whole page."""
    first, later = scores_of(TEXTS), scores_of(LATER)
    one = total(s for scores in first.values() for s in scores)
    wanted = one.right + one.asked + sum("漏掉" in note for note in one.notes)
    parts = [
        "# 粘贴下单读得怎样\n",
        "由 `make paste-report` 生成，请勿手改。语料和尺度见 `tests/paste/corpus/README.md`。\n",
        f"200 段文字里应读出 {wanted} 行：读对 {one.right} 行（{_share(one.right, wanted)}），"
        f"其中 {one.certain} 行显示为「确定」；要人选 {one.asked} 行，漏 {one.lost} 行，"
        f"读错 {len(one.wrong)} 行，**显示「确定」却读错 {len(one.sure_and_wrong)} 行**。"
        f"应当问人的 {one.unsure_right} 处都问了，另外多问了 {one.extra} 处。\n",
        "这个数字偏好看：语料写在规则之前，但写规则时看着语料改过，二者出自同一手。"
        "所以后来又写了 40 段规则没见过的文字（`later.json`）。第一次读它们："
        f"{FIRST_SIGHT}。看过之后又补了几条通用的规则，下面第二张表是现在的结果。"
        "真实客户的文字会更难，读不准的应显示为「待选择」，而不是读错。\n",
        "## 200 段\n",
        *_table(first),
        "",
        "要人选或没读出的：\n",
        *(f"- {note}" for note in one.notes),
        "",
        "## 后来的 40 段\n",
        *_table(later),
        "",
        *(f"- {note}" for note in total(s for ss in later.values() for s in ss).notes),
    ]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    (environment.ROOT / "docs" / "paste-results.md").write_text(text(), "utf-8")
    sys.exit(0)
