"""Django app of the directory."""

from django.apps import AppConfig
from django.core.checks import register


class BooksConfig(AppConfig):
    name = "hengcang.books"
    label = "books"
    verbose_name = "账套目录"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hengcang.books import assets

        register(assets.check_built)
