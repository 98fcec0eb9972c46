"""A gerai's settings: settings of its shop, with history and two places like any other."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import msgspec

from core.orders.rules import MOST_FEE
from core.phone import whatsapp_number
from core.text import clean_name
from server.services import Services
from server.shops.editing import BadField, change_document
from server.shops.reading import ShopHere
from server.storefront.contact import map_link
from server.storefront.districts import districts
from server.storefront.face import FONTS as KNOWN_FONTS
from server.storefront.face import LAYOUTS, OWN, SETS, Face, parse_colour, settled
from server.storefront.hours import NO_HOURS, Holiday, Week, is_holiday, is_week

MOST_STORY: Final = 1_000
MOST_SENTENCE: Final = 160
MOST_HOLIDAYS: Final = 6
MOST_COURIERS: Final = 60
FEE_LATER: Final = -1
"""A courier's fee that is said when the shop answers."""

DEFAULT_TERM_HOURS: Final = 24
MOST_TERM_HOURS: Final = 7 * 24
HOUR_MS: Final = 3_600_000
_SETTINGS = b""


class Area(NamedTuple):
    """A kecamatan to which the shop delivers, for a fee in rupiah."""

    code: str
    fee: int


class CourierWay(NamedTuple):
    """Sending with somebody else: who that is in words ("JNE, bentor"), empty where it is not
    offered; `fee` in rupiah, `FEE_LATER` where the shop says it when it answers an order."""

    names: str = ""
    fee: int = 0


class GeraiFields(NamedTuple):
    """What a gerai is told by its owner; each field is a setting of that name."""

    gerai_open: bool
    gerai_story: str
    gerai_whatsapp: str
    gerai_map: str
    gerai_hours: Week
    gerai_holidays: tuple[Holiday, ...]
    gerai_collect: bool
    gerai_areas: tuple[Area, ...]
    gerai_face: Face
    gerai_term_hours: int
    gerai_district: str
    gerai_courier: CourierWay


NOTHING: Final = GeraiFields(
    False, "", "", "", NO_HOURS, (), True, (), Face(), DEFAULT_TERM_HOURS, "", CourierWay()
)
_KINDS: Final[dict[str, Any]] = {
    "gerai_open": bool,
    "gerai_story": str,
    "gerai_whatsapp": str,
    "gerai_map": str,
    "gerai_hours": Week,
    "gerai_holidays": tuple[Holiday, ...],
    "gerai_collect": bool,
    "gerai_areas": tuple[Area, ...],
    "gerai_face": Face,
    "gerai_term_hours": int,
    "gerai_district": str,
    "gerai_courier": CourierWay,
}


def gerai_fields(here: ShopHere) -> GeraiFields:
    """The settings as they stand; whatever stands there and is none is as if it were not set."""
    values = {name: here.setting(name, kind, None) for name, kind in _KINDS.items()}
    found = NOTHING._replace(**{name: one for name, one in values.items() if one is not None})
    return found._replace(
        gerai_whatsapp=whatsapp_number(found.gerai_whatsapp) or "",
        gerai_map=map_link(found.gerai_map) or "",
        gerai_hours=found.gerai_hours if is_week(found.gerai_hours) else NO_HOURS,
        gerai_holidays=tuple(filter(is_holiday, found.gerai_holidays))[:MOST_HOLIDAYS],
        gerai_areas=tuple(one for one in found.gerai_areas if _is_area(one)),
        gerai_face=settled(found.gerai_face),
        gerai_term_hours=found.gerai_term_hours
        if 1 <= found.gerai_term_hours <= MOST_TERM_HOURS
        else DEFAULT_TERM_HOURS,
        gerai_district=found.gerai_district if found.gerai_district in districts() else "",
        gerai_courier=found.gerai_courier if _is_courier(found.gerai_courier) else CourierWay(),
    )


def change_gerai(
    services: Services,
    shop_id: bytes,
    seen: GeraiFields,
    wanted: GeraiFields,
    by: bytes,
    *,
    form: str = "",
) -> int:
    """Write what is wanted otherwise than it was seen; returns how many settings that were.

    `form` names the form and what was typed in it (`write_once`).

    Raises:
        BadField: a value cannot be taken.
    """
    cleaned = checked(wanted)
    return change_document(
        services, shop_id, "setting", _SETTINGS, seen._asdict(), cleaned._asdict(), by, form=form
    )


def checked(wanted: GeraiFields) -> GeraiFields:
    """The settings in their one form.

    Raises:
        BadField: a value cannot be taken.
    """
    story = "\n".join(filter(None, map(clean_name, wanted.gerai_story.splitlines())))
    if len(story) > MOST_STORY:
        raise BadField("gerai_story", "long", most=MOST_STORY)
    number = whatsapp_number(wanted.gerai_whatsapp) if wanted.gerai_whatsapp.strip() else ""
    if number is None:
        raise BadField("gerai_whatsapp", "whatsapp")
    place = map_link(wanted.gerai_map) if wanted.gerai_map.strip() else ""
    if place is None:
        raise BadField("gerai_map", "map")
    if not is_week(wanted.gerai_hours):
        raise BadField("gerai_hours", "hours")
    if not 1 <= wanted.gerai_term_hours <= MOST_TERM_HOURS:
        raise BadField("gerai_term", "hours_range", most=MOST_TERM_HOURS)
    if wanted.gerai_district and wanted.gerai_district not in districts():
        raise BadField("gerai_district", "choice")
    return wanted._replace(
        gerai_story=story,
        gerai_whatsapp=number,
        gerai_map=place,
        gerai_holidays=_holidays(wanted.gerai_holidays),
        gerai_areas=_areas(wanted.gerai_areas),
        gerai_courier=_courier(wanted.gerai_courier),
        gerai_face=_face(wanted.gerai_face),
    )


def _holidays(wanted: tuple[Holiday, ...]) -> tuple[Holiday, ...]:
    kept = []
    for at, one in enumerate(wanted[:MOST_HOLIDAYS]):
        if not is_holiday(one):
            raise BadField(f"holiday-{at}-first", "holiday")
        sentence = clean_name(one.sentence)
        if len(sentence) > MOST_SENTENCE:
            raise BadField(f"holiday-{at}-sentence", "long", most=MOST_SENTENCE)
        kept.append(one._replace(sentence=sentence))
    return tuple(sorted(kept))


def _areas(wanted: tuple[Area, ...]) -> tuple[Area, ...]:
    for one in wanted:
        if one.code not in districts():
            raise BadField("gerai_areas", "choice")
        if not 0 <= one.fee <= MOST_FEE:
            raise BadField(f"area-{one.code}", "amount")
    return tuple(sorted({one.code: one for one in wanted}.values()))


def _courier(wanted: CourierWay) -> CourierWay:
    names = clean_name(wanted.names)
    if not names:
        return CourierWay()
    if len(names) > MOST_COURIERS:
        raise BadField("courier", "long", most=MOST_COURIERS)
    if not _is_courier(CourierWay(names, wanted.fee)):
        raise BadField("courier-fee", "amount")
    return CourierWay(names, wanted.fee)


def _is_courier(one: CourierWay) -> bool:
    return one.fee == FEE_LATER or 0 <= one.fee <= MOST_FEE


def _is_area(one: Area) -> bool:
    return one.code in districts() and 0 <= one.fee <= MOST_FEE


def _face(face: Face) -> Face:
    if face.colours not in (*SETS, OWN):
        raise BadField("colours", "choice")
    if face.layout not in LAYOUTS or face.font not in KNOWN_FONTS:
        raise BadField("layout", "choice")
    for name, colour in (("main", face.main), ("thread", face.thread)):
        if colour and parse_colour(colour) is None:
            raise BadField(name, "colour")
    if face.colours == OWN and not face.main:
        raise BadField("main", "colour")
    return settled(face)


def read_seen(text: str) -> GeraiFields:
    """What a form's reader saw.

    Raises:
        msgspec.DecodeError, msgspec.ValidationError: it is not that.
    """
    given = msgspec.json.decode(text, type=dict[str, Any])
    return GeraiFields(*(msgspec.convert(given.get(name), kind) for name, kind in _KINDS.items()))
