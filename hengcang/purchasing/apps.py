"""The purchasing context."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "hengcang.purchasing"
    label = "purchasing"
    default_auto_field = "django.db.models.BigAutoField"
