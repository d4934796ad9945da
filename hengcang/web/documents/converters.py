"""A kind of document in an address."""

from hengcang.register.kinds import BY_PLURAL, Kind


class KindConverter:
    """sales-orders ↔ the kind; other words are other pages."""

    regex = "|".join(BY_PLURAL)

    def to_python(self, value: str) -> Kind:
        return BY_PLURAL[value]

    def to_url(self, value: Kind | str) -> str:
        return value if isinstance(value, str) else value.plural
