"""Whatever buyers, shop and clock do in whatever order: what is set aside is what lives, never more
than there is, and the tables follow from the feed."""

from __future__ import annotations

import tempfile
from pathlib import Path

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from core.errors import Refused
from core.orders.standing import ENDS, Actor
from core.orders.steps import StepName
from server.db.store import Store
from server.orders.placing import Placed
from server.orders.proving import prove_orders
from server.orders.stepping import take_steps
from server.orders.sweeping import erase_buyer, sweep_shop
from server.services import Services
from server.sync.verifying import verify
from tests.helpers.memory_store import ready_file
from tests.helpers.orders import BUYER, open_shop, order, read, reserved, set_plain, stock_up
from tests.helpers.sync_client import fresh_id
from tests.helpers.web_shop import NOW_MS, Clock

STOCK = 12
WITH_BUYER = {"fulfilled", "complained", "answered", "escalated"}
STEPS: list[tuple[Actor, StepName]] = [
    ("buyer", "cancel"), ("buyer", "claim"), ("buyer", "complete"), ("buyer", "complain"),
    ("buyer", "agree"), ("buyer", "refuse_proposal"), ("buyer", "try_again"), ("buyer", "uphold"),
    ("shop", "accept"), ("shop", "decline"), ("shop", "prepare"), ("shop", "make_ready"),
    ("shop", "see"), ("shop", "not_seen"), ("shop", "call_off"), ("shop", "propose"),
    ("shop", "set_out"), ("shop", "miss"), ("shop", "give_up"), ("shop", "refund"),
    ("shop", "hand_over"), ("shop", "fulfil"), ("shop", "accept_back"), ("shop", "take_back"),
    ("shop", "answer"), ("buyer", "settle"), ("buyer", "ask_office"), ("office", "uphold"),
    ("office", "accept_back"), ("office", "compensate"),
]  # fmt: skip


class Orders(RuleBasedStateMachine):
    """The commands of the server, and what a shop with twelve pieces may have promised."""

    def __init__(self) -> None:
        """A shop with one product."""
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="huyula-orders-")
        address = f"sqlite:///{Path(self.folder.name) / 'server.db'}"
        ready_file(address)
        self.clock = Clock(NOW_MS)
        self.services = Services(Store(address), now_ms=self.clock)
        self.shop_id = open_shop(self.services)
        set_plain(self.services, self.shop_id, transfer_accounts=["BRI 1"])
        self.rice = stock_up(self.services, self.shop_id, "Beras", STOCK)
        self.placed: list[tuple[Placed, bytes]] = []

    def teardown(self) -> None:
        """The tables are what the feed says, whatever happened."""
        proof, owing = (
            verify(self.services, self.shop_id),
            prove_orders(self.services, self.shop_id),
        )
        self.services.store.close()
        self.folder.cleanup()
        assert proof.ok and owing.ok, (proof.differences, owing.differences)

    def held(self) -> int:
        """What orders that live hold."""
        total = 0
        for placed, _ in self.placed:
            found = read(self.services, placed).story
            if found.standing.order not in ENDS | WITH_BUYER and (
                found.standing.handover not in ("done", "taken_back")
            ):
                total += sum(line.qty for line in found.lines)
        return total

    @rule(qty=st.integers(1, 8), prepaid=st.booleans())
    def buy(self, qty: int, prepaid: bool) -> None:
        """Order; it is refused exactly where less is free."""
        token, way = fresh_id(), "to_shop" if prepaid else "at_handover"
        buyer = BUYER._replace(phone=f"0812{len(self.placed):08}", origin="")
        try:
            placed = order(self.services, self.shop_id, [(self.rice, qty)], token=token,
                           buyer=buyer, pay_way=way)  # fmt: skip
        except Refused as error:
            assert error.code == "order_not_enough"
            assert self.held() + qty * 1000 > STOCK * 1000
            return
        self.placed.append((placed, token))
        assert placed.number == len(self.placed)

    @precondition(lambda self: self.placed)
    @rule(data=st.data())
    def buy_again(self, data: st.DataObject) -> None:
        """The same form once more changes nothing."""
        placed, token = data.draw(st.sampled_from(self.placed))
        again = order(self.services, self.shop_id, [(self.rice, 1)], token=token)
        assert (again.order_id, again.number) == (placed.order_id, placed.number)

    @precondition(lambda self: self.placed)
    @rule(data=st.data(), step=st.sampled_from(STEPS))
    def act(self, data: st.DataObject, step: tuple[Actor, StepName]) -> None:
        """Somebody takes a step, or is told that it is not possible and changes nothing."""
        placed, _ = data.draw(st.sampled_from(self.placed))
        who, name = step
        before = read(self.services, placed)
        lines = before.story.lines[:1] if name == "propose" else ()
        amount = before.story.standing.to_give_back
        try:
            take_steps(self.services, self.shop_id, placed.order_id, who, [name],
                       lines=lines, amount=amount)  # fmt: skip
        except Refused:
            assert read(self.services, placed).story.standing == before.story.standing

    @rule(minutes=st.sampled_from([1, 20, 61, 1_500, 3_000]))
    def wait(self, minutes: int) -> None:
        """Time passes, and the sweeper comes round."""
        self.clock.now_ms += minutes * 60_000
        sweep_shop(self.services, self.shop_id)

    @precondition(lambda self: self.placed)
    @rule(data=st.data())
    def forget(self, data: st.DataObject) -> None:
        """A buyer is deleted; the order stays."""
        placed, _ = data.draw(st.sampled_from(self.placed))
        erase_buyer(self.services, self.shop_id, placed.order_id)
        found = read(self.services, placed)
        assert found.contact is None and not found.messages

    @invariant()
    def what_is_set_aside_is_what_lives(self) -> None:
        """And never more than there is."""
        held = reserved(self.services, self.shop_id).get(self.rice, 0)
        assert held == self.held() <= STOCK * 1000

    @invariant()
    def money_is_never_more_than_it_can_be(self) -> None:
        """Nothing goes back that never came, and no order ends while the buyer's money is open."""
        for placed, _ in self.placed:
            at = read(self.services, placed).story.standing
            assert 0 <= at.refunded <= at.paid
            assert not (at.order == "expired" and at.payment in ("asked", "claimed"))


TestOrders = Orders.TestCase
TestOrders.settings = settings(
    max_examples=15,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
