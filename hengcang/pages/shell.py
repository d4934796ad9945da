"""What the frame around every page needs. Plain data: a view fills it, base.html shows it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of the side menu or a quick action; `hint` is its 拼音 initials, for Ctrl+K."""

    label: str
    url: str
    icon: str = "file-text"
    current: bool = False
    badge: int = 0  # things that wait for this user
    hint: str = ""


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """Entries under one heading that folds; with an empty label they stand alone.

    `key`: by what the browser remembers that it is open.
    """

    label: str
    items: Sequence[MenuItem]
    key: str = ""
    icon: str = "menu"
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the path above the page; the last has no address."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Shell:
    """Context name `shell`. Every page that extends pages/base.html needs it."""

    book_code: str
    book_name: str
    user_name: str
    today: str  # business date, 2026-11-24; date fields read 今天 and +7 from it
    menu: Sequence[MenuGroup]
    home_url: str
    palette_url: str  # GET ?q=…, answers pages/_palette.html
    logout_url: str  # POST
    settings_url: str = ""  # what users choose for themselves
    password_url: str = ""  # where users change their own password
    actions: Sequence[MenuItem] = ()  # functions of Ctrl+K that no menu entry has: 开销售单 …
    phone: Sequence[MenuItem] = ()  # up to four entries of the bar at the foot of a phone
    banner: str = ""  # e.g. 练习账套, shown in yellow above everything

    @property
    def initials(self) -> str:
        """The last two letters of the name, as a person is called at work."""
        return self.user_name[-2:]
