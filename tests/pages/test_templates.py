"""Every page renders from plain data, without inline script or style, within its bytes."""

import gzip
import re

import pytest
from django.template.loader import render_to_string

from hengcang.pages.editor import Doc, Line, as_typed, posted_lines
from tests.pages import sample_documents, samples

INLINE = re.compile(r"\sstyle=|\son[a-z]+=|hx-on|<style|<script(?![^>]*\ssrc=)|js:", re.IGNORECASE)
HTML_BUDGET = 20_000


@pytest.mark.parametrize("name", samples.PAGES)
def test_a_page_has_no_inline_script_or_style(name: str) -> None:
    template, context = samples.PAGES[name]
    html = render_to_string(template, context())
    assert not INLINE.search(html)
    assert "INVALID" not in html
    assert html.count("<h1") == 1


def test_fifty_rows_weigh_less_than_their_budget() -> None:
    context = samples.list_page()
    page = context["page"]
    many = type(page)(**{name: getattr(page, name) for name in page.__slots__})
    object.__setattr__(many, "rows", [samples.list_row(n) for n in range(50)])
    html = render_to_string("pages/list.html", {**context, "page": many})
    assert len(gzip.compress(html.encode())) <= HTML_BUDGET


def test_what_a_user_typed_is_shown_again_and_is_never_markup() -> None:
    row = {name: "" for name in posted_lines({"lines-0-typed": "x"})[0]}
    row |= {"typed": "<script>alert(1)</script>", "quantity": '1"><b>'}
    line = as_typed(Line(index="0"), row, {"quantity": "数量要写成数字"})
    html = render_to_string("pages/_editor.html", {"doc": Doc("k", "单", "/s", (), [line])})
    assert "<script>alert" not in html
    assert "1&quot;&gt;&lt;b&gt;" in html
    assert "数量要写成数字" in html


def test_posted_lines_come_in_order_without_blank_rows() -> None:
    posted = {
        "lines-10-item": "7",
        "lines-10-quantity": " 2 ",
        "lines-2-typed": "ABC",
        "lines-3-discount": "100",
        "lines-x-item": "1",
        "lines-999999-item": "1",
        "note": "n",
    }
    rows = posted_lines(posted)
    assert [(row["item"], row["typed"], row["quantity"]) for row in rows] == [
        ("", "ABC", ""),
        ("7", "", "2"),
    ]


def test_an_editor_offers_blank_rows_and_a_read_document_none() -> None:
    assert len(sample_documents.editor()["doc"].rows) == 30
    assert len(sample_documents.delivered()["doc"].rows) == 6
    many = Doc("k", "单", "/s", (), [Line(index=str(n)) for n in range(40)])
    assert len(many.rows) == 42
