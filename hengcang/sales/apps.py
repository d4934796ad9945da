"""The sales context."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "hengcang.sales"
    label = "sales"
    default_auto_field = "django.db.models.BigAutoField"
