"""The pricing context."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "hengcang.pricing"
    label = "pricing"
    default_auto_field = "django.db.models.BigAutoField"
