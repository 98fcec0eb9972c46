"""The real server of a run: its database in memory, its process mortal, its backups bytes."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from core.facts.base import Fact
from core.facts.sync import DocumentsMerged
from core.journal import Entry
from pos.sync.wire import Received, Wire
from server.app.application import assemble
from server.config import Config
from server.db.quick import quick
from server.db.store import Store
from server.devices.pairing import make_code
from server.orders.http import order_routes
from server.orders.sweeping import watch_all
from server.pictures.requests import picture_routes
from server.sealed import Vault
from server.services import PasswordCost, Services
from server.shops.adding import add_shop
from server.shops.editing import change_document
from server.sync.allotments import append_server_fact
from server.sync.confirming import confirm
from server.sync.http.routes import sync_routes
from server.sync.judging import judge_entry
from server.sync.restoring import begin_epochs
from server.sync.revoking import revoke
from tests.helpers.compiled import shared
from tests.helpers.memory_store import _template
from tests.simulation.holding import whole_hashes
from tests.simulation.nature import Fuse, Killed, Truth

VAULT = Vault([bytes(range(32))], random=bytes)


class FusedCursor(sqlite3.Cursor):
    """What SQLAlchemy sends a statement with."""

    connection: Lasting  # type: ignore[misc]

    def execute(self, *given: Any) -> sqlite3.Cursor:
        """One statement of a process that may be killed at it."""
        self.connection.fuse.burn()
        return super().execute(*given)

    def executemany(self, *given: Any) -> sqlite3.Cursor:
        """The same for many rows at once."""
        self.connection.fuse.burn()
        return super().executemany(*given)


class Lasting(sqlite3.Connection):
    """A database in memory that outlives the connections of killed processes.

    The fuse lies in the driver: an engine that somebody listens to would send every statement
    another way than the product does (`server.db.quick`).
    """

    fuse = Fuse()

    def cursor(self, *_: Any) -> sqlite3.Cursor:  # type: ignore[override]
        """A cursor that may be the last."""
        return FusedCursor(self)

    def execute(self, *given: Any) -> sqlite3.Cursor:
        """What is sent past SQLAlchemy: beginnings and ends, which `SimServer` counts, and what
        somebody looks at."""
        return sqlite3.Cursor(self).execute(*given)

    def executemany(self, *given: Any) -> sqlite3.Cursor:
        """Rows in bulk, which the product sends past SQLAlchemy: one statement."""
        return FusedCursor(self).executemany(*given)

    def close(self) -> None:
        """A process went away: what it had not committed is gone, the rest stays."""
        if self.in_transaction:
            self.execute("ROLLBACK")


def fused_quick(connection: Any, statement: Any, judge: Callable[[Any], None]) -> Any:
    """`server.db.quick.quick`, each of whose statements may be the last of a process."""
    way = quick(connection, statement, judge)
    driver = connection.connection.driver_connection
    if way is not None and isinstance(driver, Lasting):
        driver.fuse.burn()
    return way


def lasting_store(image: bytes, chance: random.Random, fuse: Fuse) -> Store:
    """A store on a database in memory with these bytes, of a process with this fuse."""
    store = shared(Store("sqlite://", chance=chance.random, sleep=lambda s: None))
    raw = sqlite3.connect(
        ":memory:", factory=Lasting, check_same_thread=False, isolation_level=None
    )
    raw.fuse = fuse
    store.engine.pool._creator = lambda: raw  # type: ignore[attr-defined]
    raw.deserialize(image)
    return store


class Backup(NamedTuple):
    """A copy of the whole database."""

    at: int
    image: bytes


class SimServer:
    """One server. A killed process leaves what was committed, and nothing it remembered."""

    def __init__(self, truth: Truth, chance: random.Random, shops: int) -> None:
        """Set up with so many shops."""
        self.truth, self.chance = truth, chance
        self.wrong_ms = 0
        self.fuse = Fuse()
        self.busy = 0
        self.backups: list[Backup] = []
        self.restored = 0
        self.merged: set[bytes] = set()
        self._loop = asyncio.new_event_loop()
        self.before_request: list[Callable[[], None]] = []
        self._use(lasting_store(_template(), chance, self.fuse))
        self.shops = [add_shop(self.services, f"Toko {place + 1}").id for place in range(shops)]
        with self._driver() as driver:
            self.empty = Backup(truth.now, driver.serialize())

    def _use(self, store: Store) -> None:
        self.store = store
        say = store._say

        def said(connection: Any, words: str) -> Any:
            if self.busy and words.startswith("BEGIN"):
                self.busy -= 1
                error = sqlite3.OperationalError("database is locked")
                error.sqlite_errorname = "SQLITE_BUSY"  # type: ignore[attr-defined]
                raise error
            if words == "COMMIT":
                self.fuse.burn()
            done = say(connection, words)
            if words == "COMMIT":
                self.fuse.burn()  # durable, and nobody will hear of it
            return done

        store._say = said  # type: ignore[method-assign]
        self.start()

    def start(self) -> None:
        """A new process on what is stored."""
        self.fuse.mend()
        self.services = Services(
            self.store,
            now_ms=lambda: self.truth.now + self.wrong_ms,
            random=self.chance.randbytes,
            password_cost=PasswordCost(1, 8, 1),
            vault=VAULT,
        )
        routes = [*sync_routes(), *order_routes(), *picture_routes()]
        self.app = assemble(self.services, Config(), routes=routes)

    def close(self) -> None:
        """The end."""
        self.store.close()
        self._loop.close()

    # -- the network's end

    def handle(self, wire: Wire) -> Received:
        """One request, whole.

        Raises:
            Killed: the process ended on the way; `start` it again.
        """
        for hook in self.before_request:
            hook()
        return self._loop.run_until_complete(self._exchange(wire))

    async def _exchange(self, wire: Wire) -> Received:
        heads: dict[str, Any] = {}
        parts: list[bytes] = []
        length = str(len(wire.body)).encode()
        headers = [(name.encode(), value.encode()) for name, value in wire.headers.items()]

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": wire.body, "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                heads.update(message)
            else:
                parts.append(message.get("body", b""))

        scope = {
            "type": "http", "method": wire.method, "path": wire.path, "scheme": "http",
            "raw_path": wire.path.encode(), "query_string": wire.query.encode(),
            "headers": [*headers, (b"content-length", length)], "http_version": "1.1",
            "client": ("10.0.0.1", 1), "server": ("huyula", 80),
        }  # fmt: skip
        await self.app(scope, receive, send)  # type: ignore[arg-type]
        found = {name.decode(): value.decode() for name, value in heads["headers"]}
        return Received(heads["status"], found, b"".join(parts))

    # -- what people do at the server

    def code(self, shop: bytes) -> str:
        """A pairing code."""
        self.rows("DELETE FROM rate")  # many counters, one address
        return make_code(self.services, shop).code

    def edit(self, shop: bytes, product: bytes, price: int) -> None:
        """The owner changes a price on the web."""
        rows = self.rows(
            "SELECT price FROM product WHERE shop_id=:shop AND product_id=:id",
            shop=shop,
            id=product,
        )
        if rows:
            change_document(
                self.services, shop, "product", product,
                {"price": rows[0][0]}, {"price": price}, b"",
            )  # fmt: skip

    def say(self, shop: bytes, fact: Fact) -> None:
        """A fact of the server's own."""
        with self.store.shop(shop) as tx:
            append_server_fact(tx, fact, now_ms=self.services.now_ms())

    def merge(self, shop: bytes, table: str) -> bool:
        """Two records are one thing."""
        rows = self.rows(
            f"SELECT {table}_id FROM {table} WHERE shop_id=:shop ORDER BY {table}_id", shop=shop
        )
        known = [bytes(row[0]) for row in rows if bytes(row[0]) not in self.merged]
        if len(known) < 4:
            return False
        source, target = self.chance.sample(known, 2)
        self.merged.add(source)
        self.say(shop, DocumentsMerged(table, source, target))  # type: ignore[arg-type]
        return True

    def judge_all(self, shop: bytes, *, some: bool = False) -> int:
        """The owner goes through what waits: what can be released is, the rest is set aside."""
        rows = self.rows(
            "SELECT hash, code FROM quarantine WHERE shop_id=:shop AND decision='' ORDER BY n",
            shop=shop,
        )
        for digest, code in rows[: self.chance.randint(1, 5)] if some else rows:
            never = code in ("unreadable", "damaged", "server_only")
            judge_entry(self.services, shop, bytes(digest), "set_aside" if never else "released")
        return len(rows)

    def confirm_all(self, shop: bytes) -> int:
        """The owner vouches for lines that nobody else vouched for."""
        rows = self.rows(
            "SELECT device FROM device WHERE shop_id=:shop AND state='unconfirmed'"
            " ORDER BY created_ms, device",
            shop=shop,
        )
        for (device,) in rows:
            confirm(self.services, shop, bytes(device))
        return len(rows)

    def revoke_one(self, shop: bytes) -> bytes | None:
        """A counter's trust is taken away."""
        rows = self.rows(
            "SELECT device FROM device WHERE shop_id=:shop AND state='trusted'"
            " ORDER BY created_ms, device",
            shop=shop,
        )
        if len(rows) < 2:
            return None
        device = bytes(self.chance.choice(rows)[0])
        revoke(self.services, shop, device)
        return device

    # -- disasters

    def back_up(self) -> None:
        """Keep a copy."""
        with self._driver() as driver:
            self.backups.append(Backup(self.truth.now, driver.serialize()))
        del self.backups[:-6]

    def restore(self, backup: Backup) -> None:
        """Bring a copy back, and do what the operator is told to do then."""
        self.store.close()
        store = lasting_store(backup.image, self.chance, self.fuse)
        self._use(store)
        self.restored += 1
        begin_epochs(self.services, "restored")
        watch_all(self.services)

    # -- looking

    @contextmanager
    def _driver(self) -> Iterator[Any]:
        connection = self.store.engine.raw_connection()
        try:
            yield connection.driver_connection
        finally:
            connection.close()

    def rows(self, sql: str, **values: Any) -> list[Any]:
        """Rows of the database, past the fuse and the guard: for looking only."""
        with self._driver() as driver:
            return list(driver.execute(sql, values))

    def hashes(self) -> set[bytes]:
        """Of every fact that is stored whole: as an entry, or carried in one, whatever its
        verdict."""
        rows = self.rows(
            "SELECT entry_shop, device, seq, kind, version, body, prev_hash, hash FROM entry"
        )
        return whole_hashes(Entry(*row) for row in rows)


__all__ = ["Backup", "Killed", "SimServer"]
