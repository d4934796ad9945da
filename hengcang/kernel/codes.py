"""What a code and a short text may hold. Codes go on labels and into scanners: plain ASCII."""

import re
import unicodedata

from hengcang.kernel.errors import Refused

_CODE = re.compile(r"[A-Za-z0-9._/-]{1,40}", re.ASCII)


def checked_code(code: str, field: str = "code") -> str:
    """The code, if made of letters, digits and - _ . / only. Raises field_missing, code_invalid."""
    if not code:
        raise Refused("field_missing", field, what="编码")
    if not _CODE.fullmatch(code):
        raise Refused("code_invalid", field, text=code[:40])
    return code


def refuse_long(text: str, field: str, what: str, limit: int) -> None:
    """Raises Refused("field_invalid") for a text of more characters than the limit."""
    if len(text) > limit:
        raise Refused("field_invalid", field, what=what, reason=f"最多 {limit} 字。")


def checked_text(text: str, field: str, what: str, limit: int) -> str:
    """The text, if not blank, not too long and free of control characters.

    Raises Refused: field_missing, field_invalid.
    """
    if not text.strip():
        raise Refused("field_missing", field, what=what)
    refuse_long(text, field, what, limit)
    if any(unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn") for char in text):
        raise Refused("field_invalid", field, what=what, reason="含有不可见的控制字符。")
    return text
