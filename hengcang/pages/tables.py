"""Tables and list pages. Plain data: texts are ready to show, addresses ready to follow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from hengcang.pages.forms import Field

Tone = Literal["", "low", "out", "up", "down", "dim"]
Pill = Literal["", "draft", "pending", "approved", "done", "void"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `hidden` is the proposal; what a user chose in 列 stands above it."""

    key: str
    label: str
    numeric: bool = False
    hidden: bool = False
    sort_url: str = ""
    sorted: Literal["", "ascending", "descending"] = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell shows. With `pill` the text is a state; `percent` puts a bar before it."""

    text: str = ""
    url: str = ""
    pill: Pill = ""
    tone: Tone = ""
    note: str = ""  # grey text after it: a specification, a unit
    percent: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Cells in the order of the columns. `id` makes it selectable; `url` is where Enter goes."""

    cells: Sequence[Cell]
    id: str = ""
    url: str = ""
    muted: bool = False
    total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table inside a card or on the home page; template pages/_table.html.

    A `wide` one takes the whole row, where it is one of several in columns.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    more_url: str = ""
    more_label: str = "全部"
    empty: str = "暂时没有"
    wide: bool = False

    @property
    def lines(self) -> Iterator[tuple[Row, list[tuple[Column, Cell]]]]:
        """Each row with its cells beside their columns."""
        return _paired(self.columns, self.rows)


@dataclass(frozen=True, slots=True)
class Tab:
    """A saved view."""

    label: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Sum:
    """A figure of the foot: 金额合计 12,345.00."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class BulkVerb:
    """A button of the bar that appears on selection; posts ids and verb=name to `bulk_url`."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """Context name `page`, templates pages/list.html and, for htmx, pages/_rows.html.

    Filters are sent as GET to `url` with `after` left out; `next_url` carries the keyset position.
    """

    key: str  # remembers chosen columns, e.g. sales-orders
    title: str
    url: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    count: str = ""  # "1,104 张", of the filtered rows; empty when not counted
    sums: Sequence[Sum] = ()
    tabs: Sequence[Tab] = ()
    filters: Sequence[Field] = ()
    next_url: str = ""
    first_url: str = ""  # back to the first page, on later pages
    new_url: str = ""
    new_label: str = "新建"
    export_url: str = ""
    import_url: str = ""
    bulk_url: str = ""
    bulk: Sequence[BulkVerb] = ()
    empty: str = "没有符合条件的记录，试试清空筛选。"
    clear_url: str = ""  # 清空筛选, when filters are set
    subtitle: str = ""
    kept: dict[str, str] = field(default_factory=dict)  # parameters the filter form must keep

    @property
    def lines(self) -> Iterator[tuple[Row, list[tuple[Column, Cell]]]]:
        """Each row with its cells beside their columns."""
        return _paired(self.columns, self.rows)

    @property
    def selectable(self) -> bool:
        """Whether rows have a box to tick."""
        return bool(self.bulk)


def _paired(
    columns: Sequence[Column], rows: Sequence[Row]
) -> Iterator[tuple[Row, list[tuple[Column, Cell]]]]:
    for row in rows:
        yield row, list(zip(columns, row.cells, strict=True))
