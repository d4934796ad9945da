"""The people of the month, its days, and the numbers of its documents by what they were for."""

from datetime import timedelta

from hengcang.web import clock
from tests.e2e.conftest import Enter


def ago(days: int) -> str:
    return (clock.today() - timedelta(days=days)).isoformat()


class Month:
    """The people at their desks, and the numbers of the documents by what they were for."""

    def __init__(self, enter: Enter) -> None:
        self.boss = enter("OWNER")
        self.buyer = enter("PURCHASE_LEAD")
        self.seller = enter("SALES_LEAD")
        self.keeper = enter("STOREKEEPER")
        self.books = enter("ACCOUNTANT")
        self.no: dict[str, str] = {}
