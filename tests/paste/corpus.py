"""The corpus as plain data, and how a reading of it is counted."""

import json
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from hengcang.sales.pasting.asks import asks_of
from hengcang.sales.pasting.choosing import phrase_key, words_to_find
from hengcang.sales.pasting.goods import Certain, Good, GoodUnit, Known, Source
from hengcang.sales.pasting.reading import Confidence, ReadLine, read

HERE = Path(__file__).parent / "corpus"
TEXTS: list[dict[str, Any]] = json.loads((HERE / "texts.json").read_text("utf-8"))
ITEMS: list[dict[str, Any]] = json.loads((HERE / "items.json").read_text("utf-8"))
CUSTOMERS: dict[str, Any] = json.loads((HERE / "customers.json").read_text("utf-8"))


def _good(number: int, row: dict[str, Any]) -> Good:
    units = tuple(
        GoodUnit(number * 10 + at, unit["unit"], *unit["ratio"])
        for at, unit in enumerate(row["units"])
    )
    return Good(number, row["code"], row["name"], row["spec"], row["quantity_places"], units)


GOODS = {row["code"]: _good(number, row) for number, row in enumerate(ITEMS, start=1)}


def _unit_id(good: Good, name: str) -> int | None:
    return next((unit.id for unit in good.units if unit.name == name), None)


def known_of(customer: str, words: list[str]) -> Known:
    """Everything there is to know, without a database: every item is near every wording."""
    codes = {code: (Certain(good, Source.CODE),) for code, good in GOODS.items()}
    for row in ITEMS:
        good = GOODS[row["code"]]
        for unit in row["units"]:
            if "barcode" in unit:
                unit_id = _unit_id(good, unit["unit"])
                codes[unit["barcode"]] = (Certain(good, Source.BARCODE, unit_id),)
    own = CUSTOMERS[customer]
    for code, (item, unit) in own["codes"].items():
        codes[code] = (Certain(GOODS[item], Source.OWN_CODE, _unit_id(GOODS[item], unit)),)
    phrases = {
        phrase_key(said): Certain(GOODS[item[0]], Source.ALIAS)
        for said, item in own["aliases"].items()
    }
    everything = list(GOODS.values())
    return Known(codes, phrases, dict.fromkeys(words, everything))


def reading_of(case: dict[str, Any]) -> list[ReadLine]:
    """The text as the rules read it."""
    asks = asks_of(case["text"])
    return read(asks, known_of(case["customer"], words_to_find(asks)))


@dataclass
class Score:
    """Of one text. `wrong`: lines read that are not in the text; `sure_and_wrong`: those of them
    shown as certain; `asked`: expected lines a person has to settle; `lost`: neither.
    `certain` and `likely` are those of `right`; `extra`: questions nobody needed."""

    right: int = 0
    certain: int = 0
    likely: int = 0
    asked: int = 0
    lost: int = 0
    unsure_right: int = 0
    extra: int = 0
    wrong: list[ReadLine] = field(default_factory=list)
    sure_and_wrong: list[ReadLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def _key(line: ReadLine) -> tuple[str, Decimal, str]:
    assert line.good is not None
    assert line.quantity is not None
    assert line.unit is not None
    return line.good.code, line.quantity.normalize(), line.unit.name


def score(case: dict[str, Any], lines: list[ReadLine]) -> Score:
    """Each expected line is looked for once."""
    result = Score()
    read_lines = [ln for ln in lines if ln.confidence in (Confidence.CERTAIN, Confidence.LIKELY)]
    unsure = [line for line in lines if line.confidence is Confidence.UNSURE]
    wanted = [e for e in case["expected"] if "code" in e]
    open_keys = Counter((e["code"], Decimal(e["quantity"]).normalize(), e["unit"]) for e in wanted)
    for line in read_lines:
        key = _key(line)
        if open_keys[key]:
            open_keys[key] -= 1
            result.right += 1
            result.certain += line.confidence is Confidence.CERTAIN
            result.likely += line.confidence is Confidence.LIKELY
        else:
            result.wrong.append(line)
            if line.confidence is Confidence.CERTAIN:
                result.sure_and_wrong.append(line)
    _count_unsure(case, unsure, result, open_keys)
    return result


def _count_unsure(
    case: dict[str, Any], unsure: list[ReadLine], result: Score, open_keys: Counter
) -> None:
    left = list(unsure)
    for expected in (e for e in case["expected"] if "unsure" in e):
        found = next((line for line in left if _answers(expected, line)), None)
        if found:
            left.remove(found)
            result.unsure_right += 1
        else:
            result.lost += 1
            result.notes.append(f"没有问：{expected['unsure']}")
    for key in open_keys.elements():
        found = next((ln for ln in left if key[0] in {g.code for g in ln.candidates}), None)
        found = found or (left[0] if left else None)
        if found:
            left.remove(found)
            result.asked += 1
            result.notes.append(f"要问：{key[0]} {key[1]:f}{key[2]}（{found.reason}）")
        else:
            result.lost += 1
            result.notes.append(f"漏掉：{key[0]} {key[1]:f}{key[2]}")
    result.extra += len(left)


def _answers(expected: dict[str, Any], line: ReadLine) -> bool:
    squeezed = "".join(line.text.lower().split())
    said = "".join(expected["unsure"].lower().split())
    among = expected["among"]
    return (said in squeezed or squeezed in said) and (
        not among or bool({good.code for good in line.candidates} & set(among))
    )
