"""Files are read as texts, strictly, and hostile ones are refused before they cost anything."""

import contextlib
import io
import random
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengcang.integration.spreadsheets import cells
from hengcang.integration.spreadsheets.tables import table_of, text_of_sheet
from hengcang.kernel.errors import Refused
from tests.integration.files import csv_of, workbook


def test_an_xlsx_is_read_as_people_see_it() -> None:
    sheet = workbook(
        ["编码", "数量", "日期"],
        ["001", 0.1 + 0.2, date(2026, 11, 24)],
        [None, None, None],
        [6901234567892, 12, datetime(2026, 11, 24)],  # noqa: DTZ001 - as files have it
    )
    rows = table_of(sheet).rows
    assert [row.number for row in rows] == [1, 2, 4]
    assert rows[1].cells == ("001", "0.3", "2026-11-24")
    assert rows[2].cells == ("6901234567892", "12", "2026-11-24")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_of_any_usual_encoding(encoding: str) -> None:
    rows = table_of(csv_of(["编码", "数量"], ["S001", "3"], encoding=encoding)).rows
    assert [row.cells for row in rows] == [("编码", "数量"), ("S001", "3")]


def test_tabs_and_semicolons_are_found() -> None:
    assert table_of("编码\t数量\nS001\t3".encode()).rows[1].cells == ("S001", "3")
    assert table_of("编码;数量\nS001;3".encode()).rows[1].cells == ("S001", "3")


def test_a_formula_is_told_where_it_stands() -> None:
    (head, row) = table_of(workbook(["编码", "数量"], ["S001", "=1+1"])).rows
    assert head.formulas == ()
    assert row.formulas == (1,)


def test_the_same_bytes_have_the_same_digest() -> None:
    one = csv_of(["编码"], ["S001"])
    assert table_of(one).digest == table_of(one).digest != table_of(one + b"\r\n").digest


def _zip(**parts: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "file_unreadable"),
        (b"PK\x03\x04broken", "file_unreadable"),
        (_zip(**{"word/document.xml": b"<a/>"}), "file_unreadable"),
        (_zip(**{"xl/worksheets/sheet1.xml": b"0" * (65 * 1024**2)}), "sheet_too_large"),
        (_zip(**{"xl/styles.xml": b"0" * (5 * 1024**2)}), "sheet_too_large"),
        (_zip(**{f"xl/{n}.xml": b"" for n in range(500)}), "sheet_too_large"),
        (_zip(**{"xl/workbook.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"}), "file_unreadable"),
        (b"x" * (6 * 1024**2), "sheet_too_large"),
        (b"a,b\n" * 50_001, "sheet_too_large"),
        (b"," * 90 + b"x", "sheet_too_large"),
        (b"a\x00b,c", "file_unreadable"),
        (b"\xff\xfe\x01\x81", "file_unreadable"),
    ],
)
def test_hostile_files_are_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        table_of(content)
    assert refusal.value.code == code


def test_what_a_workbook_says_of_its_size_is_not_believed() -> None:
    good = workbook(["编码", "数量"], ["S001", 3])
    kept = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(good)) as source,
        zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            part = source.read(name)
            if name.endswith("sheet1.xml"):
                part = part.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
                assert b"XFD1048576" in part
            target.writestr(name, part)
    assert [row.cells for row in table_of(kept.getvalue()).rows][1] == ("S001", "3")


def test_damaged_workbooks_never_do_more_than_refuse() -> None:
    chance = random.Random(7)
    good = workbook(["编码", "数量"], *(["S001", n] for n in range(40)))
    for _ in range(150):
        broken = bytearray(good)
        for _ in range(chance.randint(1, 30)):
            broken[chance.randrange(4, len(broken))] = chance.randrange(256)
        with contextlib.suppress(Refused):
            table_of(bytes(broken))


def test_a_count_sheet_keeps_its_row_numbers_and_its_columns() -> None:
    sheet = workbook(["编码", "数量", "备注"], [None], ["S001", 3, "A,B"])
    assert text_of_sheet(sheet) == "编码\t数量\t备注\n\nS001\t3\tA、B"


@pytest.mark.parametrize("text", ["2026-11-24", "2026/11/24", "2026年11月24日", "20261124"])
def test_days_as_people_write_them(text: str) -> None:
    assert cells.day(text) == date(2026, 11, 24)


@pytest.mark.parametrize(
    "text", ["２０２６-11-24", "2026-13-01", "2026-02-30", "24/11/2026", "2026-11/24", "45985"]
)
def test_other_days_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        cells.day(text)


@pytest.mark.parametrize(
    "text", ["１２", "1,000", "1e3", "-0", "NaN", "0", "-1", "1.0000001", "一"]
)
def test_quantities_are_read_strictly(text: str) -> None:
    with pytest.raises(Refused):
        cells.quantity(text)


@given(st.text(max_size=30))
@settings(max_examples=200)
def test_no_text_makes_the_readers_fail(text: str) -> None:
    for reader in (cells.day, cells.quantity, cells.price, cells.rate):
        try:
            reader(text)
        except Refused:
            continue
