"""Filters and tags of the templates. Filters are total: whatever was typed, none raises."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hengcang.kernel.rounding import to_cent

register = template.Library()

MAX_DIGITS = 25  # 1e999999999 is a number too; and cents of longer ones pass Decimal's 28 digits


def _number(value: object) -> Decimal | None:
    """The value as a number that can be written out in full, or None."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    try:
        number = Decimal(value)
    except (InvalidOperation, ValueError):
        return None
    if not number.is_finite() or abs(number.adjusted()) > MAX_DIGITS:
        return None
    return number


def _as_typed(value: object) -> str:
    return "" if value is None else str(value)


@register.filter
def money(value: object) -> str:
    """An amount as people read it, 12,345.00; what is no number comes back as it was typed."""
    number = _number(value)
    return _as_typed(value) if number is None else f"{to_cent(number):,.2f}"


@register.filter
def qty(value: object) -> str:
    """A quantity with thousands separators and without trailing zeros: 2,408 or 0.5."""
    number = _number(value)
    return _as_typed(value) if number is None else _trimmed(f"{number:,f}")


@register.filter
def num(value: object) -> str:
    """A number for an input: no separators, no trailing zeros; else the text as typed."""
    number = _number(value)
    return _as_typed(value) if number is None else _trimmed(f"{number:f}")


@register.filter
def price(value: object) -> str:
    """A unit price as people read it: at least two decimals, 26.00 or 0.1234."""
    number = _number(value)
    if number is None:
        return _as_typed(value)
    whole, _, decimals = _trimmed(f"{number:,f}").partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}"


@register.filter
def cell(values: object, name: str) -> str:
    """The text under that name, empty where there is none."""
    return str(values.get(name, "")) if isinstance(values, Mapping) else ""


@register.filter
def count_lines(text: object) -> int:
    """How many lines of the text say something."""
    return sum(1 for line in str(text).splitlines() if line.strip())


def _trimmed(text: str) -> str:
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@register.simple_tag
def icon(name: str) -> SafeString:
    """A line icon of the sprite. Decoration only: the word beside it carries the meaning."""
    return format_html(
        '<svg class="i" aria-hidden="true"><use href="{}#{}"/></svg>', static("icons.svg"), name
    )
