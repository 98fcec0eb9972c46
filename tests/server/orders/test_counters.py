"""What a shop's counters say about orders, and what they ask for."""

from __future__ import annotations

from core.facts.orders import OrderPlaced, OrderReviewed, OrderSaid, OrderStep, OrderStepped
from core.orders.contacts import MOST_IDS, Contact, Contacts, ContactsWanted
from core.orders.steps import StepName
from server.db.schema.orders import order_event, shop_order
from server.orders.placing import Placed
from server.orders.stepping import take_steps
from server.orders.sweeping import erase_buyer
from tests.helpers.orders import open_shop, order, read, reserved, stock_up
from tests.helpers.sync_client import fresh_id
from tests.helpers.web_gerai import set_gerai
from tests.server.sync.conftest import Shop, clock, services, shop
from tests.server.sync.over_http import Http, message, run

__all__ = ["clock", "services", "shop"]


def stepped(placed: Placed, *names: StepName, who: str = "shop", amount: int = 0) -> OrderStepped:
    """A step as a counter writes it."""
    steps = tuple(OrderStep(name, amount) for name in names)
    return OrderStepped(placed.order_id, who, steps)  # type: ignore[arg-type]


def an_order(shop: Shop) -> tuple[bytes, Placed]:
    """A shop whose gerai is open, with an order of three."""
    set_gerai(shop.services, shop.id, gerai_open=True)
    rice = stock_up(shop.services, shop.id, "Beras", 10)
    return rice, order(shop.services, shop.id, [(rice, 3)])


def test_a_counters_steps_move_the_order_and_what_is_set_aside(shop: Shop) -> None:
    counter = shop.joined()
    _, placed = an_order(shop)
    counter.write(stepped(placed, "accept"))
    counter.write(stepped(placed, "prepare", "make_ready"))
    shop.send(counter)
    assert read(shop.services, placed).story.standing.order == "ready"
    counter.write(stepped(placed, "pay_at_handover", "hand_over", "fulfil", amount=30_000))
    shop.send(counter)
    found = read(shop.services, placed)
    # The sum belongs to the payment alone; each step is judged by itself.
    whys = [one.why for one in found.happened[-1].told]
    assert whys == ["", "order_wrong_amount", "order_step_not_possible"]
    counter.write(stepped(placed, "hand_over", "fulfil"))
    shop.send(counter)
    assert read(shop.services, placed).story.standing.order == "fulfilled"
    assert reserved(shop.services, shop.id) == {}


def test_a_step_that_came_too_late_changes_nothing_and_is_flagged(shop: Shop) -> None:
    counter = shop.joined()
    _, placed = an_order(shop)
    counter.write(stepped(placed, "accept"))
    take_steps(shop.services, shop.id, placed.order_id, "buyer", ["cancel"])
    shop.send(counter)
    assert read(shop.services, placed).story.standing.order == "cancelled"
    assert shop.verdicts(counter)["order_stepped"] == "flagged:order_step_void"


def test_a_counter_speaks_for_its_shop_alone_and_places_nothing(shop: Shop) -> None:
    counter = shop.joined()
    _, placed = an_order(shop)
    counter.write(stepped(placed, "cancel", who="buyer"))
    original = read(shop.services, placed).placed
    forged = OrderPlaced(*(getattr(original, name) for name in OrderPlaced.__struct_fields__))
    counter.write(forged)
    counter.write(OrderSaid(placed.order_id, "buyer"))
    counter.write(OrderReviewed(placed.order_id, 5))
    shop.send(counter)
    assert read(shop.services, placed).story.standing.order == "placed"
    for kind in ("order_placed", "note_order_said", "note_order_reviewed"):
        assert shop.verdicts(counter)[kind] == "quarantined:server_only"
    assert len(shop.rows(shop_order, "order_id")) == 1


def test_a_step_of_an_order_that_is_lost_here_is_kept_and_flagged(shop: Shop) -> None:
    counter = shop.joined()
    unknown = Placed(shop.id, fresh_id(), b"", 1)
    counter.write(stepped(unknown, "accept"))
    shop.send(counter)
    assert shop.verdicts(counter)["order_stepped"] == "flagged:unknown_reference"
    assert len(shop.rows(order_event, "n")) == 1 and not shop.rows(shop_order, "n")


def test_contacts_are_for_the_shops_own_counters(shop: Shop) -> None:
    other = open_shop(shop.services, "Toko Lain")
    sugar = stock_up(shop.services, other, "Gula", 5)
    theirs = order(shop.services, other, [(sugar, 1)])
    counter = shop.joined()
    _, placed = an_order(shop)

    async def ask(http: Http, *ids: bytes) -> tuple[Contact, ...]:
        wanted = ContactsWanted(ids=ids)
        return message(Contacts, await http.post(counter, "/orders/contacts", wanted)).contacts

    async def story() -> None:
        http = Http(shop)
        mine = Contact(placed.order_id, "Ibu Hadija", "6281244001234", "", "")
        assert await ask(http, placed.order_id, theirs.order_id, fresh_id()) == (mine,)
        assert await ask(http) == ()
        erase_buyer(shop.services, shop.id, placed.order_id)
        assert await ask(http, placed.order_id) == ()
        many = ContactsWanted(ids=tuple(fresh_id() for _ in range(MOST_IDS + 1)))
        assert (await http.post(counter, "/orders/contacts", many)).status_code == 400
        short = ContactsWanted(ids=(b"x",))
        assert (await http.post(counter, "/orders/contacts", short)).status_code == 400
        assert (await http.ask("POST", "/orders/contacts")).status_code == 401

    run(story())
