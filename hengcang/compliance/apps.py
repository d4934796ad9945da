"""The compliance context."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "hengcang.compliance"
    label = "compliance"
    default_auto_field = "django.db.models.BigAutoField"
