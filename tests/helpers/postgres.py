"""A PostgreSQL of the tests' own: started on a free port, taken down by its process id.

PostgreSQL refuses to run as root; then its programs run as `postgres` (or `nobody`).
"""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg

OWNER = "huyula_owner"
APP = "huyula_app"
_MISSING = (
    "PostgreSQL's programs (initdb, postgres) are not here; "
    "run: sudo apt-get install --no-install-recommends postgresql"
)
_SETTINGS = ("listen_addresses=", "max_connections=120", "log_min_messages=fatal")
# Nothing of a test must survive a power cut: this makes databases in a fraction of the time.
_FLEETING = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "shared_buffers=64MB",
    "autovacuum=off",
)
_DURABLE = ("shared_buffers=1GB", "max_wal_size=4GB")


class Addresses(NamedTuple):
    """One database: as its tables' owner, as the service, and as superuser."""

    owner: str
    app: str
    superuser: str


class Cluster:
    """A running PostgreSQL; a database is copied from a template in hundredths of a second."""

    def __init__(self, folder: Path) -> None:
        """Use the cluster whose socket lies in `folder`."""
        self.folder = folder
        self._numbers = itertools.count(1)

    def address(self, database: str, user: str) -> str:
        """The address of a database for a user, over the socket."""
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def create(
        self, template: str = "template1", *, owner: str = OWNER, form: str = ""
    ) -> Addresses:
        """A new database, a copy of `template`; `form`: its encoding, in the words of SQL."""
        name = f"t{os.getpid()}_{next(self._numbers)}"
        with self._super() as connection:
            # Else every page goes through the log, from 15 on: more than twice as dear.
            how = "STRATEGY FILE_COPY" if connection.info.server_version >= 150_000 else ""
            connection.execute(
                f"CREATE DATABASE {name} TEMPLATE {template} OWNER {owner} {how} {form}"
            )
        return Addresses(
            self.address(name, OWNER), self.address(name, APP), self.address(name, "postgres")
        )

    def drop(self, addresses: Addresses) -> None:
        """Remove a database and whoever is still connected to it."""
        name = addresses.owner.partition("@/")[2].partition("?")[0]
        with self._super() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def prepare(self) -> None:
        """Make the roles."""
        with self._super() as connection:
            connection.execute(f"CREATE ROLE {OWNER} LOGIN")
            connection.execute(f"CREATE ROLE {APP} LOGIN")

    def _super(self) -> psycopg.Connection:
        return psycopg.connect(self.address("postgres", "postgres"), autocommit=True)


@contextlib.contextmanager
def running_cluster(*, durable: bool = False, logged: Path | None = None) -> Iterator[Cluster]:
    """Start a PostgreSQL in a folder of its own, stop it and remove the folder at the end.

    `durable`: with the settings of a server that people trust, for measuring. `logged`: a file for
    what it says; else nobody hears it.
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="huyula-pg-"))
    prefix = _as_other_user(folder)
    try:
        data = folder / "data"
        initdb = [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N"]
        options = ["-E", "UTF8", "--locale=C.UTF-8"]
        subprocess.run([*prefix, *map(str, initdb), *options], check=True, capture_output=True)
        settings = _SETTINGS + (_DURABLE if durable else _FLEETING)
        with _process(prefix, programs, folder, settings, logged):
            cluster = Cluster(folder)
            _wait(cluster)
            cluster.prepare()
            yield cluster
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _process(
    prefix: list[str],
    programs: Path,
    folder: Path,
    settings: tuple[str, ...],
    logged: Path | None = None,
) -> Iterator[None]:
    options = [word for one in settings for word in ("-c", one)]
    command = [str(programs / "postgres"), "-D", str(folder / "data"), "-k", str(folder), *options]
    with (logged or Path(os.devnull)).open("ab") as said:
        process = subprocess.Popen([*prefix, *command], stdout=subprocess.DEVNULL, stderr=said)
    try:
        yield
    finally:
        # SIGINT: PostgreSQL's fast shutdown, which does not wait for clients.
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(cluster: Cluster) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            cluster._super().close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _programs() -> Path:
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    on_path = shutil.which("initdb")
    for place in [*places, *([Path(on_path).resolve().parent] if on_path else [])]:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise RuntimeError(_MISSING)


def _version(place: Path) -> float:
    try:
        return float(place.parent.name)
    except ValueError:
        return 0.0


def _as_other_user(folder: Path) -> list[str]:
    """The words that run a command as somebody who is not root, who then owns the folder."""
    if os.geteuid() != 0:
        return []
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(folder, user.pw_uid, user.pw_gid)
        return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    raise RuntimeError("PostgreSQL does not run as root, and there is no user `postgres` here")
