"""Whatever happens at the gateway, is lost on the way, comes twice or late: in the end payment,
order and books say what the gateway says, once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Refused
from server.db.store import Store
from server.payments.asking import Ask
from server.payments.looking import call_off, look
from server.payments.rows import Payment
from server.payments.states import MONEY_CAME
from server.sandbox.transactions import Transaction
from server.sealed import Vault
from server.services import Services
from tests.helpers.fresh_store import copy_of, migrated
from tests.helpers.near_gateway import NearGateway
from tests.helpers.paid_orders import PaidShop
from tests.server.conftest import Clock

ACTS = ("pay", "settle", "deny", "expire_late", "charge_back", "give_back")
OURS = ("ask", "ask_again", "poll", "hear", "look", "call_off", "refund", "cancel_order")
_OFTEN = ("pay", "pay", "look", "look", "give_back", "poll", "hear", "refund", "cancel_order")
_STEP = st.tuples(
    st.sampled_from(ACTS + OURS + _OFTEN),
    st.integers(0, 7),
    st.sampled_from(["", "", "", "", "before", "after"]),
)


class _Place:
    url = "https://sandbox.invalid"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database that each run has a copy of."""
    return migrated(tmp_path_factory.mktemp("machine"))


class _Run:
    """One shop, one order, and what is done to it."""

    def __init__(self, store: Store) -> None:
        clock = Clock()
        services = Services(store, now_ms=clock, vault=Vault([bytes(32)]))
        self.gateway = NearGateway(clock)
        self.paid = PaidShop(services, _Place, connect=self.gateway.connect)  # type: ignore[arg-type]
        self.order = self.paid.order()
        self.asks: list[Ask] = []

    def do(self, what: str, number: int, lost: str) -> None:
        """One step; refusals are answers."""
        self.gateway.lost = lost
        try:
            if what in ACTS:
                self._at_gateway(what, number)
            else:
                getattr(self, what)(number)
        except Refused:
            pass
        finally:
            self.gateway.lost = ""

    def ask(self, _number: int) -> None:
        self.asks.append(self.paid.wanted(self.order))
        self.paid.ask(self.asks[-1])

    def ask_again(self, number: int) -> None:
        if self.asks:
            self.paid.ask(self.asks[number % len(self.asks)])

    def poll(self, number: int) -> None:
        self.paid.poll((20, 60, 180, 600, 900, 2_000, 4_000, 30_000)[number] * 1_000)

    def hear(self, number: int) -> None:
        heard = self.gateway.told.heard
        if heard:
            self.paid.hear(heard[number % len(heard)])

    def look(self, number: int) -> None:
        for at in self._payments(number):
            look(self.paid.paying, self.paid.shop, at.id)

    def call_off(self, number: int) -> None:
        for at in self._payments(number):
            call_off(self.paid.paying, self.paid.shop, at.id)

    def refund(self, number: int) -> None:
        for at in self._payments(number):
            self.paid.refund(at, (number + 1) * 4_000)

    def cancel_order(self, _number: int) -> None:
        at = self.paid.door.standings[self.order]
        if at.payment == "due":
            self.paid.door.standings[self.order] = at._replace(order="cancelled")

    def _at_gateway(self, what: str, number: int) -> None:
        there = self.gateway.book.all()
        if there:
            given = (4_000,) if what == "give_back" else ()
            getattr(self.gateway.book, what)(there[number % len(there)].id, *given)

    def _payments(self, number: int) -> list[Payment]:
        found = self.all()
        return [found[number % len(found)]] if found else []

    def all(self) -> list[Payment]:
        """Every attempt."""
        from server.payments import rows

        with self.paid.services.store.reading_shop(self.paid.shop) as tx:
            return rows.payments_of(tx, self.order)

    def check(self) -> None:
        """Everything is asked once more, then all sides say the same."""
        for at in self.all():
            look(self.paid.paying, self.paid.shop, at.id)
        there = {one.order_id: one for one in self.gateway.book.all()}
        net = 0
        for at in self.all():
            net += _check_one(at, there.get(at.provider_key))
        calls = self.paid.door.calls
        sums = {
            name: sum(c[2] for c in calls if c[0] == name)
            for name in ("settled", "refunded", "charged_back")
        }
        assert sums["settled"] - sums["refunded"] - sums["charged_back"] == net
        assert self.paid.balances(self.order)["clearing"] == net
        if self.all():
            self.paid.check_books()


def _check_one(at: Payment, there: Transaction | None) -> int:
    """A payment is as the gateway has it; what of its money is there."""
    if there is None:
        assert at.state in ("asking", "failed")
        return 0
    assert at.refunded == (there.refunded if there.settled_ms else 0)
    if there.status in ("settlement", "partial_refund", "refund"):
        if at.state == "charged_back":
            # Taken back, as far as we saw, and then settled after all: a person looks.
            assert at.trouble == "charged_back"
            return 0
        assert at.state in MONEY_CAME
        return at.amount - at.refunded
    assert at.state not in ("paid", "part_refunded", "refunded")
    return 0


@given(st.lists(_STEP, min_size=6, max_size=24))
@settings(suppress_health_check=list(HealthCheck), max_examples=60)
def test_in_the_end_all_sides_say_the_same(
    template: Path, steps: list[tuple[str, int, str]]
) -> None:
    with copy_of(template) as store:
        run = _Run(store)
        run.do("ask", 0, steps[0][2])
        for step in steps:
            run.do(*step)
        run.check()
