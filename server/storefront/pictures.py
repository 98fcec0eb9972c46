"""A gerai's logo and banner: a setting names each by its original's hash, a table has the dots.

A picture is kept before the setting names it and the one before it goes afterwards, so that a page
never names what is not there.
"""

from __future__ import annotations

import hashlib
from typing import Final, NamedTuple

from sqlalchemy import bindparam, delete, select

from server.db.schema.pictures import gerai_picture
from server.db.tied import tied
from server.db.transaction import ShopTx
from server.pictures.fronts import MEDIA, STEPS, Role
from server.pictures.reading import read_front
from server.services import Services
from server.shops.editing import change_document
from server.shops.reading import ShopHere, shop_here

SETTINGS: Final[dict[Role, str]] = {"logo": "gerai_logo", "banner": "gerai_banner"}
_ROLE = (tied(gerai_picture), gerai_picture.c.role == bindparam("what"))
_DATA = select(gerai_picture.c.data).where(
    *_ROLE,
    gerai_picture.c.hash == bindparam("name"),
    gerai_picture.c.step == bindparam("step"),
    gerai_picture.c.kind == bindparam("kind"),
)
_OTHERS = delete(gerai_picture).where(*_ROLE, gerai_picture.c.hash != bindparam("name"))
_THIS = delete(gerai_picture).where(*_ROLE, gerai_picture.c.hash == bindparam("name"))


class FrontPicture(NamedTuple):
    """A picture by the hash of its original (hex, "" for none), with its sides in dots."""

    name: str = ""
    width: int = 0
    height: int = 0


NONE: Final = FrontPicture()


def front_picture(here: ShopHere, role: Role) -> FrontPicture:
    """What the gerai shows in a role."""
    found = here.setting(SETTINGS[role], FrontPicture, NONE)
    good = len(found.name) == 64 and set(found.name) <= set("0123456789abcdef")
    return found if good and 0 < found.width <= 960 and 0 < found.height <= 960 else NONE


def take_front(services: Services, shop_id: bytes, role: Role, original: bytes, by: bytes) -> None:
    """Show a picture in a role from now on.

    Raises:
        BadPicture, DecodersBusy: it cannot be read, or not now.
    """
    made = read_front(original, role)
    name = hashlib.sha256(original).digest()

    def keep(tx: ShopTx) -> None:
        tx.run(_THIS, what=role, name=name)
        tx.insert_columns(
            gerai_picture,
            {
                "step": [one.step for one in made.pieces],
                "kind": [one.kind for one in made.pieces],
                "data": [one.data for one in made.pieces],
            },
            constants={"role": role, "hash": name},
        )

    def settle(tx: ShopTx) -> None:
        here = shop_here(tx)
        # Another that came meanwhile may be shown instead, or have taken this one away.
        if here is not None and front_picture(here, role).name == name.hex():
            keep(tx)
            tx.run(_OTHERS, what=role, name=name)

    services.store.in_shop(shop_id, keep)
    _name(services, shop_id, role, FrontPicture(name.hex(), made.width, made.height), by)
    services.store.in_shop(shop_id, settle)


def drop_front(services: Services, shop_id: bytes, role: Role, by: bytes) -> None:
    """Show none in a role any more."""
    _name(services, shop_id, role, NONE, by)
    services.store.in_shop(shop_id, lambda tx: tx.run(_OTHERS, what=role, name=bytes(32)))


def front_data(tx: ShopTx, role: Role, shown: FrontPicture, step: int, kind: str) -> bytes | None:
    """The bytes of a size and kind, None where there are none such."""
    if not shown.name or step not in STEPS[role] or kind not in MEDIA:
        return None
    name = bytes.fromhex(shown.name)
    found: bytes | None = tx.scalar(_DATA, what=role, name=name, step=step, kind=kind)
    return found


def _name(services: Services, shop_id: bytes, role: Role, wanted: FrontPicture, by: bytes) -> None:
    with services.store.reading_shop(shop_id) as tx:
        here = shop_here(tx)
    seen = front_picture(here, role) if here else NONE
    setting = SETTINGS[role]
    change_document(services, shop_id, "setting", b"", {setting: seen}, {setting: wanted}, by)
