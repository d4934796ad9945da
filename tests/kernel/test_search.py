"""What was typed finds what was meant: initials, grams, words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengcang.kernel import search

texts = st.text(alphabet="得力重庆不锈钢A4x0-9 ％乐", max_size=20)


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("得力A4复印纸", ["dla4fyz", "dlfyz"]),
        ("Ａ４ 复印纸", ["a4fyz", "fyz"]),
        ("铁钉", ["td"]),
        ("WHITE HANGING HEART", []),
        ("", []),
    ],
)
def test_initials_come_with_latin_first_then_han_only(name: str, forms: list[str]) -> None:
    assert search.initials_forms(name) == forms


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("重庆火锅底料", "cq"),
        ("重庆火锅底料", "zq"),
        ("音乐盒", "yyh"),
        ("音乐盒", "ylh"),
        ("长柄勺", "cb"),
        ("长柄勺", "zb"),
        ("行李箱", "xl"),
        ("行李箱", "hl"),
    ],
)
def test_characters_of_several_readings_are_found_by_each(name: str, reading: str) -> None:
    assert any(form.startswith(reading) for form in search.initials_forms(name))


@given(texts)
def test_readings_are_few_and_lower_case(name: str) -> None:
    forms = search.initials_forms(name)
    assert len(forms) <= 2 * search.MAX_FORMS
    assert len(set(forms)) == len(forms)
    assert all(form == form.lower() and " " not in form for form in forms)


@given(texts, texts, st.data())
def test_any_piece_of_a_field_is_found(name: str, spec: str, data: st.DataObject) -> None:
    keys = search.search_keys(name, ("DL-001", "6901234567892"), (spec,))
    field = data.draw(st.sampled_from(keys.text.split("\n")))
    start = data.draw(st.integers(0, max(len(field) - 1, 0)))
    piece = field[start : start + data.draw(st.integers(1, 8))]
    for word in search.words_of(piece):
        assert set(search.grams_of(word)) <= set(keys.tokens)
        assert word in keys.text


@given(texts, st.integers(1, 6))
def test_the_head_of_a_name_and_of_each_form_is_a_token(name: str, length: int) -> None:
    keys = search.search_keys(name, ())
    for form in search.initials_forms(name):
        assert search.head_of(form[:length]) in keys.tokens
        assert search.HEAD + form[:length] in keys.initials


def test_grams_do_not_cross_fields() -> None:
    keys = search.search_keys("纸", ("AB",), ("箱",))
    assert not {"纸a", "b箱", "箱a"} & set(keys.tokens)


def test_the_mnemonic_of_the_user_counts_as_initials() -> None:
    keys = search.search_keys("得力A4复印纸", ("X1",), (), "Fuyin")
    assert keys.initials.startswith("^fuyin^dla4fyz")
    assert "^fu" in keys.tokens


def test_a_query_is_normalised_and_split() -> None:
    assert search.words_of("  Ａ４　复印纸，70g、a4 ") == ["a4", "复印纸", "70g"]
    assert search.words_of("a b c d e f g h") == ["a", "b", "c", "d", "e", "f"]
    assert search.words_of(" ，") == []


def test_a_pattern_character_stands_for_itself() -> None:
    assert search.like("100%_a\\") == "100\\%\\_a\\\\"
