"""The documents context."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "hengcang.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"
