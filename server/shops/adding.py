"""A new shop: known to the directory, with its rows and an empty feed."""

from __future__ import annotations

from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.errors import Refused
from core.sync.feed import START
from server.db.schema.directory import known_shop
from server.db.schema.shops import shop, shop_feed
from server.db.types import parse_id
from server.services import Services
from server.shops.reading import shop_here
from server.sync.keys import ServerKey

DEFAULT_ZONE: Final = "Asia/Makassar"
MOST_LETTERS: Final = 80


class BadShopName(Refused):
    """A shop's name is empty or longer than 80 letters."""

    code = "bad_shop_name"


class UnknownZone(Refused):
    """There is no time zone of that name."""

    code = "unknown_zone"


class UnknownShop(Refused):
    """No shop has this id or name."""

    code = "unknown_shop"


class SeveralShops(Refused):
    """More than one shop has this name: its id must be given."""

    code = "several_shops"


class KnownShop(NamedTuple):
    """A shop as the directory knows it."""

    id: bytes
    name: str


def add_shop(
    services: Services, name: str, *, zone: str = DEFAULT_ZONE, day_close_minutes: int = 0
) -> KnownShop:
    """Make a shop. `day_close_minutes` after local midnight a business day ends.

    Raises:
        BadShopName: no name, or one that is too long.
        UnknownZone: there is no such time zone.
    """
    cleaned = " ".join(name.split())
    if not 0 < len(cleaned) <= MOST_LETTERS:
        raise BadShopName(most=MOST_LETTERS)
    _check_zone(zone)
    # A backup that knows a shop knows the key by which counters recognise the server.
    ServerKey(services)
    now_ms, shop_id = services.now_ms(), services.new_id()
    # The directory first: a claim without a shop is harmless, a shop that nobody finds is not.
    with services.store.directory() as tx:
        tx.insert(known_shop, shop=shop_id, name=cleaned, created_ms=now_ms)
    with services.store.shop(shop_id) as shop_tx:
        shop_tx.insert(
            shop,
            name=cleaned,
            zone=zone,
            day_close_minutes=day_close_minutes,
            server_device=services.new_id(),
            created_ms=now_ms,
        )
        shop_tx.insert(shop_feed, epoch=1, next_n=1, feed_hash=START, unknown="")
    return KnownShop(shop_id, cleaned)


def known_shops(services: Services) -> list[KnownShop]:
    """All shops, by name."""
    everyone = select(known_shop.c.shop, known_shop.c.name)
    with services.store.reading_directory() as tx:
        found = [KnownShop(row.shop, row.name) for row in tx.rows(everyone)]
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def name_now(services: Services, known: KnownShop) -> str:
    """What a shop's counters and owner call it by now."""
    with services.store.reading_shop(known.id) as tx:
        here = shop_here(tx)
    return here.name if here else known.name


def find_shop(services: Services, text: str) -> KnownShop:
    """The shop that an operator means by its id, by its name or by the one that it was made with,
    capitals or not. Who calls itself as another shop did takes nothing from that one: both are
    meant then.

    Raises:
        UnknownShop: none.
        SeveralShops: more than one has the name.
    """
    shop_id, name = _as_id(text), _folded(text)
    known = known_shops(services)
    if shop_id is not None:
        found = [one for one in known if one.id == shop_id]
    else:
        # Names are compared here: the engines do not agree on what small letters are.
        found = [
            one
            for one in known
            if name and name in (_folded(one.name), _folded(name_now(services, one)))
        ]
    if not found:
        raise UnknownShop(shop=text)
    if len(found) > 1:
        raise SeveralShops(shop=text, count=len(found))
    return found[0]


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _as_id(text: str) -> bytes | None:
    try:
        return parse_id(text)
    except ValueError:
        return None


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        raise UnknownZone(zone=zone) from None
