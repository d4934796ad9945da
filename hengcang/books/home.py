"""The one folder an installation writes to, and the secrets kept in it."""

import os
import secrets
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def checkout() -> Path | None:
    """The source tree we run from, or None when installed from a wheel."""
    root = PACKAGE.parent
    return root if (root / "pyproject.toml").is_file() else None


def home() -> Path:
    """HENGCANG_HOME: data, secrets and logs. Made with nobody else allowed to list it."""
    root = checkout()
    fallback = root / "var" if root else Path.home() / ".local" / "share" / "hengcang"
    path = Path(os.environ.get("HENGCANG_HOME") or fallback).expanduser().absolute()
    if not path.is_dir():
        path.mkdir(parents=True)
        # As root the database runs as another user, who must be able to pass through.
        path.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return path


def secret(name: str) -> str:
    """The random secret of that name, made once, readable by us alone (mode 0600)."""
    folder = home() / "secrets"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / name
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _written(path)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text()


def _written(path: Path) -> str:
    """What another process wrote, or is just about to have written."""
    for _ in range(1000):
        if text := path.read_text():
            return text
    raise RuntimeError(f"empty secret file: {path.name}")
