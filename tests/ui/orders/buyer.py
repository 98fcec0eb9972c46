"""Whoever orders from the shop, for tests of the window."""

from __future__ import annotations

from pos.counter import Counter
from pos.orders.reading import order
from pos.sync.apply import apply_page
from pos.sync.joining import join
from pos.sync.memory import cursor
from tests.helpers.till_orders import line, order_id, place, placed, stepped
from tests.helpers.tiny_server import TinyServer, own_entries
from tests.ui.hands import Hands


class Buyer:
    """Places orders at the server and lets the counter hear of them."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter
        self.device = counter.line.device
        self.server = TinyServer()
        self.gula = bytes(counter.db.scalar("SELECT id FROM product WHERE name='Gula pasir'"))
        length = len(own_entries(counter.db, self.device))
        join(counter, "http://t", self.server.enrol([(self.device, length)], counter.register))
        self.server.push(own_entries(counter.db, self.device))
        self.hear()

    def hear(self) -> None:
        """What is in the feed comes to the counter."""
        kinds: set[str] = set()
        while (page := self.server.page(cursor(self.counter.db).n, {self.device})).entries:
            kinds |= apply_page(self.counter.db, page).kinds
        self.counter.heard(frozenset(kinds))

    def order(self, number: int = 1, **more: object) -> bytes:
        """A new order of two kilograms of sugar."""
        key = place(self.server, placed(number, line(self.gula, "Gula pasir"), **more))
        self.hear()
        return key


def stands(hands: Hands, number: int = 1) -> str:
    return order(hands.counter.db, order_id(number)).standing.order


def notices(hands: Hands) -> list[str]:
    """What stands beside the cart."""
    found = [one.text for one in hands.window.selling.notices.waiting()]
    return [one if isinstance(one, str) else one() for one in found]


def complained(buyer: Buyer) -> None:
    """An order that was handed over, and of which its buyer complains."""
    buyer.order()
    for who, *names in (
        ("shop", "accept", "make_ready"), ("shop", "pay_at_handover"), ("shop", "hand_over"),
        ("shop", "fulfil"), ("buyer", "complain"),
    ):  # fmt: skip
        for name in names:
            amount = 34_000 if name == "pay_at_handover" else 0
            buyer.server.write(stepped(1, name, who, amount))
    buyer.hear()
