"""The one exception of the user's mistakes. Our own bugs are assertions."""


class Refused(Exception):
    """The program declines: nothing was written. `code` is stable, `facts` are plain values.

    `field` names what to correct, as in a form: "dated", "partner", "lines.3.quantity".
    """

    def __init__(self, code: str, field: str | None = None, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.facts = facts


class RefusedLines(Refused):
    """Several lines are wrong at once; `refusals` holds one Refused for each, in line order."""

    def __init__(self, refusals: list[Refused]) -> None:
        super().__init__("lines_refused", count=len(refusals))
        self.refusals = refusals
