"""List pages."""

import pytest

from hengcang.register.kinds import KINDS
from tests.conftest import BookClient
from tests.web.conftest import Login
from tests.worlds import world


@pytest.mark.parametrize("plural", [kind.plural for kind in KINDS])
def test_a_list_renders(web: BookClient, login: Login, plural: str) -> None:
    world()
    login()
    answer = web.get(f"/{plural}/")
    assert answer.status_code == 200
