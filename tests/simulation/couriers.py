"""Orders that go by courier: ordered for a fixed fee or one that the shop says, agreed to, paid and
given to a courier at a till, by the real commands. What must hold of their fees (32, 33).

All of it from a stream of chance of its own; a run has couriers only where that stream says so."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from core.contract import decode_body
from core.errors import Refused
from core.facts.orders import OrderStepped
from core.facts.sync import Carried
from core.orders.rules import possible
from core.orders.standing import PayWay
from core.orders.story import total_of
from core.tender import TenderKind
from pos.orders.handing import for_courier, hand_over
from pos.orders.reading import OrderView, orders
from pos.orders.stepping import propose, see, step
from pos.selling.sales import Tendered
from server.orders.goods import Item
from server.orders.keys import order_id_of
from server.orders.placing import Buyer, Wanted
from server.orders.reading import Order, read_order
from server.orders.stepping import take_steps
from server.storefront.settings import FEE_LATER, CourierWay
from server.sync.fold.orders import read_stepped
from tests.helpers.web_gerai import set_gerai
from tests.simulation.actions import _shown
from tests.simulation.broken import insist

if TYPE_CHECKING:
    from tests.simulation.machine import Machine
    from tests.simulation.market import Form, Market
    from tests.simulation.world import World

MOST_ORDERS: Final = 5
_FEES: Final = (FEE_LATER, FEE_LATER, 9_000, 15_000)
_SAID: Final = (0, 7_000, 12_000)
_WAYS: Final[tuple[PayWay, ...]] = ("to_shop", "to_shop", "gateway", "at_handover")
_NEXT: Final = ("see", "accept", "prepare", "make_ready")
_AGREED_FIRST: Final = ("accept", "prepare", "make_ready", "hand_over")
"""Not money that came: where a server was restored it may be there before what was said is."""

_NAMES: Final = ("JNE", "Bentor Pak Udin")


class Couriers:
    """Those of a run's gerai."""

    def __init__(self, market: Market, chance: random.Random) -> None:
        """Every shop sends by courier, for its own fee or for one that it says later."""
        self.market, self.chance = market, chance
        self.fees = [chance.choice(_FEES) for _ in market.world.server.shops]
        self.given: dict[bytes, set[tuple[str, str]]] = defaultdict(set)
        self.forms: list[Form] = []

    def tend(self) -> None:
        """Owners see to it that it is offered."""
        for shop, fee in zip(self.market.world.server.shops, self.fees, strict=True):
            way = CourierWay(", ".join(_NAMES), fee)
            set_gerai(self.market.services, shop, gerai_courier=way)

    def step(self) -> None:
        """What concerns couriers in one step of the safety phase."""
        if len(self.forms) < MOST_ORDERS and self.chance.random() < 0.4:
            self._buy()
        if self.forms:
            self.chance.choice((self._answer, self._say_fee, self._at_till, self._at_till))()

    # -- the buyer's page, the owner's

    def _buy(self) -> None:
        from tests.simulation.market import LIMBOTO, Form

        market, chance = self.market, self.chance
        place = chance.randrange(len(self.fees))
        shop, fee, number = market.world.server.shops[place], self.fees[place], len(self.forms)
        wares = market.goods_for_sale(shop)
        if not wares:
            return
        product, unit, price = chance.choice(wares)
        way, token = chance.choice(_WAYS), chance.randbytes(16)
        wanted = Wanted(
            shop, (Item(product, unit, chance.choice((1_000, 2_000)), price),), "courier",
            LIMBOTO, "Jalan Danau 2", way, fee if chance.random() < 0.9 else 1,
        )  # fmt: skip
        form = Form(token, wanted, Buyer(f"Jauh {number}", f"0813{number:08}", "", "10.1.0.0/24"))
        order_id = order_id_of(token, shop)
        market.forms[order_id] = form
        market.send(form)
        if order_id not in market.numbers:
            return  # refused, or nobody heard
        is_right = way != "at_handover" and wanted.fee == fee
        insist(33, is_right, f"{order_id.hex()[:8]} was taken, {way}, for {wanted.fee}")
        market.world.story.count("courier ordered")
        self.forms.append(form)

    def _read(self) -> tuple[Form, Order] | None:
        form = self.chance.choice(self.forms)
        order = self.market.read(form)
        return None if order is None else (form, order)

    def _answer(self) -> None:
        """A buyer looks at what the courier is to cost."""
        found = self._read()
        if found and found[1].story.standing.order == "proposed":
            name = "agree" if self.chance.random() < 0.9 else "refuse_proposal"
            self.market.step_of(found[0], "buyer", name, found[1])

    def _say_fee(self) -> None:
        """An owner says on the web what the courier costs."""
        found = self._read()
        if not found or found[1].story.standing.order != "placed" or self.chance.random() < 0.4:
            return
        form, order = found
        asked = partial(
            take_steps, self.market.services, form.wanted.shop_id, form.order_id, "shop",
            ["propose"], lines=order.story.lines, fee=self.chance.choice(_SAID), reason="ongkos",
        )  # fmt: skip
        ended = self.market.at_server(f"fee of {order.placed.number}", asked)
        self.market.world.story.count("courier fee said on the web", ended == "done")

    # -- a till

    def _at_till(self) -> None:
        world, mine = self.market.world, {one.order_id for one in self.forms}
        machine = self.chance.choice(world.living())
        if machine.unknown is not None:
            return
        assert machine.counter is not None
        known = [one for one in orders(machine.counter.db) if one.id in mine]
        if known:
            world.work(machine, partial(self._see_to, self.chance.choice(known)))

    def _see_to(self, view: OrderView, world: World, machine: Machine) -> str:
        assert machine.counter is not None
        counter, at = machine.counter, view.standing
        names = {one.name for one in possible(at, "shop")}
        if at.pay_way == "gateway":
            names.discard("see")
        what: Any = next((one for one in _NEXT if one in names), "")
        try:
            if at.owed and at.handover != "done" and self.chance.random() < 0.3:
                what = "cash"
                self._take_cash(view, machine)
            elif "propose" in names and (view.fee_open or self.chance.random() < 0.1):
                what = "fee"
                propose(counter, view.id, (), fee=self.chance.choice(_SAID))
                world.story.count("courier fee said at a till")
            elif at.order == "ready":
                what = "give"
                self._give(view, world, machine)
            elif what == "see":
                see(counter, view.id)
            elif what:
                step(counter, view.id, what)
        except Refused as refusal:
            world.story.count("courier unpaid", refusal.code == "order_courier_unpaid")
            return f"courier {view.number} {what}: {refusal.code}"
        return f"courier {view.number} {what or 'waits'}"

    def _take_cash(self, view: OrderView, machine: Machine) -> None:
        """Somebody brings cash for it: nobody can take that."""
        assert machine.counter is not None
        money = [Tendered(TenderKind.CASH, view.standing.owed)]
        hand_over(machine.counter, view.id, money, courier=_NAMES[0])
        insist(33, False, f"{machine.name} took cash for courier's order {view.number}")

    def _give(self, view: OrderView, world: World, machine: Machine) -> None:
        assert machine.counter is not None
        waybill = f"R{self.chance.randint(1, 9_999)}" if self.chance.random() < 0.8 else ""
        one = for_courier(machine.counter, view.id, self.chance.choice(_NAMES), waybill)
        self.given[view.id].add((one.courier, one.waybill))
        done = hand_over(machine.counter, view.id, courier=one.courier, waybill=one.waybill)
        _shown(world, machine, done)
        world.story.count("given to a courier")
        world.story.count("waybill written", bool(waybill))


# -- at the end


class _Agreed(NamedTuple):
    """What was agreed to for bringing an order, at any time, as its facts say; `sales` are those of
    its hand-overs, `counted` the fee of the one that counts."""

    fees: set[int]
    sales: list[tuple[bytes, int]]
    counted: int


def _agreed(world: World, order: Order) -> _Agreed:
    """32: told anew from the facts, without the story: an order goes on only once a fee stands
    that the buyer has seen."""
    placed = order.placed
    fee = None if placed.fee_open else placed.fee
    offered, found, sales, counted = fee, {fee} - {None}, [], 0
    proposed: dict[int, set[int]] = defaultdict(set)
    too_late: set[int] = set()
    name = f"{order.order_id.hex()[:8]}"
    for line, told, fact in _facts(world, order.order_id):
        if fact.sale_seq:
            sales.append((line, fact.sale_seq))
        for one, why in zip(fact.steps, told.split(",") if fact.steps else (), strict=True):
            if one.name == "propose" and fact.fee is not None:
                proposed[total_of(fact.lines, fact.fee)].add(fact.fee)
            if why:
                if one.name == "agree":
                    too_late.add(one.amount)
                continue
            if one.name == "propose":
                offered = fee if fact.fee is None else fact.fee
            elif one.name == "agree":
                insist(32, offered is not None, f"{name}: agreed to what nobody had said")
                fee = offered
                found.add(fee)
            elif one.name in _AGREED_FIRST:
                insist(32, fee is not None, f"{name}: {one.name} before a fee was agreed to")
            if one.name == "hand_over":
                counted = fee or 0
    for total in too_late if world.server.restored else ():
        # It may hear that a buyer agreed before what was agreed to, or after the clock has ended
        # the order: that counts no more, and what was sold meanwhile was agreed to all the same.
        found |= proposed[total]
    return _Agreed({one for one in found if one is not None}, sales, counted)


def _facts(world: World, order_id: bytes) -> Iterator[tuple[bytes, str, OrderStepped]]:
    """What was written about an order: the line that wrote it, what came of it, and the fact."""
    rows = world.server.rows(
        "SELECT e.device, e.kind, e.version, e.body AS entry, o.told, o.body FROM order_event o"
        " JOIN entry e ON e.shop_id=o.shop_id AND e.n=o.n WHERE o.order_id=:key ORDER BY o.n",
        key=order_id,
    )
    for device, kind, version, entry, told, body in rows:
        line = bytes(device)
        if kind == Carried.KIND:
            # Its sale has a number of that line, not of the one that brought it.
            carried = decode_body(kind, version, entry)[1]
            assert isinstance(carried, Carried), "its own kind"
            line = carried.device
        yield line, told, read_stepped(body)


def fees_are_right(world: World, market: Market) -> None:
    """32 and 33: no fee is sold that nobody agreed to, what a courier takes was paid before, and
    every rupiah of the fees is in a sale and in the books."""
    for place, shop in enumerate(world.server.shops):
        earned = 0
        keys = world.server.rows("SELECT order_id FROM shop_order WHERE shop_id=:s", s=shop)
        with world.server.services.store.reading_shop(shop) as tx:
            found = [read_order(tx, bytes(key)) for (key,) in keys]
        for order in found:
            assert order is not None
            agreed = _agreed(world, order)
            earned += agreed.counted
            if order.placed.way == "courier":
                _as_it_went(world, market, place, order, agreed)
        booked = world.server.rows(
            "SELECT coalesce(sum(CASE WHEN a.account_id=p.credit THEN p.amount ELSE -p.amount"
            " END), 0) FROM ledger_posting p JOIN ledger_account a ON a.shop_id=p.shop_id AND"
            " a.account_id IN (p.debit, p.credit) AND a.kind='delivery_income'"
            " WHERE p.shop_id=:s", s=shop,
        )[0][0]  # fmt: skip
        insist(33, booked == earned, f"shop {place + 1}: fees of {earned}, {booked} in the books")


def _as_it_went(world: World, market: Market, place: int, order: Order, agreed: _Agreed) -> None:
    name, story = f"{order.order_id.hex()[:8]}", order.story
    given = market.couriers.given[order.order_id] if market.couriers else set()
    if story.courier:
        insist(33, (story.courier, story.waybill) in given, f"{name} went with {story.courier}")
        world.story.count("courier's fee earned", bool(agreed.counted))
    for machine in world.living():
        if machine.shop != place or not world.may_pull(machine):
            continue
        assert machine.counter is not None
        db = machine.counter.db
        mine = db.tuple_of(
            "SELECT courier, waybill, fee_open FROM online_order WHERE id=?", (order.order_id,)
        )
        theirs = (story.courier, story.waybill, int(story.fee_open))
        insist(33, mine == theirs, f"{machine.name}, {name}: {mine}, server: {theirs}")
        for sale in agreed.sales:
            _is_paid(db, machine.name, order, sale, agreed.fees)


_SOLD: Final = (
    "SELECT s.total, coalesce((SELECT sum(l.net) FROM sale_line l WHERE l.sale_id=s.id AND l.name"
    " IN ('Ongkos kirim', 'Delivery')), 0), coalesce((SELECT sum(p.amount) FROM payment p"
    " WHERE p.sale_id=s.id AND p.kind='online'), 0) FROM sale s WHERE s.device=? AND s.seq=?"
)


def _is_paid(db: Any, till: str, order: Order, sale: tuple[bytes, int], fees: set[int]) -> None:
    rows = db.rows(_SOLD, sale)
    if not rows:
        return  # what a disk has damaged is told by 22
    # Where two went on with one line its number is of two sales: one of them is meant.
    agreed = [(total, fee, before) for total, fee, before in rows if fee in fees]
    name = f"{till}, {order.order_id.hex()[:8]}"
    sold = [fee for _, fee, _ in rows]
    insist(32, bool(agreed), f"{name}: fees of {sold} were sold, agreed were {sorted(fees)}")
    paid = [before for total, _, before in agreed if before == total]
    insist(33, bool(paid), f"{name}: of {agreed} not all was paid before a courier took it")
