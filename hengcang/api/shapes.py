"""Base classes of what comes in and what goes out."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from hengcang.api.words import label


def _title(name: str, _: Any) -> str:
    return label(name)


class Asked(BaseModel):
    """What a client sends. Unknown fields are refused, so that no typing error is lost."""

    model_config = ConfigDict(extra="forbid", frozen=True, field_title_generator=_title)


class Told(BaseModel):
    """What a client gets, read from rows and plain records by attribute."""

    model_config = ConfigDict(
        from_attributes=True, populate_by_name=True, field_title_generator=_title
    )
