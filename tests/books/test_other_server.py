"""A PostgreSQL of the operator's (DATABASE_URL) serves as well as our own: here Debian's oldest."""

import os
import pwd
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hengcang.books.cluster import SYSTEM_USER
from hengcang.books.server import Dsn
from tests.environment import ROOT

DEBIAN = Path("/usr/lib/postgresql")
OLDEST = 15
PORT = "5415"


def _programs() -> Path | None:
    versions = sorted(int(path.name) for path in DEBIAN.glob("[0-9]*") if path.name.isdigit())
    fitting = [version for version in versions if version >= OLDEST]
    return DEBIAN / str(fitting[0]) / "bin" if fitting else None


def _run(program: Path, *arguments: str) -> None:
    identity: dict[str, object] = {}
    if os.geteuid() == 0:
        user = pwd.getpwnam(SYSTEM_USER)
        identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    subprocess.run(  # type: ignore[call-overload]
        [str(program), *arguments],
        check=True,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **identity,
    )


@pytest.fixture
def address(template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of a fresh server, for a role that may make databases and roles but is no superuser."""
    programs = _programs()
    if programs is None:
        pytest.skip(f"no PostgreSQL >= {OLDEST} below {DEBIAN}: apt-get install postgresql")
    folder = Path(f"/dev/shm/hc-other-{os.getpid()}")
    if not folder.parent.is_dir():
        folder = tmp_path_factory.mktemp("other")
    folder.mkdir(exist_ok=True, mode=0o700)
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam(SYSTEM_USER).pw_uid, -1)
    data = folder / "data"
    _run(programs / "initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8")
    with (data / "postgresql.conf").open("a") as file:
        file.write(f"unix_socket_directories='{folder}'\nport={PORT}\nfsync=off\n")
        file.write("listen_addresses=''\n")
    _run(programs / "pg_ctl", "-D", str(data), "-l", str(folder / "log"), "-w", "start")
    with Dsn(str(folder), PORT, "postgres", "postgres", "").connect() as admin:
        admin.execute("CREATE ROLE operator LOGIN CREATEDB CREATEROLE PASSWORD 'of the operator'")
    (data / "pg_hba.conf").write_text("local all all scram-sha-256\n")
    _run(programs / "pg_ctl", "-D", str(data), "reload")
    yield f"postgresql://operator:of%20the%20operator@/postgres?host={folder}&port={PORT}"
    _run(programs / "pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    subprocess.run(["rm", "-rf", str(folder)], check=True)


def test_the_switch_and_the_fences_hold_there_too(address: str) -> None:
    files = ["tests/books/test_switch.py", "tests/books/test_fences.py"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:xdist", "-p", "no:cacheprovider", *files],
        cwd=ROOT,
        env={**os.environ, "TEST_DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=False,
    )
    failures = [line for line in done.stdout.splitlines() if line.startswith("E  ")]
    assert done.returncode == 0, "\n".join(failures[:20])
