"""The margin of a whole document, as on its lines."""

from decimal import Decimal

import pytest

from hengcang.web.documents.costs import rate_of


@pytest.mark.parametrize(
    ("margin", "net", "told"),
    [
        ("260.76", "1083.03", "（24.1%）"),
        ("-260.76", "-1083.03", "（24.1%）"),  # a reversal takes back what was earned
        ("-5", "20", "（-25.0%）"),
        ("0", "0", ""),
    ],
)
def test_the_rate_of_a_document(margin: str, net: str, told: str) -> None:
    assert rate_of(Decimal(margin), Decimal(net)) == told
