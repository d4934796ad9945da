"""A stage for the pages without views or database: every sample at its name, and the small answers
that the islands ask for. Used by the browser tests and by `python -m tests.pages.preview`."""

import json
import mimetypes
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from hengcang.pages.editor import posted_lines
from tests.pages import sample_documents, samples

POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    "img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'"
)


class Stage(BaseHTTPRequestHandler):
    """GET /<sample>, /static/<file> and the fragments; POST /save answers 422, or 200 for `ok`."""

    posted: list[dict[str, Any]] = []

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        name = url.path.strip("/")
        text = parse_qs(url.query).get("q", [""])[0]
        if name.startswith("static/"):
            return self._file(name.removeprefix("static/"))
        if name in FRAGMENTS:
            template, context = FRAGMENTS[name]
            return self._answer(render_to_string(template, context(text)))
        if name not in samples.PAGES:
            return self._answer(render_to_string("404.html"), 404)
        template, context = samples.PAGES[name]
        if name == "list" and self.headers.get("HX-Request"):
            template = "pages/_rows.html"
        return self._answer(render_to_string(template, context()))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if urlsplit(self.path).path == "/resolve":
            answer = {"items": samples.answers(json.loads(body)["codes"])}
            return self._answer(json.dumps(answer), kind="application/json")
        form = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
        self.posted.append({"form": form, "lines": posted_lines(form)})
        if form.get("note") == "ok":
            return self._answer(render_to_string("pages/_editor.html", sample_documents.editor()))
        return self._answer(render_to_string("pages/_editor.html", sample_documents.errors()), 422)

    def _file(self, name: str) -> None:
        path = finders.find(name)
        if not path:
            return self._answer("", 404)
        kind = mimetypes.guess_type(name)[0] or "text/javascript"
        return self._answer(Path(str(path)).read_bytes(), kind=kind)

    def _answer(self, body: str | bytes, status: int = 200, kind: str = "text/html") -> None:
        content = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Silence: the tests say what went wrong."""


FRAGMENTS: dict[str, tuple[str, Any]] = {
    "suggest": ("pages/_suggest.html", samples.suggestions),
    "options": ("pages/_options.html", samples.options),
    "palette": ("pages/_palette.html", samples.palette),
    "side": ("pages/_side.html", lambda _: {"side": sample_documents.SIDE}),
    "peek": ("pages/_peek.html", lambda _: {"table": samples.item()["card"].tables[0]}),
}


@contextmanager
def stage() -> Any:
    """The address of a running stage; on loopback, any free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stage)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
