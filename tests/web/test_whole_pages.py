"""Every address is a page that the browser tests open, or is known to be none."""

from hengcang.web import urls
from tests.conftest import BookClient
from tests.web.conftest import Login
from tests.web.masters.walks import patterns, with_costs
from tests.web.whole_pages import NO_PAGE, whole_pages
from tests.worlds import world


def test_every_address_is_a_page_or_known_to_be_none(
    book: object, web: BookClient, login: Login
) -> None:
    made = world()
    documents = with_costs(made)
    login()
    pages = {name for name, _ in whole_pages(web, made, documents)}
    everything = {str(pattern.name) for pattern in patterns(urls.urlpatterns)}
    opened = sorted(pages & NO_PAGE.keys())
    unknown = sorted(everything - pages - NO_PAGE.keys())  # or pages that walks.py cannot open
    assert (opened, unknown) == ([], [])
