"""Static files with their hash in the name, so that a browser may keep them for ever."""

import hashlib
import shutil
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.checks import Error
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

NOT_BUILT = "还没有前端资源：请在源代码目录运行 make run（或 make assets）。"


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """A page never fails for want of a file: an unknown name is served as it is."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        try:
            return str(super().stored_name(name))
        except ValueError:  # not collected: no build yet, or a test without one
            return name


def collect() -> None:
    """STATIC_ROOT holds the static files of this version, hashed and compressed."""
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".stamp"
    wanted = _fingerprint()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    shutil.rmtree(root)
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(wanted)


def are_built() -> bool:
    """Whether the front end was built, or came with the wheel."""
    return bool(settings.STATICFILES_DIRS)


def check_built(**_: object) -> list[Error]:
    """For `hengcang manage check`."""
    return [] if are_built() else [Error(NOT_BUILT, id="books.E001")]


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
