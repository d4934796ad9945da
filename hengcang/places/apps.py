"""The places context."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "hengcang.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"
