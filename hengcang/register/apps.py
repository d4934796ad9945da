"""The register context."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "hengcang.register"
    label = "register"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The clock knows what to run in every book."""
        from hengcang.register import schedule  # noqa: F401 - importing it is the point
