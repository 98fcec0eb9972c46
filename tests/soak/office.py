"""The server's side of a run: its database, its process that is killed, its dumps."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from server.db.store import Store
from server.services import Services
from server.shops.editing import change_document
from tests.helpers.postgres import OWNER, Addresses, Cluster, _programs
from tests.helpers.process import ROOT
from tests.helpers.server_process import environment, server_command
from tests.soak import patience
from tests.soak.log import Log

STARTS_S = 120.0
NEWS_S = 120.0
_APP_BACKENDS = "SELECT pid FROM pg_stat_activity WHERE usename='huyula_app' ORDER BY pid"


class Office:
    """One server: what it promised, and what people do at its terminal."""

    def __init__(self, cluster: Cluster, place: Path, log: Log, seed: int) -> None:
        """A database with its tables; nothing is served yet."""
        self._cluster, self._place, self._log = cluster, place, log
        self._chance = random.Random(f"office {seed}")
        self._programs = _programs()
        self.logged = place / "server.log"
        self.addresses: Addresses = cluster.create()
        self._process: subprocess.Popen[str] | None = None
        self.port = 0
        self.promises: dict[tuple[bytes, int], bytes] = {}
        """What the server has acknowledged since it last went back in time: the hash of each."""
        self.lost: set[bytes] = set()
        """What a restore lost of what counters had sent, and of the server's own that they hold."""
        self._lock = threading.Lock()
        self._kept: Path | None = None
        self._dumped: set[bytes] = set()
        """What counters had sent before the last dump."""
        self._own_dumped: set[bytes] = set()
        """The server's own facts before it."""
        self.restored = 0
        self.command("migrate", owner=True)

    # -- its terminal

    def command(self, *words: str, owner: bool = False) -> list[Any]:
        """A command to its end; its answers."""
        address = self.addresses.owner if owner else self.addresses.app
        done = subprocess.run(
            server_command(address, *words), capture_output=True, text=True, timeout=300,
            env=environment(HUYULA_DB_OWNER=self.addresses.owner), cwd=ROOT,
        )  # fmt: skip
        if done.returncode:
            raise AssertionError(f"huyula-server {' '.join(words)}: {done.stdout}{done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def add_shop(self, name: str) -> bytes:
        """A shop; its id."""
        return uuid.UUID(self.command("shop", "add", name)[0]["shop"]).bytes

    def code(self, shop: bytes) -> str:
        """A code for a counter."""
        return str(self.command("device", "code", str(uuid.UUID(bytes=shop)))[0]["code"])

    def edit(self) -> None:
        """The owner changes a price of each shop on the web: a fact of the server's own."""
        with contextlib.closing(Store(self.addresses.app)) as store:
            for shop, product, price in self.rows(
                "SELECT DISTINCT ON (shop_id) shop_id, product_id, price FROM product"
                " ORDER BY shop_id, product_id"
            ):
                wanted = price + self._chance.randint(1, 99) * 100
                change_document(
                    Services(store), shop, "product", product,
                    {"price": price}, {"price": wanted}, b"",
                )  # fmt: skip
                self._log.count("owner's edits")
        self._log.tell("server", "the owner has changed prices")

    # -- its process

    def start(self) -> None:
        """Serve, from the second time on at the same port."""
        with self.logged.open("a") as log:
            self._process = subprocess.Popen(
                server_command(self.addresses.app, "serve", "--port", str(self.port)),
                stdout=subprocess.PIPE, stderr=log, text=True, env=environment(), cwd=ROOT,
            )  # fmt: skip
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if '"port"' not in line:
            raise AssertionError(f"the server did not start: {line}{self.tail()}")
        self.port = int(json.loads(line)["port"])
        self._log.tell("server", "serves")

    def kill(self) -> None:
        """SIGKILL, in the middle of whatever it does."""
        assert self._process is not None
        assert self._process.poll() is None, f"the server ended by itself: {self.tail()}"
        self._process.send_signal(signal.SIGKILL)
        self._end()
        self._log.count("server killed")
        self._log.tell("server", "kill -9")

    def stop(self) -> int:
        """Ask it to end (SIGTERM); its exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._end()

    def _end(self) -> int:
        assert self._process is not None
        assert not patience.hangs(STARTS_S, self._has_ended), f"it does not end: {self.tail()}"
        code = self._process.returncode
        if self._process.stdout is not None:
            self._process.stdout.close()
        return code

    def _has_ended(self, wait_s: float) -> bool:
        assert self._process is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(wait_s)
        return self._process.returncode is not None

    def close(self) -> None:
        """No process is left."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._end()

    def keep(self) -> None:
        """Dump the database as it is in the end, beside all other files."""
        self._tool("pg_dump", "-f", str(self._place / "end.sql"), self.addresses.superuser)

    def tail(self) -> str:
        """The end of its log."""
        return "\n".join(self.logged.read_text().splitlines()[-15:])

    # -- disasters

    def promised(self, device: bytes, seq: int, digest: bytes) -> None:
        """An answer that left the server acknowledged an entry."""
        with self._lock:
            self.promises[device, seq] = digest

    def crash_database(self) -> None:
        """SIGKILL to one backend: PostgreSQL ends all others and plays its log back."""
        with self._connected() as seen:
            found = seen.execute(_APP_BACKENDS).fetchone()
            if found is None:
                return
            os.kill(int(found[0]), signal.SIGKILL)
            self._log.count("database crashed")
            self._log.tell("database", "a backend is killed; all begin anew")
            deadline = time.monotonic() + STARTS_S
            with contextlib.suppress(psycopg.OperationalError):
                while time.monotonic() < deadline:  # until this connection, too, is ended
                    seen.execute("SELECT 1")
                    time.sleep(0.02)
        self._connected().close()

    def _connected(self) -> psycopg.Connection[Any]:
        """A connection as the superuser; waits while the database plays its log back."""
        deadline = time.monotonic() + STARTS_S
        while True:
            try:
                return psycopg.connect(self.addresses.superuser, autocommit=True)
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def dump(self) -> None:
        """`pg_dump` while everybody writes."""
        self._dumped, self._own_dumped = self._of_counters(), self._of_server()
        self._kept = self._place / f"{time.monotonic_ns()}.dump"
        self._tool("pg_dump", "-Fc", "-f", str(self._kept), self.addresses.superuser)
        self._log.count("dumps")
        self._log.tell("database", f"dumped, {self._kept.stat().st_size} bytes")

    def restore(self, held: Callable[[], set[bytes]]) -> None:
        """Play the last dump back into a fresh database, and say so, as docs/operations.md has it.

        Before that, what was acknowledged must be in the database that is given up. `held` gives
        the hashes of all that counters hold.
        """
        assert self._kept is not None, "a dump was planned before"
        self._wait_for_news(held)
        self.kill()
        self.check_promises()
        before, own = self._of_counters(), self._of_server() & held()
        old, self.addresses = self.addresses, self._cluster.create("template0", owner=OWNER)
        self._tool("pg_restore", "-d", self.addresses.superuser, "--exit-on-error", str(self._kept))
        with self._lock:
            self.promises.clear()
        missing = before - self._of_counters()
        own -= self._of_server()
        self.lost |= missing | own
        self._log.count("entries that a restore lost", len(missing))
        self._log.count("server's own entries that a restore lost", len(own))
        self.command("restored", "--reason", "soak")
        self._cluster.drop(old)
        self.restored += 1
        self._log.count("server restored")
        self._log.tell("server", f"restored; {len(missing)} and {len(own)} entries are gone")
        self.edit()  # the server's own line goes on before any counter has come back
        self.start()

    def _wait_for_news(self, held: Callable[[], set[bytes]]) -> None:
        """A restore that loses nothing proves nothing: until a counter has sent something since
        the dump, and one has heard something of the server's own; but nobody waits for ever."""
        deadline = time.monotonic() + NEWS_S
        while time.monotonic() < deadline and not self._log.ended.wait(0.2):
            heard = (self._of_server() - self._own_dumped) & held()
            if heard and not self._of_counters() <= self._dumped:
                return

    def _tool(self, program: str, *words: str) -> None:
        done = subprocess.run(
            [str(self._programs / program), *words], capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, f"{program}: {done.stderr}"

    # -- looking

    def rows(self, sql: str, **values: Any) -> list[Any]:
        """Rows, as the superuser; `:name` stands for a value and an id is bytes, as the simulator
        has it."""
        sql = sql.replace("%", "%%")
        for name in sorted(values, key=len, reverse=True):
            sql = sql.replace(f":{name}", f"%({name})s")
        given = {name: _as_uuid(value) for name, value in values.items()}
        with self._connected() as connection:
            found = connection.execute(sql, given or None).fetchall()  # type: ignore[arg-type]
        return [tuple(map(_as_bytes, row)) for row in found]

    def stored(self) -> set[bytes]:
        """The hashes of all that the server has, also what came back inside another entry."""
        return {
            bytes(row[0])
            for row in self.rows("SELECT hash FROM entry UNION SELECT hash FROM carried")
        }

    def _of_counters(self) -> set[bytes]:
        """The hashes of what counters sent."""
        return {
            bytes(row[0])
            for row in self.rows(
                "SELECT e.hash FROM entry e JOIN device d ON d.device=e.device UNION"
                " SELECT hash FROM carried"
            )
        }

    def _of_server(self) -> set[bytes]:
        """The hashes of the server's own facts."""
        rows = self.rows("SELECT hash FROM entry WHERE device NOT IN (SELECT device FROM device)")
        return {bytes(row[0]) for row in rows}

    def check_promises(self) -> None:
        """What was acknowledged is stored.

        Raises:
            AssertionError: an entry is missing that a counter was told to be safe.
        """
        with self._lock:
            promises = dict(self.promises)
        stored = self.stored()
        for (device, seq), digest in promises.items():
            assert digest in stored, f"{device.hex()}:{seq} was acknowledged and is not there"
        self._log.count("acknowledged and checked", len(promises))


def _as_uuid(value: Any) -> Any:
    """Ids are uuid in PostgreSQL; hashes, which are longer, are bytes."""
    is_id = isinstance(value, bytes) and len(value) == 16
    return uuid.UUID(bytes=value) if is_id else value


def _as_bytes(value: Any) -> Any:
    return value.bytes if isinstance(value, uuid.UUID) else value
