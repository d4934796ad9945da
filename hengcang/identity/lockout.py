"""How many wrong passwords are too many, in a quarter of an hour.

Five of one name from one address; twenty of one name from anywhere (many addresses, one victim);
fifty from one address (one address, many victims).
"""

from collections.abc import Sequence
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.db.models import QuerySet, Sum
from django.http import HttpRequest

PARAMETERS: Sequence[Sequence[str]] = (("username", "ip_address"), ("username",), ("ip_address",))
LIMITS = (5, 20, 50)
LOCKED = 100  # per cent of a limit


class LockoutHandler(AxesDatabaseHandler):  # type: ignore[misc]
    """Failures are counted in per cent of the limit they are nearest to."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Per cent of the fullest limit; axes locks at LOCKED."""
        counted = self.get_user_attempts(request, credentials)
        return max(
            _failures(attempts) * LOCKED // limit
            for attempts, limit in zip(counted, LIMITS, strict=True)
        )

    def reset_user_attempts(
        self, request: HttpRequest, credentials: dict[str, Any] | None = None
    ) -> int:
        """A right password forgives this name at this address only.

        Else an attacker with an account of his own could wipe the address's count again and again.
        """
        own = self.filter_user_attempts(request, credentials)[0]
        return int(own.delete()[0])


def client_address(request: HttpRequest) -> str:
    """Behind our own proxy: what it saw, the last of the list. Earlier ones can be made up."""
    return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or str(
        request.META.get("REMOTE_ADDR", "")
    )


def _failures(attempts: "QuerySet[Any]") -> int:
    return int(attempts.aggregate(total=Sum("failures_since_start"))["total"] or 0)
