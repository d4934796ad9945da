"""How a text becomes serial numbers."""

import pytest

from hengcang.documents.line_serials import typed_serials
from hengcang.kernel.errors import Refused


def test_a_text_is_read_as_scanned_pasted_or_numbered() -> None:
    assert typed_serials("A1\r\nA2\n\n A3 ") == ("A1", "A2", "A3")
    assert typed_serials("A1，A2;A3\tA4") == ("A1", "A2", "A3", "A4")
    assert typed_serials("SN098*3") == ("SN098", "SN099", "SN100")
    for wrong in ("SN*3", "SN1*0", "SN1*9999999", "*"):
        with pytest.raises(Refused):
            typed_serials(wrong)
    with pytest.raises(Refused, match="too_many_serials"):
        typed_serials("A1*5000\nB1")
