"""The identity context."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "hengcang.identity"
    label = "identity"
    default_auto_field = "django.db.models.BigAutoField"
