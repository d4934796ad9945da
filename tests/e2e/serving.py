"""The real pages on a port of this machine, served from this process."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.test import override_settings

PLAIN_FILES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


class Silent(WSGIRequestHandler):  # type: ignore[misc]
    """The tests say what went wrong."""

    def log_message(self, *args: object) -> None: ...


@contextmanager
def served(port: int = 0) -> Iterator[str]:
    """The address of a server with the whole application and its static files."""
    # Playwright's loop runs in this thread; Django must not take it for an async view.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with override_settings(STORAGES=PLAIN_FILES):
        server = ThreadedWSGIServer(("127.0.0.1", port), Silent, connections_override={})
        server.set_app(StaticFilesHandler(WSGIHandler()))
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        server.server_close()
        thread.join()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
