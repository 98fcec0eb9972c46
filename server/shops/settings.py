"""The shop's settings that can be changed on the web; counters follow with the feed."""

from __future__ import annotations

from typing import Final, NamedTuple

from core.text import clean_name
from server.services import Services
from server.shops.editing import BadField, change_document
from server.shops.reading import ShopHere

ZONES: Final = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
"""WIB, WITA, WIT."""

MOST_LETTERS: Final = 80
MOST_ADDRESS: Final = 200
MOST_FOOTER_LINES: Final = 6
MOST_RUPIAH: Final = 999_999_999_999
_SETTINGS = b""


class ShopFields(NamedTuple):
    """What can be changed. Rupiah; minutes after midnight."""

    shop_name: str
    address: str
    phone: str
    receipt_footer: tuple[str, ...]
    zone: str
    day_close_minutes: int
    default_credit_limit: int


def shop_fields(here: ShopHere) -> ShopFields:
    """The settings as they stand."""
    return ShopFields(
        here.name,
        here.setting("address", str, ""),
        here.setting("phone", str, ""),
        tuple(here.setting("receipt_footer", list[str], [])),
        here.zone,
        here.day_close_minutes,
        here.setting("default_credit_limit", int, 0),
    )


def change_shop(
    services: Services,
    shop_id: bytes,
    seen: ShopFields,
    wanted: ShopFields,
    by: bytes,
    *,
    form: str = "",
) -> int:
    """Write what is wanted otherwise than it was seen; returns how many settings that were.

    `form` names the form and what was typed in it (`write_once`).

    Raises:
        BadField: a value cannot be taken.
    """
    cleaned = _checked(seen, wanted)
    return change_document(
        services, shop_id, "setting", _SETTINGS, seen._asdict(), cleaned._asdict(), by, form=form
    )


def _checked(seen: ShopFields, wanted: ShopFields) -> ShopFields:
    name, phone = clean_name(wanted.shop_name), clean_name(wanted.phone)
    address = clean_name(wanted.address)
    if not name:
        raise BadField("shop_name", "empty")
    for field, text, most in (
        ("shop_name", name, MOST_LETTERS),
        ("phone", phone, MOST_LETTERS),
        ("address", address, MOST_ADDRESS),
        ("receipt_footer", "".join(wanted.receipt_footer), MOST_ADDRESS),
    ):
        if len(text) > most:
            raise BadField(field, "long", most=most)
    if wanted.zone not in (*ZONES, seen.zone):
        raise BadField("zone", "choice")
    if not 0 <= wanted.default_credit_limit <= MOST_RUPIAH:
        raise BadField("default_credit_limit", "amount")
    footer = tuple(map(clean_name, wanted.receipt_footer))
    # What a counter has already is left as it is.
    if wanted.receipt_footer != seen.receipt_footer and len(footer) > MOST_FOOTER_LINES:
        raise BadField("receipt_footer", "lines", most=MOST_FOOTER_LINES)
    return wanted._replace(shop_name=name, phone=phone, address=address, receipt_footer=footer)
