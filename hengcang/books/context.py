"""What every template knows about the current book."""

from django.http import HttpRequest


def book(request: HttpRequest) -> dict[str, object]:
    """`book`: code and name of the 账套, or None on the page where one is chosen."""
    return {"book": getattr(request, "book", None)}
