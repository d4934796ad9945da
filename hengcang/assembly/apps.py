"""The assembly context."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "hengcang.assembly"
    label = "assembly"
    default_auto_field = "django.db.models.BigAutoField"
