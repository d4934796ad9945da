"""The outbox context."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "hengcang.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"
