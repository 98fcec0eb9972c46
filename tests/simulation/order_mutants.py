"""Faults put into orders and payments on purpose; `mutants` lists them with the rest."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any
from unittest.mock import patch

from sqlalchemy import false

import core.orders.story as core_story
import pos.db.fold.orders as counter_orders
import pos.orders.handing as handing
import pos.sync.talk as counter_talk
import server.orders.goods as goods
import server.orders.placing as placing
import server.orders.stepping as stepping
import server.orders.sweeping as sweeping
import server.orders.talking as talking
import server.orders.writing as writing
import server.payments.books as books
import server.payments.settling as settling
import server.sync.fold.orders as server_orders
from core.orders import rules
from core.orders.standing import CALLED_OFF, Standing
from core.orders.steps import STEPS, Step
from core.orders.story import Story
from server.storefront.availability import Availability

Patches = AbstractContextManager[Any]


def _all(*patches: Patches) -> Patches:
    stack = ExitStack()
    for one in patches:
        stack.enter_context(one)
    return stack


def reserved_is_not_summed() -> Patches:
    """O1: each line is checked alone against what lies there, whoever has it already."""
    found = goods.wares_of

    def generous(tx: Any, keys: Any, at: Any) -> Any:
        shelf = {
            row.product_id: max(0, int(row.stock))
            for row in goods.rows_by_keys(tx, goods._GOODS, keys)
        }
        return {
            key: ware._replace(free=shelf[key], available=Availability("ready", shelf[key]))
            for key, ware in found(tx, keys, at).items()
        }

    def alone(lines: Any) -> dict[bytes, int]:
        return {line.product_id: line.qty * line.factor for line in lines}

    return _all(patch.object(placing, "wares_of", generous), patch.object(goods, "demand", alone))


def handed_over_again() -> Patches:
    """O2: whoever scans twice hands over twice, at one till."""
    order = handing.order

    def as_ready(db: Any, order_id: bytes) -> Any:
        view = order(db, order_id)
        if view.standing.handover != "done":
            return view
        return view._replace(standing=view.standing._replace(order="ready", handover="waiting"))

    return patch.object(handing, "order", as_ready)


def clash_is_not_told() -> Patches:
    """O3: an order that went out twice is shown as any other."""
    return patch.object(counter_orders, "clash_of", lambda before, fact, told: "")


def late_money_revives() -> Patches:
    """O5: money that comes to an order that was called off accepts it again."""
    moved = rules._moved

    def reviving(at: Standing, step: Step) -> Standing:
        after = moved(at, step)
        if step.name == "settle_payment" and at.order in CALLED_OFF:
            return after._replace(order="accepted")
        return after

    return patch.object(rules, "_moved", reviving)


def refund_is_posted_twice() -> Patches:
    """O6: what went back is posted when it is asked for and when it is told."""
    post = books.post_held_refund

    def twice(tx: Any, payment: Any, key: str, amount: int, now_ms: int) -> None:
        post(tx, payment, key, amount, now_ms)
        books.post_refunded(tx, payment, f"{key}-again", amount, now_ms)

    return patch.object(books, "post_held_refund", twice)


def expires_while_paid() -> Patches:
    """O7: the clock takes what is due, whether money may be on it or not."""
    anyhow = tuple(
        one._replace(payment=frozenset()) if one.name.startswith("lapse") else one for one in STEPS
    )
    due_ms = server_orders.due_ms

    def always(story: Story) -> int | None:
        at = story.standing._replace(payment="due")
        return due_ms(story._replace(standing=at))

    return _all(patch.object(rules, "STEPS", anyhow), patch.object(server_orders, "due_ms", always))


def money_without_the_order() -> Patches:
    """O8: a payment is settled, and the order is not told of it."""
    received = settling._received

    def alone(tx: Any, door: Any, at: Any, said: Any, now_ms: int) -> Any:
        class Deaf:
            def settled(self, *_: Any) -> None:
                return None

        return received(tx, Deaf(), at, said, now_ms)  # type: ignore[arg-type]

    return patch.object(settling, "_received", alone)


def word_is_kept_again() -> Patches:
    """O9: a counter's message that comes a second time is kept a second time."""
    never = talking._KEPT.where(false())
    return patch.object(talking, "_KEPT", never)


def words_by_the_clock() -> Patches:
    """O10: what waits at a counter goes by the time that it shows."""
    by_time = counter_talk._WORDS.replace("ORDER BY rowid", "ORDER BY at_ms, key")
    return patch.object(counter_talk, "_WORDS", by_time)


def word_is_gone_unanswered() -> Patches:
    """O11: a message is crossed off when it is sent, whether an answer comes or not."""
    asked = counter_talk._asked

    def hasty(db: Any, speaker: Any, words: Any) -> Any:
        with db.transaction():
            db.many("DELETE FROM order_word WHERE key=?", [(one.key,) for one in words])
        return asked(db, speaker, words)

    return patch.object(counter_talk, "_asked", hasty)


def office_is_not_told() -> Patches:
    """O12: a complaint that comes to the office is on nobody's list."""

    def nothing(*_: Any) -> None:
        return None

    return _all(patch.object(stepping, "agree_cases", nothing),
                patch.object(sweeping, "agree_cases", nothing))  # fmt: skip


def silence_counts_at_once() -> Patches:
    """O13: the clock takes a complaint's next step without waiting for its term."""
    at_once = tuple(
        one._replace(after=None) if one.name in ("ask_office", "settle") else one for one in STEPS
    )
    due_ms = server_orders.due_ms

    def now(story: Story) -> int | None:
        disputed = story.standing.order in ("complained", "answered")
        return 0 if disputed else due_ms(story)

    return _all(patch.object(rules, "STEPS", at_once), patch.object(server_orders, "due_ms", now))


def offer_is_forgotten() -> Patches:
    """O14: a complaint that ends with the shop's offer leaves the price as it was."""
    return patch.object(rules, "_REDUCES", rules._REDUCES - {"settle"})


def cash_for_couriers() -> Patches:
    """O15: a counter takes cash for what a courier takes along."""
    return patch.object(handing, "_check_may_go", lambda view: None)


def accepted_before_the_fee() -> Patches:
    """O16: an order is accepted before anybody has said what its courier costs."""
    check_said = core_story.check_said

    def lax(story: Story, fact: Any, step: Any) -> None:
        check_said(story._replace(fee_open=False), fact, step)

    return _all(patch.object(core_story, "check_said", lax),
                patch.object(writing, "check_said", lax))  # fmt: skip


def fee_is_not_sold() -> Patches:
    """O17: the sale of a handed order has its goods alone."""
    sale = handing._sale

    def without(tx: Any, view: Any, *given: Any) -> Any:
        return sale(tx, view._replace(fee=0), *given)

    return patch.object(handing, "_sale", without)


FAULTS: dict[str, tuple[Callable[[], Patches], str, int]] = {
    "O1": (reserved_is_not_summed, "market", 20),
    "O2": (handed_over_again, "market", 22),
    "O3": (clash_is_not_told, "two_hands", 22),
    "O5": (late_money_revives, "settled_late+long_wait", 27),
    "O6": (refund_is_posted_twice, "settled_late+long_wait", 12),
    "O7": (expires_while_paid, "long_wait", 26),
    "O8": (money_without_the_order, "market", 12),
    "O9": (word_is_kept_again, "answer_lost+market", 29),
    "O10": (words_by_the_clock, "market", 29),
    "O11": (word_is_gone_unanswered, "lost+market", 29),
    "O12": (office_is_not_told, "long_wait", 30),
    "O13": (silence_counts_at_once, "market", 31),
    "O14": (offer_is_forgotten, "market", 31),
    "O15": (cash_for_couriers, "couriers", 33),
    "O16": (accepted_before_the_fee, "couriers", 32),
    "O17": (fee_is_not_sold, "couriers", 32),
}
"""Each with the faults that show it soonest, and the invariant that does.

O4, a notification that is believed instead of asked about, is not among them: sixty seeds did not
show it, for a run forges few and little is pending then. `tests/server/payments/test_hostile.py`
has forged ones, also with a good signature under another status.
"""
