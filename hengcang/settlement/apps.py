"""The settlement context."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "hengcang.settlement"
    label = "settlement"
    default_auto_field = "django.db.models.BigAutoField"
