"""What must hold of orders, their money and what is set aside: invariants 12 and 20 to 33."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from core.orders.clash import Clash
from core.orders.standing import CALLED_OFF, ENDS
from pos.orders.handing import receipt_of
from server.ledger.proving import prove_books
from server.orders.proving import prove_orders
from server.orders.reading import read_order
from server.payments import rows as payment_rows
from server.payments.proving import prove_payments
from server.payments.rows import Payment
from server.payments.states import MONEY_CAME
from server.sandbox.transactions import Transaction
from server.sync.fold.orders import read_stepped
from tests.simulation import complaints, couriers, talk
from tests.simulation.broken import insist

if TYPE_CHECKING:
    from tests.simulation.machine import Machine
    from tests.simulation.market import Form, Market
    from tests.simulation.world import World

_SETTLED: Final = frozenset({"settlement", "partial_refund", "refund"})


# -- at each step


class Seen(NamedTuple):
    """How orders stood, and which of them had an attempt to pay that was open."""

    states: dict[bytes, str]
    asked: set[bytes]


def seen(world: World) -> Seen:
    """As the server has them now."""
    rows = world.server.rows("SELECT order_id, state FROM shop_order")
    open_ = world.server.rows(
        "SELECT order_id FROM order_payment WHERE state IN ('asking', 'pending')"
    )
    return Seen({bytes(one): state for one, state in rows}, {bytes(row[0]) for row in open_})


def nothing_is_undone(world: World, before: Seen, *, by_provider: bool) -> None:
    """26: no order expires while money may be on it. 27: what a provider says revives none."""
    after = seen(world)
    for order, state in after.states.items():
        was = before.states.get(order, "")
        if state == "expired" and was != "expired" and not world.server.restored:
            insist(26, order not in before.asked, f"{order.hex()[:8]} expired while it was paid")
        if by_provider and was in CALLED_OFF:
            insist(27, state == was, f"{order.hex()[:8]} was {was} and is {state}")


def promises_hold(world: World, shop: bytes, order_id: bytes) -> None:
    """20: what this order holds was free: stock is no less than what living orders hold together.

    Told anew from each order's story. Stock that nobody counted promises nothing.
    """
    held: dict[bytes, int] = defaultdict(int)
    mine: dict[bytes, int] = {}
    is_new = False
    keys = world.server.rows("SELECT order_id FROM shop_order WHERE shop_id=:shop", shop=shop)
    with world.server.services.store.reading_shop(shop) as tx:
        for (key,) in keys:
            order = read_order(tx, bytes(key))
            assert order is not None
            for product, qty in order.story.reserved.items():
                held[product] += qty
            if bytes(key) == order_id:
                mine = order.story.reserved
                is_new = order.placed_ms == world.server.services.now_ms()
    for product in mine if is_new else ():
        stock = world.server.rows(
            "SELECT qty FROM product_stock WHERE shop_id=:shop AND product_id=:product",
            shop=shop, product=product,
        )  # fmt: skip
        there = stock[0][0] if stock else 0
        insist(20, there < 0 or held[product] <= there, f"{held[product]} promised of {there}")


def is_the_same(world: World, known: int, number: int) -> None:
    """28: a form that is sent again names the order that it made before."""
    insist(28, known == number or world.server.restored, f"order {known} came as {number}")


# -- at the end


def money_balances(world: World) -> None:
    """12: the books of every shop are whole, and payments and orders' stories say the same."""
    for place, shop in enumerate(world.server.shops):
        books = prove_books(world.server.services, shop)
        insist(12, not books.differences, f"books of shop {place + 1}: {books.differences[:2]}")
        proof = prove_payments(world.server.services, shop)
        insist(12, proof.ok, f"payments of shop {place + 1}: {proof.differences[:2]}")
        if world.server.restored:
            # What came through a provider stands in the orders' facts, which the counters have, and
            # in payments, which nobody but the server has: those of before are lost, and named.
            continue
        orders = prove_orders(world.server.services, shop)
        insist(12, orders.ok, f"orders of shop {place + 1}: {orders.differences[:2]}")


def orders_are_right(world: World, market: Market) -> None:
    """All that must hold when everything has come to rest."""
    money_balances(world)
    for place in range(len(world.server.shops)):
        tills = [one for one in world.living() if one.shop == place and world.may_pull(one)]
        for machine in tills:
            _stand_alike(world, place, machine)
            _handed_once(world, machine)
    _every_rupiah(world, market)
    _nobody_waits_for_ever(world)
    _what_is_owed_is_seen(world)
    complaints.all_ended(world)
    complaints.terms_are_kept(world)
    talk.words_are_kept(world, market)
    couriers.fees_are_right(world, market)


_MINE: Final = (
    "SELECT id, number, state, payment, handover, total, paid, refunded, fee FROM online_order"
)


def _stand_alike(world: World, place: int, machine: Machine) -> None:
    """23: an order stands alike at the server, on its page, and at every counter of its shop."""
    assert machine.counter is not None
    shop, server = world.server.shops[place], world.server
    mine = {bytes(row[0]): tuple(row)[1:] for row in machine.counter.db.raw.execute(_MINE)}
    theirs: dict[bytes, tuple[Any, ...]] = {}
    rows = server.rows(
        "SELECT order_id, number, state, payment, handover, total, paid, refunded"
        " FROM shop_order WHERE shop_id=:shop",
        shop=shop,
    )
    with server.services.store.reading_shop(shop) as tx:
        for key, *row in rows:
            page = read_order(tx, bytes(key))
            assert page is not None
            at = page.story.standing
            shown = (page.placed.number, at.order, at.payment, at.handover, at.total, at.paid)
            insist(23, shown == tuple(row[:6]), f"page says {shown}, table {row}")
            theirs[bytes(key)] = (*row, page.story.fee)
    for key in sorted(mine.keys() | theirs.keys()):
        insist(
            23, mine.get(key) == theirs.get(key),
            f"{machine.name}: {mine.get(key)}, server: {theirs.get(key)}",
        )  # fmt: skip


_HANDS: Final = (
    "SELECT e.order_id, e.device, e.seq, e.body FROM order_event e"
    " WHERE e.kind='order_stepped' ORDER BY e.pos"
)


def _handed_once(world: World, machine: Machine) -> None:
    """22: every hand-over has its sale, every sale of an order its hand-over; where one order has
    two, everybody is told."""
    assert machine.counter is not None
    db = machine.counter.db
    hands: dict[bytes, list[tuple[bytes, int]]] = defaultdict(list)
    settled = set()
    for order, device, _, body in db.raw.execute(_HANDS):
        fact = read_stepped(body)
        if not fact.steps:
            settled.add(bytes(order))
        if fact.sale_seq:
            hands[bytes(order)].append((bytes(device), fact.sale_seq))
    clashes: dict[bytes, Clash] = {
        bytes(row[0]): row[1] for row in db.raw.execute("SELECT id, clash FROM online_order")
    }
    named = set()
    for order, sales in hands.items():
        # A restored server may have lost the order itself, and only a revoked counter had it, whose
        # sale the owner released: it stands there, of an order that nobody can show.
        is_known = order in clashes or not world.server.restored
        # Somebody was told, and put it right.
        is_told = not is_known or clashes[order] or order in settled
        insist(22, len(sales) == 1 or is_told, f"{order.hex()[:8]} went out {sales}")
        if len(sales) > 1:
            world.story.count(f"clash {clashes.get(order) or 'settled'}")
        for sale in sales:
            named.add(sale)
            is_there = receipt_of(db, sale) or _may_be_spoilt(world)
            insist(22, is_there, f"{machine.name}: a hand-over without its sale {sale}")
    sold = {
        (bytes(device), seq)
        for device, seq in db.raw.execute("SELECT device, seq FROM sale WHERE ref LIKE 'gerai-%'")
    }
    lost = sold - named
    insist(22, not lost or _may_be_spoilt(world), f"{machine.name}: sales of no order: {lost}")


def _may_be_spoilt(world: World) -> bool:
    """Whether a disk may have damaged one of two entries that belong together."""
    return "damage" in world.swarm.events


def _every_rupiah(world: World, market: Market) -> None:
    """24: what the provider has is what payments say, or a person is told to look; and 25: the
    order's story has taken it in."""
    there = {one.order_id: one for one in market.gateway.book.all()[::-1]}
    forms = market.orders()
    for form in forms:
        with world.server.services.store.reading_shop(form.wanted.shop_id) as tx:
            attempts = payment_rows.payments_of(tx, form.order_id)
        for at in attempts:
            _as_the_provider_says(at, there.pop(at.provider_key, None))
        _story_has_it(world, form, attempts)
    known = {form.order_id.hex() for form in forms}
    for key, one in there.items():
        # A server that was brought back has lost what it asked for since.
        is_lost = world.server.restored or key.split("-")[1] not in known
        insist(24, is_lost, f"{key} stands at the provider with {one.amount}, and nobody knows")


def _nobody_waits_for_ever(world: World) -> None:
    """25: where the order says that the provider was asked, somebody still asks, or a person is
    told to look."""
    for key, state in world.server.rows(
        "SELECT order_id, state FROM shop_order o WHERE payment='asked' AND NOT EXISTS"
        " (SELECT 1 FROM order_payment p WHERE p.shop_id=o.shop_id AND p.order_id=o.order_id"
        " AND (p.state IN ('asking', 'pending') OR p.trouble<>''))"
    ):
        # Called off before a restored server had heard of it: there is nothing to pay any more.
        is_over = world.server.restored and state in CALLED_OFF
        insist(25, is_over, f"{bytes(key).hex()[:8]} is {state}, and nobody asks the provider")


def _as_the_provider_says(at: Payment, there: Transaction | None) -> None:
    if at.trouble:
        return
    name = f"{at.provider_key[-6:]} is {at.state}, {at.refunded} given back"
    if there is None:
        insist(24, at.state not in MONEY_CAME, f"{name}; the provider knows nothing of it")
        return
    if at.state == "charged_back":
        # The owner has seen to it: it is on no list any more.
        insist(24, there.status == "chargeback", f"{name}; the provider says {there.status}")
        return
    is_paid = there.status in _SETTLED
    insist(24, (at.state in MONEY_CAME) == is_paid, f"{name}; the provider says {there.status}")
    if is_paid:
        insist(24, at.refunded == there.refunded, f"{name}; the provider says {there.refunded}")


def _story_has_it(world: World, form: Form, attempts: list[Payment]) -> None:
    """25: all that came through providers is in the order's story, once; what the order did not
    take is on a person's list."""
    paid = [one for one in attempts if one.state in MONEY_CAME]
    came = sum(one.amount for one in paid)
    sure = sum(one.amount for one in paid if not one.trouble.startswith("order:"))
    told = 0
    for codes, body in world.server.rows(
        "SELECT told, body FROM order_event WHERE order_id=:key ORDER BY n", key=form.order_id
    ):
        steps = read_stepped(body).steps
        told += sum(
            step.amount
            for step, why in zip(steps, codes.split(",") if steps else (), strict=True)
            if step.name == "settle_payment" and not why
        )
    is_so = sure <= told <= came or (bool(world.server.restored) and told >= sure)
    insist(25, is_so, f"{form.order_id.hex()[:8]}: {came} came, its story says {told}")


def _what_is_owed_is_seen(world: World) -> None:
    """25: money that goes back is on the shop's list until it has gone."""
    for key, state, payment, total, paid, refunded in world.server.rows(
        "SELECT order_id, state, payment, total, paid, refunded FROM shop_order"
    ):
        price = 0 if state in CALLED_OFF else total
        owed = paid - refunded - price
        if owed > 0 and payment != "charged_back":
            insist(25, payment == "refund_due", f"{bytes(key).hex()[:8]} owes {owed}: {payment}")
        insist(25, refunded <= paid, f"{bytes(key).hex()[:8]}: {refunded} went back of {paid}")


def count_ends(world: World) -> None:
    """How orders ended, for the report."""
    for state, number in world.server.rows(
        "SELECT state, count(*) FROM shop_order GROUP BY state ORDER BY state"
    ):
        name = f"order {state}" if state in ENDS else "order alive"
        world.story.count(name, number)
