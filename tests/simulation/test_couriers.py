"""What counts as agreed to of a courier's fee, and which sale is a hand-over's, where a server was
restored or another line brought the fact."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from core.contract import encode_body, kind_of
from core.facts.base import Header
from core.facts.orders import OrderStep, OrderStepped
from core.journal import link
from core.orders.steps import StepName
from core.sync.carrying import carry
from server.sync.fold.orders import pack
from tests.helpers.till_orders import line, order_id, placed
from tests.simulation.couriers import _Agreed, _agreed

SHOP, OLDER, YOUNGER = bytes(16), b"older line 01234", b"younger line 012"
HEADER = Header(0, bytes(16), 0, "2026-11-24")
LATE = "order_wrong_amount"
SUGAR = line(b"sugar")


class Facts:
    """What a server keeps of one order, as far as it is asked for."""

    def __init__(self) -> None:
        """Nothing was written yet."""
        self.raw = sqlite3.connect(":memory:")
        self.raw.execute("CREATE TABLE entry (shop_id, n, device, kind, version, body)")
        self.raw.execute("CREATE TABLE order_event (shop_id, n, order_id, told, body)")
        self.count = 0

    def write(
        self, fact: OrderStepped, why: str = "", device: bytes = OLDER, carrier: bytes = b""
    ) -> None:
        """One fact, each of whose steps came out so; in `carrier`'s line inside another."""
        self.count += 1
        body = encode_body(HEADER, fact)
        kind, version = kind_of(fact)
        if carrier:
            brought = carry(link(SHOP, device, 1, kind, version, bytes(32), body))
            (kind, version), body = kind_of(brought), encode_body(HEADER, brought)
        told = ",".join(why for _ in fact.steps)
        self.raw.execute(
            "INSERT INTO entry VALUES (?,?,?,?,?,?)",
            (SHOP, self.count, carrier or device, kind, version, body),
        )
        self.raw.execute(
            "INSERT INTO order_event VALUES (?,?,?,?,?)",
            (SHOP, self.count, fact.order_id, told, pack(fact)),
        )

    def agreed(self, *, restored: int = 1) -> _Agreed:
        """What is taken to be agreed to, of an order whose fee the shop says later."""
        order: Any = SimpleNamespace(
            order_id=order_id(1), placed=placed(1, SUGAR, way="courier", fee_open=True)
        )
        world: Any = SimpleNamespace(server=SimpleNamespace(rows=self._rows, restored=restored))
        return _agreed(world, order)

    def _rows(self, sql: str, **given: Any) -> Sequence[Any]:
        return self.raw.execute(sql, given).fetchall()


def _proposed(fee: int) -> OrderStepped:
    return OrderStepped(order_id(1), "shop", (OrderStep("propose"),), lines=(SUGAR,), fee=fee)


def _step(name: StepName, amount: int = 0) -> OrderStepped:
    return OrderStepped(order_id(1), "buyer", (OrderStep(name, amount),))


def _ended_before_the_buyer_is_heard(agreed_to: int) -> Facts:
    facts = Facts()
    facts.write(_proposed(7_000))
    facts.write(_proposed(0), why="order_step_not_possible")
    facts.write(_step("lapse"))
    facts.write(_step("agree", agreed_to), why=LATE)
    return facts


@pytest.mark.parametrize("fee", [0, 7_000])
def test_what_a_restored_server_hears_of_too_late_was_agreed_to_and_nothing_else(fee: int) -> None:
    facts = _ended_before_the_buyer_is_heard(SUGAR.net + fee)
    assert facts.agreed().fees == {fee}


def test_what_nobody_had_proposed_was_not_agreed_to() -> None:
    assert _ended_before_the_buyer_is_heard(SUGAR.net + 1).agreed().fees == set()


def test_a_server_that_forgot_nothing_is_never_told_too_late_what_counts() -> None:
    facts = _ended_before_the_buyer_is_heard(SUGAR.net + 7_000)
    assert facts.agreed(restored=0).fees == set()


def test_the_sale_of_a_hand_over_that_another_line_brought_is_of_its_own_line() -> None:
    facts = Facts()
    handed = OrderStepped(order_id(1), "shop", (OrderStep("hand_over"),), sale_seq=7)
    facts.write(handed, why="order_step_not_possible", carrier=YOUNGER)
    facts.write(handed, why="order_step_not_possible", device=YOUNGER)
    assert facts.agreed().sales == [(OLDER, 7), (YOUNGER, 7)]
