"""Django app of the directory."""

from django.apps import AppConfig


class BooksConfig(AppConfig):
    name = "hengcang.books"
    label = "books"
    verbose_name = "账套目录"
    default_auto_field = "django.db.models.BigAutoField"
