"""Whatever buyers, shop, counters, clock and provider do in whatever order, and however often it is
said: books, stories and payments say the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Refused
from core.orders.standing import Actor, PayWay
from core.orders.steps import StepName
from server.db.store import Store
from server.orders.door import PaidOrders
from server.orders.placing import Buyer, Placed
from server.orders.stepping import take_steps
from server.orders.sweeping import sweep_shop
from server.payments import rows
from server.payments.accounts import Account, set_account
from server.payments.asking import Ask, ask
from server.payments.hearing import notified
from server.payments.looking import call_off, look
from server.payments.paying import Paying
from server.payments.polling import poll_due
from server.payments.provider import Line
from server.payments.refunding import Wish, refund
from server.payments.rows import Payment
from server.sealed import Vault
from server.services import Services
from tests.helpers.fresh_store import copy_of, migrated
from tests.helpers.near_gateway import NearGateway
from tests.helpers.orders import BUYER, open_shop, order, read, set_plain, stock_up
from tests.helpers.owing import check_all, check_statement, say
from tests.helpers.sandbox import KEY
from tests.server.conftest import Clock

AT_GATEWAY = ("pay", "settle", "deny", "charge_back", "give_back")
BY_BUYER: tuple[StepName, ...] = ("cancel", "agree", "complain", "complete", "claim", "settle")
BY_SHOP: tuple[StepName, ...] = (
    "accept", "decline", "make_ready", "see", "not_seen", "call_off", "refund", "answer",
    "accept_back", "take_back",
)  # fmt: skip
OURS = ("ask", "look", "hear", "poll", "call_off_payment", "give", "propose", "counter", "wait")
_OFTEN = ("accept", "accept", "pay", "ask", "look", "counter", "counter", "give", "refund", "see")
_STEP = st.tuples(
    st.sampled_from((*AT_GATEWAY, *BY_BUYER, *BY_SHOP, *OURS, *_OFTEN)),
    st.integers(0, 7),
    st.sampled_from(["", "", "", "", "before", "after"]),
)
_BEGUN = st.sampled_from(
    [
        (),
        ("accept", "ask", "pay", "look"),
        ("accept", "ask", "pay", "look", "call_off"),
        ("accept", "ask", "pay", "look", "call_off", "give"),
        ("accept", "ask", "pay", "look", "counter", "complain", "answer", "settle"),
    ]
)
WAYS: tuple[PayWay, ...] = ("gateway", "at_handover", "to_shop")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database that each run has a copy of."""
    return migrated(tmp_path_factory.mktemp("owing"))


class _Run:
    """One shop, an order of each way to pay, and what is done to them."""

    def __init__(self, store: Store) -> None:
        clock = Clock()
        self.clock = clock
        self.services = Services(store, now_ms=clock, vault=Vault([bytes(32)]))
        self.gateway = NearGateway(clock)
        self.paying = Paying(self.services, PaidOrders(), self.gateway.connect)
        self.shop = open_shop(self.services)
        set_plain(self.services, self.shop, transfer_accounts=["BRI 1"])
        account = Account("sandbox", KEY, base="https://sandbox.invalid")
        set_account(self.services, self.shop, account)
        goods = stock_up(self.services, self.shop, "Gula", 50)
        self.orders = [
            order(self.services, self.shop, [(goods, 3)], pay_way=way, buyer=_buyer(number))
            for number, way in enumerate(WAYS)
        ]

    def do(self, what: str, number: int, lost: str) -> None:
        """One step; refusals are answers."""
        self.gateway.lost = lost
        placed = self.orders[0 if number < 4 else number % 3]
        try:
            if what in AT_GATEWAY:
                self._at_gateway(what, number)
            elif what in OURS:
                getattr(self, what)(placed, number)
            else:
                self._step(placed, what, number)
        except Refused:
            pass
        finally:
            self.gateway.lost = ""

    def _step(self, placed: Placed, name: str, number: int) -> None:
        at = read(self.services, placed).story.standing
        who: Actor = "buyer" if name in BY_BUYER else "shop"
        amount = at.to_give_back if name == "refund" else max(0, at.total - 5_000)
        if number % 2:
            amount //= 2
        take_steps(self.services, self.shop, placed.order_id, who, [name], amount=amount)  # type: ignore[list-item]

    def propose(self, placed: Placed, number: int) -> None:
        """Less than was ordered."""
        lines = tuple(
            type(one)(
                one.product_id,
                one.name,
                one.unit,
                one.factor,
                1_000 * (1 + number % 2),
                one.unit_price,
                one.unit_price * (1 + number % 2),
            )
            for one in read(self.services, placed).story.lines
        )
        take_steps(self.services, self.shop, placed.order_id, "shop", ["propose"], lines=lines)

    def counter(self, placed: Placed, number: int) -> None:
        """A counter says what it did, perhaps twice, and perhaps not knowing how things stand."""
        at = read(self.services, placed).story.standing
        owed = at.owed if number != 3 else at.total
        pays: list[tuple[StepName, int]] = [("pay_at_handover", owed)] if owed else []
        say(
            self.services,
            placed,
            ("accept", 0),
            *pays,
            ("hand_over", 0),
            ("fulfil", 0),
            at_once=1 + number % 2,
        )

    def ask(self, placed: Placed, number: int) -> None:
        """The buyer pays online."""
        owed = read(self.services, placed).story.standing.owed
        wanted = Ask(self.services.new_id(), placed.order_id, "qris", (Line("Gula", owed),), 900)
        ask(self.paying, self.shop, wanted)

    def look(self, placed: Placed, number: int) -> None:
        """What does the provider say?"""
        for at in self._some(placed, number):
            look(self.paying, self.shop, at.id)

    def call_off_payment(self, placed: Placed, number: int) -> None:
        """An attempt is called off."""
        for at in self._some(placed, number):
            call_off(self.paying, self.shop, at.id)

    def give(self, placed: Placed, number: int) -> None:
        """The shop gives back through the provider."""
        back = read(self.services, placed).story.standing.to_give_back
        for at in self._some(placed, number):
            amount = back if number % 2 else 4_000
            wish = Wish(self.services.new_id(), at.id, amount, "habis")
            refund(self.paying, self.shop, wish)

    def hear(self, placed: Placed, number: int) -> None:
        """Any notification, once more."""
        heard = self.gateway.told.heard
        if heard:
            notified(self.paying, "midtrans", heard[number % len(heard)])

    def poll(self, placed: Placed, number: int) -> None:
        """Time passes, and what is due is asked about."""
        self.clock.pass_ms((20, 60, 180, 600, 900, 2_000, 4_000, 30_000)[number] * 1_000)
        poll_due(self.paying)

    def wait(self, placed: Placed, number: int) -> None:
        """Time passes for the orders."""
        self.clock.pass_ms((1, 20, 70, 400, 1_500, 3_000, 20, 70)[number] * 60_000)
        sweep_shop(self.services, self.shop)

    def _at_gateway(self, what: str, number: int) -> None:
        there = self.gateway.book.all()
        if there:
            given = (4_000,) if what == "give_back" else ()
            getattr(self.gateway.book, what)(there[number % len(there)].id, *given)

    def _some(self, placed: Placed, number: int) -> list[Payment]:
        with self.services.store.reading_shop(self.shop) as tx:
            found = rows.payments_of(tx, placed.order_id)
        return [found[number % len(found)]] if found else []


def _buyer(number: int) -> Buyer:
    """A buyer of each order's own."""
    return BUYER._replace(phone=f"0812440012{number:02}", origin="")


@given(_BEGUN, st.lists(_STEP, min_size=8, max_size=24))
@settings(suppress_health_check=list(HealthCheck), max_examples=25, deadline=None)
def test_books_stories_and_payments_say_the_same(
    template: Path, begun: tuple[str, ...], steps: list[tuple[str, int, str]]
) -> None:
    with copy_of(template) as store:
        run = _Run(store)
        for what in begun:
            run.do(what, 0, "")
        for step in steps:
            run.do(*step)
        check_all(run.services, run.shop)
        check_statement(run.services, run.shop)
