"""What must be set before Django reads its settings: tests never touch the data of `make run`."""

import contextlib
import os
import secrets
import shutil
import sys
import warnings
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOREIGN = ("HENGCANG_WEB_PROCESS", "HENGCANG_TLS", "HENGCANG_HOSTS", "HENGCANG_BOOK")


SHARED_MEMORY = Path("/dev/shm")
ENOUGH_BYTES = 2 * 1024**3


def _fast_folder() -> Path | None:
    """In memory, where there is enough: a database is copied there in 0.02 s instead of 0.7 s."""
    try:
        if shutil.disk_usage(SHARED_MEMORY).free < ENOUGH_BYTES:
            return None
    except OSError:
        return None
    return SHARED_MEMORY / f"hengcang-test-{_mark()}"


def _mark() -> str:
    """Which cluster is ours. Kept beside its passwords: another checkout at this very place finds
    neither, and begins anew instead of knocking at a door whose key is gone.
    """
    kept = ROOT / "var" / "test" / "cluster"
    kept.parent.mkdir(parents=True, exist_ok=True)
    mine = kept.with_name(f"cluster-{os.getpid()}")
    mine.write_text(secrets.token_hex(6))
    with contextlib.suppress(FileExistsError):
        os.link(mine, kept)  # of several processes that start together one is first
    mine.unlink()
    return kept.read_text()


def prepare() -> None:
    """Django is ready; its home is var/test, its server our own or that of TEST_DATABASE_URL."""
    sys.path.insert(0, str(ROOT))
    other = os.environ.get("TEST_DATABASE_URL", "")
    os.environ["HENGCANG_HOME"] = str(ROOT / "var" / ("test-other" if other else "test"))
    os.environ["HENGCANG_FORGETFUL"] = "1"
    os.environ["HENGCANG_CLUSTER"] = str(_fast_folder() or Path(os.environ["HENGCANG_HOME"]) / "pg")
    os.environ["HENGCANG_DIRECTORY"] = f"hc_directory_t{os.getpid()}"
    os.environ["DATABASE_URL"] = other
    os.environ["DJANGO_SETTINGS_MODULE"] = "hengcang.settings"
    for name in FOREIGN:
        os.environ.pop(name, None)
    warnings.filterwarnings("ignore", message="Got an error checking a consistent migration")
    import django
    from django.conf import settings

    assert not settings.configured, "unset DJANGO_SETTINGS_MODULE: the tests choose their settings"
    django.setup()
    _stop_the_calendar()
    # Else a test process started from here would read the settings before it comes to this line.
    del os.environ["DJANGO_SETTINGS_MODULE"]


def _stop_the_calendar() -> None:
    """In this process the books' business date is that of the tests, on whatever day they run."""
    from hengcang.ledger import queries
    from tests.worlds import TODAY

    of_the_clock = queries.terms_today
    queries.terms_today = lambda: replace(of_the_clock(), today=TODAY)
