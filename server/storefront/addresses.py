"""A gerai's address: unique in the world, so it is in the directory and needs the network.

The newest claim of a shop is its address; earlier ones still lead there, until there are too many.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import bindparam, delete, select, update

from core.errors import Refused
from server.db.schema.directory import gerai_name
from server.db.transaction import Tx
from server.marks import mark_shop
from server.services import Services
from server.storefront.names import fault_of, numbered, propose

MOST_NAMES: Final = 5
"""An address and four former ones; an older one is free again."""
_TRIED: Final = 50

_OF_NAME = select(gerai_name.c.shop).where(gerai_name.c.name == bindparam("wanted"))
_OF_SHOP = (
    select(gerai_name.c.name)
    .where(gerai_name.c.shop == bindparam("whose"))
    .order_by(gerai_name.c.claimed_ms.desc(), gerai_name.c.name)
)
_AGAIN = (
    update(gerai_name)
    .where(gerai_name.c.name == bindparam("wanted"))
    .values(claimed_ms=bindparam("ms"))
)
_FREE = delete(gerai_name).where(gerai_name.c.name == bindparam("wanted"))


class BadName(Refused):
    """The address cannot be had; `why` is a fault of `names`, or "taken"."""

    code = "bad_gerai_name"


class Found(NamedTuple):
    """Whose address it is, and the shop's newest one."""

    shop_id: bytes
    name: str


def find_gerai(services: Services, name: str) -> Found | None:
    """The shop of an address, also of a former one."""
    if fault_of(name):
        return None
    with services.store.reading_directory() as tx:
        shop_id = tx.scalar(_OF_NAME, wanted=name)
        if shop_id is None:
            return None
        return Found(shop_id, tx.rows(_OF_SHOP, whose=shop_id)[0].name)


def name_of(services: Services, shop_id: bytes) -> str:
    """A shop's address, "" where it has none yet."""
    with services.store.reading_directory() as tx:
        return tx.scalar(_OF_SHOP.limit(1), whose=shop_id) or ""


def free_name(services: Services, shop_name: str) -> str:
    """An address that nobody has, proposed from the shop's name."""
    wanted = propose(shop_name)
    with services.store.reading_directory() as tx:
        for number in range(1, _TRIED):
            name = wanted if number == 1 else numbered(wanted, number)
            if not fault_of(name) and tx.scalar(_OF_NAME, wanted=name) is None:
                return name
    return ""


def claim(services: Services, shop_id: bytes, name: str) -> None:
    """Make a name the shop's address.

    Raises:
        BadName: it breaks a rule, or another shop has it.
    """
    fault = fault_of(name)
    if fault:
        raise BadName(why=fault)

    def write(tx: Tx) -> None:
        names = [row.name for row in tx.rows(_OF_SHOP, whose=shop_id)]
        if names[:1] == [name]:
            return
        now_ms = services.now_ms()
        mark_shop(tx, shop_id)
        if name in names:
            tx.run(_AGAIN, wanted=name, ms=now_ms)
            return
        if not tx.insert_new(gerai_name, name=name, shop=shop_id, claimed_ms=now_ms):
            raise BadName(why="taken")
        for former in names[MOST_NAMES - 1 :]:
            tx.run(_FREE, wanted=former)

    services.store.in_directory(write)
