"""Placing an order: priced anew, set aside and numbered in one transaction of the shop's feed.

The feed is locked first, so that what is free is read and taken at once. An order of two shops is
two orders, each placed by itself; the same checkout sent again finds what it placed before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, func, select

from core.dates import business_date
from core.facts.orders import HandWay, OrderPlaced
from core.orders.codes import proof_of
from core.orders.rules import MOST_RUPIAH
from core.orders.standing import ENDS, PayWay
from core.phone import whatsapp_number
from core.text import clean_name
from server.db.pipelining import together
from server.db.schema.directory import order_key
from server.db.schema.orders import order_contact, order_event, shop_order
from server.db.tied import meets, tied
from server.db.transaction import Ask, ShopTx, Tx
from server.devices.overview import LINES_ASK
from server.orders.goods import Item, priced, wares_ask, wares_of
from server.orders.keys import digits_of, hash_of, key_of, order_id_of
from server.orders.refusals import BadBasket, BadContact, GeraiShut, TooManyOrders, WayNotOffered
from server.orders.terms import accept_by_ms, offered, pay_ways, tax_of, terms_of
from server.orders.writing import OVERDUE, step_by_clock, watch, write_steps
from server.payments.accounts import ACCOUNTS_ASK
from server.services import Services
from server.shops.adding import DEFAULT_ZONE
from server.shops.reading import SHOP_ASKS, ShopHere, shop_here
from server.storefront.goods import Moment, last_sync, windows_ask
from server.storefront.hours import standing
from server.storefront.settings import FEE_LATER, HOUR_MS, GeraiFields, gerai_fields
from server.sync.asking import STEP_ASKS
from server.sync.feed import Step

MOST_OF_PHONE: Final = 5
"""Orders of one buyer at one shop that are not over."""

MOST_UNANSWERED: Final = 30
"""Orders from one range of addresses at one shop that wait for its answer: a mobile network hides
many buyers behind one address, and who floods a shop gets no answers."""

MOST_NAME: Final = 80
MOST_ADDRESS: Final = 300
MOST_NOTE: Final = 300

_joined = shop_order.join(
    order_contact, meets(order_contact, order_contact.c.order_id == shop_order.c.order_id)
)


def _count(*conditions: Any) -> Any:
    found = select(func.count()).select_from(_joined).where(tied(shop_order), *conditions)
    return found.scalar_subquery()


def _first(column: Any, table: Any, *conditions: Any) -> Any:
    return select(column).where(tied(table), *conditions).limit(1).scalar_subquery()


_STANDING = select(
    _first(shop_order.c.number, shop_order, shop_order.c.order_id == bindparam("key")).label(
        "known"
    ),
    _first(order_event.c.n, order_event, order_event.c.order_id == bindparam("key")).label("told"),
    select(func.max(shop_order.c.number)).where(tied(shop_order)).scalar_subquery().label("last"),
    _count(
        order_contact.c.phone == bindparam("phone"),
        *(shop_order.c.state != one for one in sorted(ENDS | {"fulfilled"})),
    ).label("of_phone"),
    _count(order_contact.c.origin == bindparam("origin"), shop_order.c.state == "placed").label(
        "unanswered"
    ),
    OVERDUE.label("overdue"),
)
"""How a new order finds the shop: its number if it is known, an event of it, the last number, how
many orders the buyer and the range of addresses have, and one whose time has come."""


class Buyer(NamedTuple):
    """Who orders, as typed; `origin` is the range of addresses the request came from."""

    name: str
    phone: str
    note: str
    origin: str


class Wanted(NamedTuple):
    """What is ordered at one shop. `fee` (rupiah) is what the buyer saw for bringing it."""

    shop_id: bytes
    items: tuple[Item, ...]
    way: HandWay
    area: str
    address: str
    pay_way: PayWay
    fee: int


class Placed(NamedTuple):
    """An order and the key of its page; `number` is the shop's own."""

    shop_id: bytes
    order_id: bytes
    key: bytes
    number: int
    shop_name: str = ""


class _New(NamedTuple):
    """What an order is known by from here on, and how it finds the shop (`_STANDING`)."""

    order_id: bytes
    number: int
    proof: bytes
    standing: Any


def checked_buyer(buyer: Buyer) -> Buyer:
    """The buyer in one form.

    Raises:
        BadContact: the shop could not reach them.
    """
    name, note = clean_name(buyer.name), clean_name(buyer.note)
    phone = whatsapp_number(buyer.phone)
    if not 0 < len(name) <= MOST_NAME:
        raise BadContact(why="name", most=MOST_NAME)
    if phone is None:
        raise BadContact(why="phone")
    if len(note) > MOST_NOTE:
        raise BadContact(why="note", most=MOST_NOTE)
    return buyer._replace(name=name, phone=phone, note=note)


def place(
    services: Services, token: bytes, wanted: Wanted, buyer: Buyer, *, findable: bool = False
) -> Placed:
    """Place an order at one shop. `findable`: `make_findable` was called for it.

    Raises:
        Refused: it cannot be ordered so; nothing was set aside.
    """
    buyer = checked_buyer(buyer)
    order_id, key = order_id_of(token, wanted.shop_id), key_of(token, wanted.shop_id)
    # Slow on purpose, so not while the shop's feed is locked.
    proof = proof_of(order_id, digits_of(key))
    if not findable:
        make_findable(services, token, (wanted.shop_id,))

    def write(tx: ShopTx) -> tuple[int, str]:
        now_ms = services.now_ms()
        standing = _standing_ask(order_id, buyer, now_ms)
        tx.ahead([*STEP_ASKS, standing, *_asks(wanted, now_ms)])
        step = Step(tx, now_ms)
        at = tx.one(standing.statement, **standing.params)
        assert at is not None
        if at.known is not None:
            here = shop_here(tx)
            return int(at.known), here.name if here else ""
        if at.told is None:
            step.books.orders.begin(order_id)
        number = (at.last or 0) + 1
        return number, _write(step, wanted, buyer, _New(order_id, number, proof, at))

    return Placed(wanted.shop_id, order_id, key, *services.store.in_shop(wanted.shop_id, write))


def make_findable(
    services: Services,
    token: bytes,
    shops: Iterable[bytes],
    first: Callable[[Tx], None] = lambda tx: None,
) -> None:
    """Write down where the pages of a checkout's orders will be: before the orders are there, so
    that none is ever without a page. `first` is done in the same transaction, and may refuse."""
    now_ms, ordered = services.now_ms(), sorted(shops)

    keys: dict[str, list[Any]] = {
        "key_hash": [hash_of(key_of(token, shop_id)) for shop_id in ordered],
        "shop": ordered,
        "order_id": [order_id_of(token, shop_id) for shop_id in ordered],
        "created_ms": [now_ms] * len(ordered),
    }

    def write(tx: Tx) -> None:
        first(tx)
        with together(tx, last=True):
            tx.insert_columns(order_key, keys, on_conflict="nothing")
            for shop_id in ordered:
                watch(tx, shop_id, now_ms)

    # What lasts is the order, and with it what was written before it.
    services.store.in_directory(write, lasting=False)


def _standing_ask(order_id: bytes, buyer: Buyer, now_ms: int) -> Ask:
    params = {"key": order_id, "phone": buyer.phone, "origin": buyer.origin, "now": now_ms}
    return Ask(_STANDING, params)


def _asks(wanted: Wanted, now_ms: int) -> list[Ask]:
    """What else placing asks and is known beforehand: all of it goes with the question for the
    lock, since one by one they would take longer than answering them. The shop's day is not known
    yet: where another one than the usual zone's is meant, it is asked again."""
    usual = business_date(now_ms, DEFAULT_ZONE, 0)
    return [
        *SHOP_ASKS,
        ACCOUNTS_ASK,
        LINES_ASK,
        wares_ask({item.product_id for item in wanted.items}),
        windows_ask(usual),
    ]


def _write(step: Step, wanted: Wanted, buyer: Buyer, new: _New) -> str:
    """Write the order; returns the shop's name."""
    tx, now_ms = step.tx, step.now_ms
    here = shop_here(tx)
    if here is None:
        raise GeraiShut(why="closed")
    fields, terms = gerai_fields(here), terms_of(here)
    check_open(here, fields, now_ms)
    fee, is_open = fee_of(here, fields, wanted, pay_ways(tx, here))
    _check_floods(new.standing, buyer)
    if new.standing.overdue is not None and step_by_clock(step, terms):
        # What is free now is read from the tables, so the lapsed ones go there first.
        step.books.orders.write(tx)
    at = moment_of(tx, here, fields, now_ms)
    wares = wares_of(tx, {item.product_id for item in wanted.items}, at)
    found = priced(wares, wanted.items, tax_of(here))
    if found.total + fee > MOST_RUPIAH:
        raise BadBasket(why="total")
    if not offered((wanted.pay_way,), found.total + fee):
        raise WayNotOffered(why="pay", shop=here.name)
    accept_by = accept_by_ms(here, fields, now_ms)
    area = wanted.area if wanted.way == "delivery" else ""
    step.say(
        OrderPlaced(
            new.order_id, new.number, found.lines, wanted.way, area, fee, wanted.pay_way,
            found.total + fee, new.proof, accept_by, is_open,
        )
    )  # fmt: skip
    if terms.auto_accept and found.sure and not is_open:
        write_steps(step, new.order_id, "time", (("accept", 0),), terms)
    contact = {
        "order_id": new.order_id, "at_ms": now_ms, "name": buyer.name, "phone": buyer.phone,
        "address": _address(wanted), "note": buyer.note, "origin": buyer.origin,
    }  # fmt: skip
    step.close(lambda: tx.insert(order_contact, **contact), last=True)
    return here.name


def moment_of(tx: ShopTx, here: ShopHere, fields: GeraiFields, now_ms: int) -> Moment:
    """Now, as goods are promised."""
    term_ms = fields.gerai_term_hours * HOUR_MS
    return Moment(now_ms, here.today(now_ms), term_ms, last_sync(tx, now_ms))


def check_open(here: ShopHere, fields: GeraiFields, now_ms: int) -> None:
    """Pass a gerai that takes orders now.

    Raises:
        GeraiShut: it does not.
    """
    if not fields.gerai_open:
        raise GeraiShut(why="closed", shop=here.name)
    at = standing(fields.gerai_hours, fields.gerai_holidays, now_ms, here.zone)
    if at.kind == "holiday":
        raise GeraiShut(why="holiday", shop=here.name)


def fee_of(
    here: ShopHere, fields: GeraiFields, wanted: Wanted, ways: Collection[PayWay]
) -> tuple[int, bool]:
    """What bringing it costs (rupiah), once the ways are offered, and whether the shop is yet to
    say it (a courier's; nothing until then).

    Raises:
        WayNotOffered: they are not, or the fee is not what the buyer saw.
        BadContact: it is to be brought, and nobody says where.
    """
    if wanted.pay_way not in ways:
        raise WayNotOffered(why="pay", shop=here.name)
    if wanted.way == "collect" and fields.gerai_collect:
        return 0, False
    if wanted.way == "courier":
        return _courier_fee(here, fields, wanted)
    fees = {area.code: area.fee for area in fields.gerai_areas}
    if wanted.way != "delivery" or wanted.area not in fees:
        raise WayNotOffered(why="way", shop=here.name)
    if not _address(wanted):
        raise BadContact(why="address", most=MOST_ADDRESS)
    if wanted.fee != fees[wanted.area]:
        raise WayNotOffered(why="fee", shop=here.name, fee=fees[wanted.area])
    return fees[wanted.area], False


def _courier_fee(here: ShopHere, fields: GeraiFields, wanted: Wanted) -> tuple[int, bool]:
    courier = fields.gerai_courier
    if not courier.names:
        raise WayNotOffered(why="way", shop=here.name)
    if wanted.pay_way == "at_handover":
        raise WayNotOffered(why="courier", shop=here.name)
    if not _address(wanted):
        raise BadContact(why="address", most=MOST_ADDRESS)
    is_open = courier.fee == FEE_LATER
    fee = 0 if is_open else courier.fee
    if wanted.fee != courier.fee:
        raise WayNotOffered(why="fee_later" if is_open else "fee", shop=here.name, fee=fee)
    return fee, is_open


def _address(wanted: Wanted) -> str:
    if wanted.way == "collect":
        return ""
    text = clean_name(wanted.address)
    return text if len(text) <= MOST_ADDRESS else ""


def _check_floods(standing: Any, buyer: Buyer) -> None:
    if standing.of_phone >= MOST_OF_PHONE:
        raise TooManyOrders(most=MOST_OF_PHONE)
    if buyer.origin and standing.unanswered >= MOST_UNANSWERED:
        raise TooManyOrders(most=MOST_UNANSWERED)
