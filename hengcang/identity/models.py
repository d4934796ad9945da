"""Users, roles and API keys of one book."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class Role(models.Model):
    """A bundle of permissions and visible field classes."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=40)
    permissions = ArrayField(models.CharField(max_length=60), default=list)
    field_classes = ArrayField(models.CharField(max_length=20), default=list)
    own_partners_only = models.BooleanField(default=False)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class User(AbstractBaseUser):
    """A person who logs in to this book. `warehouse_ids` None means every warehouse.

    `usual_warehouse_id`: where new documents of this person start; a wish, no scope.
    """

    username = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    roles = models.ManyToManyField(Role, related_name="users")
    warehouse_ids = ArrayField(models.BigIntegerField(), null=True, blank=True)
    usual_warehouse_id = models.BigIntegerField(null=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    objects = BaseUserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ("username",)

    def __str__(self) -> str:
        return self.name


class ApiKey(models.Model):
    """An opaque key of a program that acts for a user; only its SHA-256 is kept."""

    user = models.ForeignKey(User, models.PROTECT, related_name="api_keys")
    name = models.CharField(max_length=60)
    secret_sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_default=Now())
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class SetupToken(models.Model):
    """The one-time permission to make the first user of a book; only its hash is kept."""

    secret_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return "setup"
