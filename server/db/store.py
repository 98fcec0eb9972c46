"""The one door to the database: transactions of one shop, and of the directory.

    with store.shop(shop_id) as tx:
        tx.run(update(device).where(device.c.shop_id == SHOP, ...).values(...))

Durable when the block ends, or nothing happened. A transaction is never opened inside another.
"""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any, Final, TypeVar

import psycopg
from sqlalchemy import Connection, select

from server.db.engine import BUSY_MS, make_engine
from server.db.errors import as_refusal, breaks_commit, is_lost, may_be_repeated
from server.db.schema.directory import known_shop
from server.db.transaction import ShopTx, Tx
from server.db.url import parse_address
from server.failures import CameTogether, DatabaseBusy, OutcomeUnknown

Result = TypeVar("Result")

LOCK_TIMEOUT_MS: Final = 3_000
STATEMENT_TIMEOUT_MS: Final = 15_000
TRIES: Final = 5
_FIRST_PAUSE_S: Final = 0.02
_LIMITS: Final = (
    f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}; "
    f"SET LOCAL statement_timeout = {STATEMENT_TIMEOUT_MS}"
)
_WRITING: Final = "ISOLATION LEVEL READ COMMITTED"
_BY_INDEX: Final = "READ ONLY; SET LOCAL enable_seqscan = off"
_FLEETING: Final = f"{_WRITING}; SET LOCAL synchronous_commit = off"


class Store:
    """A database of the server, on either engine."""

    def __init__(
        self,
        address: str,
        *,
        connections: int = 8,
        chance: Callable[[], float] = random.random,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Nothing is connected before the first transaction.

        `chance` (0 to 1) and `sleep` (seconds) serve the pauses between tries.

        Raises:
            BadAddress: the address cannot be read.
        """
        self.url = parse_address(address)
        self.engine = make_engine(self.url, connections)
        self.is_postgresql = self.engine.dialect.name == "postgresql"
        self._chance = chance
        self._sleep = sleep
        self._here = threading.local()
        # SQLite lets one write; its own waiting polls and is unfair to who came first.
        self._writer = threading.Lock()

    def shop(self, shop_id: bytes, *, lasting: bool = True) -> AbstractContextManager[ShopTx]:
        """A writing transaction of one shop (READ COMMITTED; on SQLite the only writer).

        Not `lasting`: a crash of PostgreSQL within half a second may undo it.

        Raises:
            DatabaseBusy: a lock was not given in time; nothing was changed.
            DatabaseUnreachable: no connection; nothing was changed.
            OutcomeUnknown: the connection broke at COMMIT.
        """
        mode = "" if lasting or not self.is_postgresql else _FLEETING
        return self._transaction(lambda connection: ShopTx(connection, shop_id), shop_id, mode)

    def directory(self, *, lasting: bool = True) -> AbstractContextManager[Tx]:
        """A writing transaction of the directory, which sees no shop's table.

        Not `lasting`: it lasts once a later transaction does, since PostgreSQL writes one log in
        order; where shops lie on machines with logs of their own, it lasts by itself all the same.
        """
        is_spread = self.engine.get_execution_options().get("distributed")
        mode = "" if lasting or is_spread or not self.is_postgresql else _FLEETING
        return self._transaction(Tx, None, mode)

    def reading_shop(
        self, shop_id: bytes, *, snapshot: bool = False
    ) -> AbstractContextManager[ShopTx]:
        """A reading transaction of one shop; `snapshot`: all statements see the same moment."""
        mode = "ISOLATION LEVEL REPEATABLE READ READ ONLY" if snapshot else "READ ONLY"
        return self._transaction(lambda connection: ShopTx(connection, shop_id), shop_id, mode)

    def reading_directory(self, *, by_index: bool = False) -> AbstractContextManager[Tx]:
        """A reading transaction of the directory; `by_index`: no table is gone through row by row,
        however many rows PostgreSQL believes that a pattern finds."""
        return self._transaction(Tx, None, _BY_INDEX if by_index else "READ ONLY")

    def in_shop(
        self, shop_id: bytes, work: Callable[[ShopTx], Result], *, lasting: bool = True
    ) -> Result:
        """Run `work` in a transaction of a shop, whole again after a deadlock or a lost connection.

        `work` may run up to five times and must leave nothing behind but what it wrote.
        """
        return self._again(lambda: self.shop(shop_id, lasting=lasting), work)

    def in_directory(self, work: Callable[[Tx], Result], *, lasting: bool = True) -> Result:
        """Run `work` in a transaction of the directory, as `in_shop` does."""
        return self._again(lambda: self.directory(lasting=lasting), work)

    def shop_ids(self) -> list[bytes]:
        """Every shop, oldest first: work for all shops goes from one to the next."""
        statement = select(known_shop.c.shop).order_by(known_shop.c.created_ms, known_shop.c.shop)
        with self.reading_directory() as tx:
            return [row.shop for row in tx.rows(statement)]

    def close(self) -> None:
        """Close every connection that is not in use."""
        self.engine.dispose()

    def _again(
        self, begin: Callable[[], AbstractContextManager[Any]], work: Callable[[Any], Result]
    ) -> Result:
        for pause in range(TRIES):
            try:
                with begin() as tx:
                    return work(tx)
            except Exception as error:
                cause = error.__cause__ or error
                again = may_be_repeated(cause) or isinstance(error, CameTogether)
                if pause == TRIES - 1 or not again or _unknown(error):
                    raise
            self._sleep(self._chance() * _FIRST_PAUSE_S * 2**pause)
        raise AssertionError("unreachable")

    @contextmanager
    def _transaction(
        self, make: Callable[[Connection], Any], shop_id: bytes | None, mode: str
    ) -> Iterator[Any]:
        assert not getattr(self._here, "open", False), "a transaction inside another"
        self._here.open = True
        writes_sqlite = not self.is_postgresql and not mode
        if writes_sqlite and not self._writer.acquire(timeout=BUSY_MS / 1000):
            self._here.open = False
            raise DatabaseBusy()
        try:
            with self._begun(shop_id, mode) as connection:
                tx = make(connection)
                with tx.until_commit:
                    yield tx
                    self._commit(connection, tx.until_commit)
        except Exception as error:
            refusal = as_refusal(error)
            if refusal is None:
                raise
            raise refusal from error
        finally:
            if writes_sqlite:
                self._writer.release()
            self._here.open = False
        tx.committed()

    @contextmanager
    def _begun(self, shop_id: bytes | None, mode: str) -> Iterator[Connection]:
        connection = self._begin(shop_id, mode)
        try:
            yield connection
        except BaseException:
            self._roll_back(connection)
            raise
        finally:
            connection.close()

    def _begin(self, shop_id: bytes | None, mode: str) -> Connection:
        text = self._begin_text(shop_id, mode)
        for last in (False, True):
            connection = self.engine.connect()
            try:
                self._say(connection, text)
                return connection
            except BaseException as error:
                connection.invalidate()
                connection.close()
                if last or not is_lost(error):
                    raise
                # The database was restarted: what lies in the pool is as dead as this one.
                self.engine.dispose()
        raise AssertionError("unreachable")

    def _begin_text(self, shop_id: bytes | None, mode: str) -> str:
        if not self.is_postgresql:
            return "BEGIN" if mode else "BEGIN IMMEDIATE"
        text = f"BEGIN {mode or _WRITING}; {_LIMITS}"
        if shop_id is None:
            return text
        # As text from a parsed UUID: SET takes no parameter, and set_config is not carried to the
        # machines of a distributed engine.
        return f"{text}; SET LOCAL app.shop = '{uuid.UUID(bytes=shop_id)}'"

    def _say(self, connection: Connection, text: str) -> Any:
        driver: Any = connection.connection.driver_connection
        if self.is_postgresql:
            # The driver's plain cursor: only without binary rows may statements go together.
            return psycopg.Cursor(driver).execute(text, prepare=False)
        return driver.execute(text)

    def _commit(self, connection: Connection, until: ExitStack) -> None:
        try:
            with until:
                done = self._say(connection, "COMMIT")
        except Exception as error:
            if self.is_postgresql and breaks_commit(error):
                raise OutcomeUnknown() from error
            raise
        if self.is_postgresql and done.statusmessage != "COMMIT":
            raise AssertionError("committed a transaction in which a statement had failed")

    def _roll_back(self, connection: Connection) -> None:
        # One that was given up is closed, and nothing of it lasts: another is not opened for it.
        if connection.invalidated:
            return
        try:
            self._say(connection, "ROLLBACK")
        except Exception:
            connection.invalidate()


def _unknown(error: BaseException) -> bool:
    return isinstance(error, OutcomeUnknown)
