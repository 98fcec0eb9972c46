"""The gerai of a run: buyers who order, change their mind and pay, owners on the web, the clock of
orders and the provider. All of it by the server's real commands, from a stream of chance of its
own, so that a run's other draws stay what they are."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from core.errors import Refused
from core.orders.rules import possible
from core.orders.standing import PayWay
from server.orders.door import PaidOrders
from server.orders.goods import Item
from server.orders.keys import digits_of, key_of, order_id_of
from server.orders.placing import Buyer, Placed, Wanted, place
from server.orders.reading import Order, find_order, read_order
from server.orders.stepping import take_steps
from server.orders.sweeping import sweep_orders
from server.payments import rows
from server.payments.accounts import Account, set_account
from server.payments.hearing import notified
from server.payments.looking import call_off, look
from server.payments.paying import Paying
from server.payments.polling import poll_due
from server.services import Services
from server.storefront.settings import Area
from server.web.order_pay import begin, may_pay, waits_of
from server.web.order_words import BUYER_BUTTONS
from tests.helpers.orders import set_plain
from tests.helpers.web_gerai import set_gerai
from tests.simulation import complaints, order_checks, order_tills, owners, talk
from tests.simulation.couriers import Couriers
from tests.simulation.gateway import BASE, Gateway
from tests.simulation.machine import newest_program
from tests.simulation.nature import Killed

if TYPE_CHECKING:
    from tests.simulation.world import World

KEY: Final = "SB-Mid-server-simulasi"
LIMBOTO: Final = "75.01.01"
MINUTE_MS: Final = 60_000
MOST_ORDERS: Final = 12
QUARRELS: Final = 4
_NOTHING: Final = "0"
_SELDOM: Final = ("cancel", "uphold")
_MOST_ROUNDS: Final = 500
"""Only so that an end that never comes is told: each open payment is asked about every hour."""
_CHECKED_WITHIN_MS: Final = 50 * 60 * MINUTE_MS
"""Until then every schedule has come to its end, and money that came is checked once more."""
_WAITS_MS: Final = (20 * MINUTE_MS, 65 * MINUTE_MS, 5 * 60 * MINUTE_MS, 49 * 60 * MINUTE_MS)


class Form(NamedTuple):
    """A checkout at one shop, as the buyer's browser holds it: sent again it is the same."""

    token: bytes
    wanted: Wanted
    buyer: Buyer

    @property
    def order_id(self) -> bytes:
        """The order that it makes."""
        return order_id_of(self.token, self.wanted.shop_id)

    @property
    def key(self) -> bytes:
        """The key of its page."""
        return key_of(self.token, self.wanted.shop_id)


class Market:
    """One for a run, over all its shops."""

    def __init__(self, world: World, chance: random.Random) -> None:
        """Every shop opens its gerai and takes payments through the provider."""
        self.world, self.chance = world, chance
        self.gateway = Gateway(world.truth, chance, world.swarm.orders or {})
        self.gateway.counted = lambda name: world.story.count(f"market {name}")
        self.gateway.is_calm = True
        self.forms: dict[bytes, Form] = {}
        self.pages: dict[bytes, str] = {}
        self.numbers: dict[bytes, int] = {}
        self.talk = talk.Talk()
        self._swept_ms = 0
        self._ways: tuple[PayWay, ...] = ("at_handover", "to_shop", "gateway", "gateway")
        stream = world.swarm.couriers
        self.couriers = Couriers(self, random.Random(stream)) if stream else None
        self.auto = [chance.random() < 0.6 for _ in world.server.shops]
        self.tend()
        if "old_orders" in self.gateway.rates:
            order_tills.old_program(world, chance)

    @property
    def services(self) -> Services:
        """Those of the process that serves now."""
        return self.world.server.services

    @property
    def paying(self) -> Paying:
        """What commands of payments work with."""
        return Paying(self.services, PaidOrders(), self.gateway.connect)

    def tend(self) -> None:
        """Owners see to it that their gerai is open and that the provider's key is there."""
        for shop, auto in zip(self.world.server.shops, self.auto, strict=True):
            set_gerai(
                self.services, shop, gerai_open=True, gerai_areas=(Area(LIMBOTO, 5_000),),
                gerai_term_hours=168,
            )  # fmt: skip
            set_plain(self.services, shop, transfer_accounts=["BRI 1"], gerai_auto_accept=auto)
            if not self.world.server.rows(
                "SELECT 1 FROM provider_account WHERE shop_id=:shop", shop=shop
            ):
                set_account(self.services, shop, Account("sandbox", KEY, base=BASE))
        if self.couriers is not None:
            self.couriers.tend()

    def digits(self, order_id: bytes) -> str:
        """What the buyer says at the counter."""
        return digits_of(self.forms[order_id].key)

    def orders(self) -> list[Form]:
        """Those that the server knows now."""
        known = {bytes(row[0]) for row in self.world.server.rows("SELECT order_id FROM shop_order")}
        return [one for one in self.forms.values() if one.order_id in known]

    def order_keys(self) -> set[str]:
        """What the provider knows attempts by."""
        return {str(row[0]) for row in self.world.server.rows(
            "SELECT provider_key FROM order_payment")}  # fmt: skip

    def read(self, form: Form) -> Order | None:
        """The order as its page shows it."""
        with self.services.store.reading_shop(form.wanted.shop_id) as tx:
            return read_order(tx, form.order_id)

    # -- what happens at the server, whose process may die of it

    def at_server(self, what: str, work: Callable[[], Any], *, by_provider: bool = False) -> str:
        """Something is done there; returns how it ended, for the story."""
        world, server = self.world, self.world.server
        if self.gateway.befalls("server_dies"):
            server.fuse.light(self.chance.randint(0, 80))
        if self.gateway.befalls("server_locked"):
            server.busy = self.chance.randint(1, 8)
        before = order_checks.seen(world)
        try:
            with newest_program():
                said = work()
            ended = said if isinstance(said, str) else getattr(said, "state", "done")
        except Refused as refusal:
            ended = refusal.code
        except Killed:
            server.start()
            world.story.count("server killed by an order")
            world.check_server_start()
            ended = "killed"
        finally:
            server.fuse.left, server.busy = None, 0
        if ended != _NOTHING:
            world.tell(None, f"{what}: {ended}")
        order_checks.nothing_is_undone(world, before, by_provider=by_provider)
        return ended

    # -- steps

    def step(self) -> None:
        """One step of the safety phase."""
        self.gateway.is_calm = self.world.swarm.mode in ("quiet", "shops")
        self._pass()
        if self.chance.random() < 0.2 and self.gateway.befalls("long_wait"):
            self.world.truth.forward(self.chance.choice(_WAITS_MS))
        self.chance.choice(_ACTS)(self)
        if self.chance.random() < 0.2:
            self.chance.choice(_SPEAK)(self)
        if self.chance.random() < 0.6:
            order_tills.work(self)
        if self.couriers is not None:
            self.couriers.step()

    def _pass(self) -> None:
        """What a minute brings: notifications, the schedule, the clock of orders."""
        self.gateway.pass_time()
        for post in self.gateway.due_posts():
            self._hear(post)
        if self.world.truth.now - self._swept_ms >= MINUTE_MS // 3:
            self._swept_ms = self.world.truth.now
            self.at_server("clock", lambda: str(sweep_orders(self.services)))
            self.at_server("schedule", lambda: str(poll_due(self.paying)), by_provider=True)

    def _hear(self, post: Any) -> None:
        ended = self.at_server(
            "notification", lambda: str(notified(self.paying, "midtrans", post.body)),
            by_provider=True,
        )  # fmt: skip
        if ended not in ("ignored", "taken"):
            self.gateway.not_taken(post)

    def goods_for_sale(self, shop: bytes) -> list[tuple[bytes, str, int]]:
        """What a gerai shows: product, unit, price."""
        return [
            (bytes(row[0]), str(row[1]), int(row[2]))
            for row in self.world.server.rows(
                "SELECT product_id, unit, price FROM product WHERE shop_id=:shop AND online=1"
                " AND active=1 ORDER BY product_id",
                shop=shop,
            )
        ]

    def buy(self) -> None:
        """Somebody orders, at one shop or at two."""
        if len(self.forms) >= MOST_ORDERS:
            return self.go_on()
        chance, shops = self.chance, list(self.world.server.shops)
        token, number = chance.randbytes(16), len(self.forms)
        buyer = Buyer(f"Pembeli {number}", f"0812{number % 4:08}", "", f"10.0.{number}.0/24")
        for shop in chance.sample(shops, min(len(shops), chance.choice((1, 1, 2)))):
            wares = self.goods_for_sale(shop)
            if not wares:
                owners.put_online(self)
                continue
            items = []
            for product, unit, price in (chance.choice(wares) for _ in range(chance.randint(1, 3))):
                qty = chance.choice((1_000, 2_000, 3_000, 9_000))
                items.append(Item(product, unit, qty, chance.choice((price, None))))
            brought, way = chance.random() < 0.2, chance.choice(self._ways)
            wanted = Wanted(
                shop, tuple(items), "delivery" if brought else "collect",
                LIMBOTO if brought else "", "Jalan Danau 1" if brought else "", way,
                5_000 if brought else 0,
            )  # fmt: skip
            form = self.forms[order_id_of(token, shop)] = Form(token, wanted, buyer)
            self.send(form)

    def send(self, form: Form) -> None:
        """The form of a checkout goes to the server."""

        done: list[Placed] = []

        def sent() -> str:
            done.append(place(self.services, form.token, form.wanted, form.buyer))
            return f"order {done[0].number}"

        self.at_server("checkout", sent)
        for placed in done:
            if placed.order_id not in self.numbers:
                self.world.story.count("orders placed")
                order_checks.promises_hold(self.world, form.wanted.shop_id, placed.order_id)
            known = self.numbers.setdefault(placed.order_id, placed.number)
            order_checks.is_the_same(self.world, known, placed.number)

    def send_again(self) -> None:
        """The browser sends a form once more."""
        if self.forms:
            self.send(self.chance.choice(list(self.forms.values())))

    def go_on(self) -> None:
        """A buyer opens the order's page and does something there."""
        for form in self.some():
            order = self.read(form)
            if order is None:
                return
            if find_order(self.services, form.key) is None:
                self.world.story.count("order without its page")
            at, over = order.story.standing, order.passed(self.services.now_ms())
            names = [one.name for one in possible(at, "buyer", passed=over)]
            wishes = [one for one in names if one in BUYER_BUTTONS
                      and (one not in _SELDOM or self.chance.random() < 0.2)]  # fmt: skip
            if may_pay(order) and self.chance.random() < 0.7:
                self.pay_online(form, order)
            elif wishes:
                name = self.chance.choice(wishes)
                self.step_of(form, "buyer", name, order)

    def step_of(self, form: Form, who: Any, name: Any, order: Order, amount: int = 0) -> None:
        """One step of somebody's at the server."""
        shop = form.wanted.shop_id
        lines = order.story.lines[:-1] if name == "propose" else ()
        what = f"{who} {name} {order.placed.number}"
        # What a buyer gives as a reason becomes a message.
        word = self.talk.begin(form.order_id, who) if who == "buyer" else talk.Word("uji")
        ended = self.at_server(what, lambda: take_steps(
            self.services, shop, form.order_id, who, [name], amount=amount, lines=lines,
            reason=word.text, by=b""))  # fmt: skip
        word.is_sure = ended == "done" and order.contact is not None
        self.world.story.count(f"web {name}")
        complaints.count(self.world, name, is_done=ended == "done")

    def pay_some(self) -> None:
        """A buyer of an order that is to be paid at the provider goes to pay."""
        for form in self.chance.sample(known := self.orders(), len(known)):
            order = self.read(form)
            if order is not None and may_pay(order):
                return self.pay_online(form, order)
        return self.at_the_bank()

    def pay_online(self, form: Form, order: Order) -> None:
        """The buyer asks to pay at the provider, and does so on its page."""
        shop = form.wanted.shop_id
        self.at_server(
            f"pay {order.placed.number}",
            lambda: f"attempt {begin(self.services, shop, form.order_id, order, BASE, '').state}",
        )
        with self.services.store.reading_shop(shop) as tx:
            page = waits_of(tx, form.order_id).page
        if page:
            self.pages[form.order_id] = page
        self.at_the_bank()

    def at_the_bank(self) -> None:
        """A buyer pays on a page that may be an old one; a bank is late, or takes back."""
        chance, said = self.chance, ""
        if self.pages and chance.random() < 0.7:
            said = self.gateway.pay(self.pages[chance.choice(sorted(self.pages))])
            self.world.story.count("paid at the provider", said == "settlement")
        else:
            said = self.gateway.something_happens(self.order_keys())
        if said:
            self.world.tell(None, f"provider: {said}")

    def some(self) -> list[Form]:
        """One order, if there is any."""
        known = self.orders()
        return [self.chance.choice(known)] if known else []

    def ask_provider(self) -> None:
        """Somebody looks how a payment stands, or calls it off."""
        for form in self.some():
            shop = form.wanted.shop_id
            with self.services.store.reading_shop(shop) as tx:
                attempts = rows.payments_of(tx, form.order_id)
            if attempts:
                command = self.chance.choice((look, call_off))
                asked = partial(command, self.paying, shop, self.chance.choice(attempts).id)
                self.at_server(command.__name__, asked, by_provider=True)

    # -- the end

    def rest(self) -> None:
        """The faults have stopped: notifications arrive, the schedule comes to its end, owners give
        back what is owed, and the clock takes what is due."""
        self.gateway.is_calm = True
        ends = self.world.truth.now + _CHECKED_WITHIN_MS
        self.tend()
        for form in self.orders():
            order = self.read(form)
            if order is not None and may_pay(order) and order.story.standing.payment == "asked":
                self.pay_online(form, order)
        for time in range(_MOST_ROUNDS):
            self._swept_ms = 0
            if time < QUARRELS:
                complaints.quarrel(self)
            self._pass()
            complaints.decide(self)
            for form in self.orders():
                owners.refund_order(self, form)
            soonest = self._soonest()
            if soonest is None or soonest > ends:
                soonest = complaints.soonest(self)  # which take longer than payments
            if soonest is None:
                break
            self.world.truth.forward(max(0, soonest - self.world.truth.now) + 1)
        self.at_server("clock", lambda: str(sweep_orders(self.services)))

    def _soonest(self) -> int | None:
        """When the next notification comes or the next payment is asked about."""
        asked = self.world.server.rows("SELECT min(poll_ms) FROM provider_order")[0][0]
        times = [one.at_ms for one in self.gateway.posts]
        times += [one for one in (asked, complaints.soonest(self)) if one is not None]
        return min(times, default=None)


_ACTS: Final[tuple[Callable[[Market], None], ...]] = (
    *[Market.buy] * 5, *[Market.go_on] * 4, *[owners.own] * 2, *[Market.at_the_bank] * 2,
    *[Market.pay_some] * 4,
    Market.send_again, owners.put_online, owners.give_back, Market.ask_provider, Market.tend,
)  # fmt: skip
_SPEAK: Final = (*[complaints.argue] * 3, talk.on_page, talk.on_web)
"""Beside the rest, so that no less is bought and paid."""
