"""Anything in any order, against a model that only adds: after each step everything is proved."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from core.ledger import BelowFloor, NotOpen, NotReversible
from server.db.store import Store
from server.ledger.holds import expire_holds
from server.ledger.sealing import NothingSealed, seal
from server.services import Services
from tests.helpers.memory_store import ready_file
from tests.helpers.postgres import Cluster

_ACCOUNTS = ("cash", "sales", "ani", "budi", "order")
_SIDE = {"cash": 1, "sales": -1, "ani": -1, "budi": -1, "order": 1}
_FLOOR = {"ani": 0, "budi": 0}
_WATCHED = {"ani", "budi", "order"}
_DAY_MS = 86_400_000
accounts = st.sampled_from(_ACCOUNTS)
amounts = st.integers(1, 40)


class Ledger(RuleBasedStateMachine):
    """Books in a database beside a dict of balances."""

    make_books: ClassVar[Any]

    def __init__(self) -> None:
        super().__init__()
        self.books = self.make_books()
        self.balance = dict.fromkeys(_ACCOUNTS, 0)
        self.entries: dict[bytes, list[tuple[str, str, int]]] = {}
        self.undone: set[bytes] = set()
        self.holds: dict[bytes, tuple[str, str, int, int]] = {}

    def _held(self, account: str) -> int:
        return sum(
            amount
            for debit, credit, amount, _ in self.holds.values()
            if (account == debit and _SIDE[account] < 0)
            or (account == credit and _SIDE[account] > 0)
        )

    def _fits(self, postings: list[tuple[str, str, int]]) -> bool:
        after = self._after(postings)
        return all(after[a] - self._held(a) >= floor for a, floor in _FLOOR.items())

    def _after(self, postings: list[tuple[str, str, int]]) -> dict[str, int]:
        after = dict(self.balance)
        for debit, credit, amount in postings:
            after[debit] += _SIDE[debit] * amount
            after[credit] -= _SIDE[credit] * amount
        return after

    def _try(self, postings: list[tuple[str, str, int]], act: Any) -> None:
        if self._fits(postings):
            self.entries[act().id] = postings
            self.balance = self._after(postings)
        else:
            with pytest.raises(BelowFloor):
                act()

    def _ids(self, postings: list[tuple[str, str, int]]) -> list[tuple[bytes, bytes, int]]:
        return [(getattr(self.books, d), getattr(self.books, c), n) for d, c, n in postings]

    @rule(postings=st.lists(st.tuples(accounts, accounts, amounts), min_size=1, max_size=3))
    def transfer(self, postings: list[tuple[str, str, int]]) -> None:
        postings = [one for one in postings if one[0] != one[1]]
        if postings:
            entry = self.books.entry(*self._ids(postings))
            self._try(postings, lambda: self.books.post(entry))

    @rule(chance=st.randoms(use_true_random=False))
    def take_back(self, chance: Any) -> None:
        if not self.entries:
            return
        key = chance.choice(sorted(self.entries))
        if key in self.undone:
            with pytest.raises(NotReversible):
                self.books.reverse(key)
            return
        back = [(credit, debit, amount) for debit, credit, amount in self.entries[key]]
        before = len(self.entries)
        self._try(back, lambda: self.books.reverse(key))
        if len(self.entries) > before:
            # A reversal is itself never taken back.
            self.undone |= {key, next(reversed(self.entries))}

    @rule(debit=accounts, credit=accounts, amount=amounts, lasts=st.integers(1, 5))
    def hold(self, debit: str, credit: str, amount: int, lasts: int) -> None:
        lowers = (debit in _WATCHED and _SIDE[debit] < 0) or (
            credit in _WATCHED and _SIDE[credit] > 0
        )
        if debit == credit or not lowers:
            return
        until = self.books.services.now_ms.now_ms + lasts * _DAY_MS
        lowered = [(debit, credit, amount)]
        after = self._after(lowered)
        fits = all(
            min(after[a], self.balance[a]) - self._held(a) >= floor for a, floor in _FLOOR.items()
        )

        def act() -> bytes:
            return self.books.held(*self._ids(lowered)[0], until)  # type: ignore[no-any-return]

        if fits:
            self.holds[act()] = (debit, credit, amount, until)
        else:
            with pytest.raises(BelowFloor):
                act()

    @rule(chance=st.randoms(use_true_random=False), part=st.integers(1, 40))
    def use(self, chance: Any, part: int) -> None:
        if not self.holds:
            return
        key = chance.choice(sorted(self.holds))
        debit, credit, amount, until = self.holds[key]
        if until <= self.books.services.now_ms.now_ms:
            with pytest.raises(NotOpen):
                self.books.use(key)
            return
        posting = [(debit, credit, min(part, amount))]
        del self.holds[key]
        self.entries[self.books.use(key, posting[0][2]).id] = posting
        self.balance = self._after(posting)

    @rule(chance=st.randoms(use_true_random=False))
    def void(self, chance: Any) -> None:
        if self.holds:
            key = chance.choice(sorted(self.holds))
            del self.holds[key]
            self.books.void(key)
            with pytest.raises(NotOpen):
                self.books.use(key)

    @rule(days=st.integers(0, 3))
    def pass_time(self, days: int) -> None:
        self.books.services.now_ms.pass_ms(days * _DAY_MS + 1)

    @rule()
    def expire(self) -> None:
        now = self.books.services.now_ms.now_ms
        due = {key for key, one in self.holds.items() if one[3] <= now}
        assert expire_holds(self.books.services, self.books.shop) == len(due)
        for key in due:
            del self.holds[key]

    @rule()
    def close_yesterday(self) -> None:
        with suppress(NothingSealed):
            seal(self.books.services, self.books.shop)

    @invariant()
    def everything_is_proved(self) -> None:
        assert self.books.differences() == []
        for account in _ACCOUNTS:
            found = self.books.balance(getattr(self.books, account))
            assert found.balance == self.balance[account], account
            assert found.held == (self._held(account) if account in _WATCHED else 0), account


@contextmanager
def _database(engine_name: str, request: pytest.FixtureRequest) -> Iterator[str]:
    if engine_name == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            place = f"sqlite:///{Path(folder) / 'server.db'}"
            ready_file(place)
            yield place
    else:
        cluster: Cluster = request.getfixturevalue("cluster")
        addresses = cluster.create(request.getfixturevalue("template"))
        yield addresses.app
        cluster.drop(addresses)


def test_any_sequence(engine_name: str, request: pytest.FixtureRequest) -> None:
    from tests.helpers.books import Books
    from tests.server.conftest import Clock

    numbers = itertools.count()
    with _database(engine_name, request) as address:
        store = Store(address)

        def make_books() -> Any:
            next(numbers)
            return Books(Services(store, now_ms=Clock()))

        machine = type("Machine", (Ledger,), {"make_books": staticmethod(make_books)})
        run_state_machine_as_test(  # type: ignore[no-untyped-call]
            machine,
            settings=settings(
                max_examples=15,
                stateful_step_count=25,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
        store.close()
    assert next(numbers) > 1
