"""The partners context."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "hengcang.partners"
    label = "partners"
    default_auto_field = "django.db.models.BigAutoField"
