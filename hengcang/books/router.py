"""Which database a table lives in."""

from typing import Any

DIRECTORY = "directory"


class BookRouter:
    """The directory's tables live in `directory`, every other table in each book's database."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return DIRECTORY if model._meta.app_label == "books" else None

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool | None:
        return bool((one._meta.app_label == "books") == (other._meta.app_label == "books"))

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return (db == DIRECTORY) == (app_label == "books")
