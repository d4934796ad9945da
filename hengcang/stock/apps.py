"""The stock context."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "hengcang.stock"
    label = "stock"
    default_auto_field = "django.db.models.BigAutoField"
