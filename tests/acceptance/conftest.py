"""A browser and programs in one book, as the pages' and the API's own tests have them."""

from tests.web.conftest import _today, login

__all__ = ["_today", "login"]
