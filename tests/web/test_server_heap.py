"""What stays as long as the server is out of the garbage collector's way."""

import subprocess
import sys


def test_the_collector_does_not_walk_through_the_pages_while_somebody_waits() -> None:
    """A full collection of a server without this took 326 ms, in the middle of a request."""
    asked = (
        "import gc, sys, hengcang.wsgi;"
        "print('hengcang.web.documents.desks' in sys.modules, gc.get_freeze_count() > 100_000,"
        " len(gc.get_objects()) < 10_000)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=60
    )
    assert answer.stdout.split() == ["True", "True", "True"]
