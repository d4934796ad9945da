"""The ledger context."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "hengcang.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
