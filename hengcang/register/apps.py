"""The register context."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "hengcang.register"
    label = "register"
    default_auto_field = "django.db.models.BigAutoField"
