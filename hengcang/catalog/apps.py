"""The catalog context."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "hengcang.catalog"
    label = "catalog"
    default_auto_field = "django.db.models.BigAutoField"
