"""The directory: which 账套 exist, where they are, and who changed that."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class BookState(models.TextChoices):
    ACTIVE = "active", "使用中"
    ARCHIVED = "archived", "已归档"
    UPGRADING = "upgrading", "升级中"
    TEMPLATE = "template", "模板"


class Book(models.Model):
    """One 账套: one company's books, in a database of its own."""

    code = models.CharField("编码", max_length=30, unique=True)
    name = models.CharField("名称", max_length=100)
    state = models.CharField("状态", max_length=10, choices=BookState, default=BookState.ACTIVE)
    database = models.CharField(max_length=63, unique=True)
    host = models.CharField(max_length=255, blank=True)  # empty: on the directory's own server
    port = models.CharField(max_length=5, blank=True)
    practice = models.BooleanField("练习账套", default=False, db_default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[a-z0-9][a-z0-9-]{1,29}$"), name="book_code"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=BookState.values), name="book_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class DirectoryLine(models.Model):
    """One act on the directory. A trigger refuses every change."""

    at = models.DateTimeField(db_default=Now())
    by = models.CharField("操作人", max_length=100)
    act = models.CharField("动作", max_length=40)
    book_code = models.CharField("账套", max_length=30)
    facts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.act} {self.book_code}"


class Bell(models.Model):
    """A hint that a book has jobs waiting, rung on their commit. Losing one costs a minute."""

    book_code = models.CharField(max_length=30, primary_key=True)
    rung_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.book_code
