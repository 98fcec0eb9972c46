"""What buyers and shops say on orders in a run, on the page, on the web and at tills that may have
no network; and that every word comes, once and in its order, to everybody (29)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import Refused
from pos.orders.reading import OrderView
from pos.orders.talking import say as say_at_till
from server.orders.talking import say as say_at_server
from tests.simulation.broken import insist

if TYPE_CHECKING:
    from tests.simulation.machine import Machine
    from tests.simulation.market import Form, Market
    from tests.simulation.world import World


@dataclass
class Word:
    """Something that was said. `is_sure`: whoever said it was told that it is kept."""

    text: str
    is_sure: bool = False


class Talk:
    """Everything that was said in a run, by order and by who said it, in the order of saying."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.said: dict[tuple[bytes, str], list[Word]] = {}
        self._number = 0

    def begin(self, order_id: bytes, sender: str) -> Word:
        """Somebody opens their mouth; no two words of a run are alike."""
        self._number += 1
        word = Word(f"kata {self._number}")
        self.said.setdefault((order_id, sender), []).append(word)
        return word

    def went_back(self, machine: Machine) -> None:
        """Its disk is an older one: what waited there may be gone with the newer."""
        for (_, sender), words in self.said.items():
            for word in words if sender == machine.name else ():
                word.is_sure = False


def on_page(market: Market) -> None:
    """A buyer writes on an order's page."""
    for form in market.some():
        _at_server(market, form, "buyer")


def on_web(market: Market) -> None:
    """An owner writes on the web."""
    for form in market.some():
        _at_server(market, form, "shop")


def _at_server(market: Market, form: Form, who: Any) -> None:
    word = market.talk.begin(form.order_id, who)
    shop = form.wanted.shop_id
    ended = market.at_server(
        f"{who} says {word.text}",
        lambda: str(say_at_server(market.services, shop, form.order_id, who, word.text)),
    )
    word.is_sure = ended == str(True)
    market.world.story.count(f"said by {who}", word.is_sure)


def at_till(market: Market, view: OrderView, world: World, machine: Machine) -> str:
    """Somebody writes at a till, now and then two lines at once; they go with a round to come."""
    assert machine.counter is not None
    for _ in range(market.chance.choice((1, 1, 2))):
        word = market.talk.begin(view.id, machine.name)
        try:
            say_at_till(machine.counter, view.id, word.text)
        except Refused as refusal:
            return f"say {view.number}: {refusal.code}"
        word.is_sure = True
        world.story.count("said at a till")
        if world.network.is_down or machine.last_error.startswith("no answer"):
            world.story.count("said without a network")
    return f"say {view.number}: {word.text}"


# -- at the end


def words_are_kept(world: World, market: Market) -> None:
    """29: at the server each word stands once and in its sender's order, and none is missing that
    its sender was told of; at every till the same words stand."""
    kept: dict[bytes, list[str]] = {}
    for key, text in world.server.rows("SELECT order_id, text FROM order_message ORDER BY i"):
        kept.setdefault(bytes(key), []).append(text)
    for key, texts in kept.items():
        insist(29, len(set(texts)) == len(texts), f"{key.hex()[:8]}: a word is kept twice: {texts}")
    known = {form.order_id for form in market.orders()}
    waiting = {one.name: _waiting(one) for one in world.living()}
    for (order, sender), words in market.talk.said.items():
        if order not in known or world.server.restored:
            continue
        texts = kept.get(order, [])
        lost = [
            one.text
            for one in words
            if one.is_sure and one.text not in texts and one.text not in waiting.get(sender, {})
        ]
        insist(29, not lost, f"{order.hex()[:8]}: {sender} said {lost}, and nobody has it")
        mine = [one.text for one in words if one.text in texts]
        stands = [one for one in texts if one in mine]
        insist(29, stands == mine, f"{order.hex()[:8]}: {sender} said {mine}, there is {stands}")
    for machine in world.living():
        if world.state_of(machine) == "trusted" and machine.is_enrolled:
            _hears_all(world, machine, kept)


def _waiting(machine: Machine) -> dict[str, str]:
    """What waits at a till, and why the server does not take it ("" for not yet)."""
    assert machine.counter is not None
    return dict(machine.counter.db.raw.execute("SELECT text, refused FROM order_word"))


def _hears_all(world: World, machine: Machine, kept: dict[bytes, list[str]]) -> None:
    assert machine.counter is not None
    waits = [text for text, refused in _waiting(machine).items() if not refused]
    insist(29, not waits, f"{machine.name} has not sent {waits}")
    shop = world.server.shops[machine.shop]
    mine = {
        bytes(row[0])
        for row in world.server.rows("SELECT order_id FROM shop_order WHERE shop_id=:s", s=shop)
    }
    heard: dict[bytes, list[str]] = {}
    for key, text in machine.counter.db.raw.execute(
        "SELECT order_id, text FROM order_message ORDER BY i"
    ):
        heard.setdefault(bytes(key), []).append(text)
    for order in sorted(mine):
        there, here = kept.get(order, []), heard.get(order, [])
        # Words that a server lost when it was brought back may still stand at a till.
        is_so = here == there or (bool(world.server.restored) and here[: len(there)] == there)
        insist(29, is_so, f"{machine.name} has {here} of {order.hex()[:8]}, the server {there}")
