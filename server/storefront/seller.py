"""Who sells: what the law wants a shop on the internet to say of itself, as settings of the shop.

Sources: PP 80/2019 article 53 (parties, legality of goods, return, in the electronic contract),
Permendag 31/2023 (proof of standards: halal, P-IRT, BPOM), PP 42/2024 (halal certificates of micro
and small producers from October 2026; goods that are not halal say so), UU 8/1999 article 18 (a
clause that refuses returns is void). Nothing of it is asked for before a gerai opens: most shops
get their papers one by one.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final, Literal, NamedTuple

from core.halal import IN_SHOPS, NOT_HALAL, OWN_NUMBER, UNSAID, choice_of, halal_number
from core.text import clean_name
from server.services import Services
from server.shops.editing import BadField, change_document
from server.shops.reading import ShopHere

HalalState = Literal["", "tidak_perlu", "belum", "proses", "ada", "tidak_halal"]
"""Of a shop: not said; sells no food; none yet; applied for; has a certificate; is not halal."""

HALAL_STATES: Final[tuple[HalalState, ...]] = (
    "", "tidak_perlu", "belum", "proses", "ada", "tidak_halal",
)  # fmt: skip
Mark = Literal["", "ada", "tidak_halal"]
"""Of goods: nothing is claimed; the shop's certificate covers them; they are not halal."""

MARKS: Final[tuple[Mark, ...]] = ("", "ada", "tidak_halal")
MOST_NAME: Final = 80
MOST_EMAIL: Final = 120
MOST_RETURNS: Final = 600
MOST_PERMITS: Final = 8
MOST_MARKS: Final = 300
"""So many categories may be marked: the setting travels whole."""

_SETTINGS = b""
_OF_GOODS: Final[dict[str, Mark]] = {IN_SHOPS: "ada", NOT_HALAL: "tidak_halal", UNSAID: ""}
_NIB: Final = re.compile(r"[0-9]{13}")
_EMAIL: Final = re.compile(r"[a-z0-9._%+-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_PIRT: Final = re.compile(r"(?:PIRT)?([0-9]{13})([0-9]{2})")
_BPOM: Final = re.compile(r"(?:BPOM)?(?:RI)?(MD|ML|NA|NB|NC|ND|NE|TR|TI|SD|SI)([0-9]{9,15})")
_REFUSES: Final = re.compile(
    r"\b(?:tidak|tak|tdk|nggak|enggak|no)\s+(?:dapat|bisa|boleh|terima|menerima|ada)?\s*"
    r"(?:di\s?)?(?:kembalikan|tukar|retur|pengembalian|penukaran|returns?|refunds?)\b"
)


class HalalGoods(NamedTuple):
    """A category of goods, and what the shop says of them."""

    category: str
    mark: Mark


class SellerFields(NamedTuple):
    """What a shop says of itself; each field is a setting of that name, empty where it is not said.

    `seller_halal_until` is an ISO day; empty: for as long as the recipe stays as it is.
    """

    seller_owner: str
    seller_email: str
    seller_nib: str
    seller_permits: tuple[str, ...]
    seller_halal: HalalState
    seller_halal_number: str
    seller_halal_until: str
    seller_halal_goods: tuple[HalalGoods, ...]
    seller_returns: str


NOTHING_SAID: Final = SellerFields("", "", "", (), "", "", "", (), "")
_KINDS: Final[dict[str, Any]] = {
    "seller_owner": str,
    "seller_email": str,
    "seller_nib": str,
    "seller_permits": tuple[str, ...],
    "seller_halal": HalalState,
    "seller_halal_number": str,
    "seller_halal_until": str,
    "seller_halal_goods": tuple[HalalGoods, ...],
    "seller_returns": str,
}


class Authority(NamedTuple):
    """Whom buyers may turn to beside the shop."""

    name: str
    whatsapp: str
    email: str
    site: str


CONSUMERS: Final = Authority(
    "Ditjen Perlindungan Konsumen dan Tertib Niaga, Kementerian Perdagangan RI",
    "6285311111010",
    "pengaduan.konsumen@kemendag.go.id",
    "https://simpktn.kemendag.go.id",
)
"""The ministry's own service for consumers (as its director general named it, July 2024)."""


def seller_fields(here: ShopHere) -> SellerFields:
    """What stands; what stands there and is none is as if it were not said."""
    values = {name: here.setting(name, kind, None) for name, kind in _KINDS.items()}
    found = NOTHING_SAID._replace(**{name: one for name, one in values.items() if one is not None})
    return found._replace(
        seller_nib=found.seller_nib if _NIB.fullmatch(found.seller_nib) else "",
        seller_email=found.seller_email if _EMAIL.fullmatch(found.seller_email) else "",
        seller_halal_until=found.seller_halal_until if _is_day(found.seller_halal_until) else "",
    )


def change_seller(
    services: Services,
    shop_id: bytes,
    seen: SellerFields,
    wanted: SellerFields,
    by: bytes,
    *,
    form: str = "",
) -> int:
    """Write what is wanted otherwise than it was seen; returns how many settings that were.

    `form` names the form and what was typed in it (`write_once`).

    Raises:
        BadField: a value cannot be taken.
    """
    cleaned = checked_seller(wanted)
    return change_document(
        services, shop_id, "setting", _SETTINGS, seen._asdict(), cleaned._asdict(), by, form=form
    )


def mark_goods(
    services: Services,
    shop_id: bytes,
    seen: tuple[HalalGoods, ...],
    wanted: tuple[HalalGoods, ...],
    by: bytes,
    *,
    form: str = "",
) -> int:
    """Write what is said of categories, where it is otherwise than it was seen.

    `form` names the form and what was typed in it (`write_once`).

    Raises:
        BadField: a mark is none, or there are more than a setting holds.
    """
    cleaned = {"seller_halal_goods": _checked_goods(wanted)}
    return change_document(
        services, shop_id, "setting", _SETTINGS, {"seller_halal_goods": seen}, cleaned, by,
        form=form,
    )  # fmt: skip


def checked_seller(wanted: SellerFields) -> SellerFields:
    """The fields in their one form.

    Raises:
        BadField: a value cannot be taken.
    """
    owner, email = clean_name(wanted.seller_owner), wanted.seller_email.strip().lower()
    returns = "\n".join(filter(None, map(clean_name, wanted.seller_returns.splitlines())))
    if len(owner) > MOST_NAME:
        raise BadField("seller_owner", "long", most=MOST_NAME)
    if len(returns) > MOST_RETURNS:
        raise BadField("seller_returns", "long", most=MOST_RETURNS)
    if email and (len(email) > MOST_EMAIL or not _EMAIL.fullmatch(email)):
        raise BadField("seller_email", "email")
    nib = _joined(wanted.seller_nib)
    if nib and not _NIB.fullmatch(nib):
        raise BadField("seller_nib", "nib")
    return _halal(wanted)._replace(
        seller_owner=owner,
        seller_email=email,
        seller_nib=nib,
        seller_permits=_permits(wanted.seller_permits),
        seller_returns=returns,
    )


def permit(typed: str) -> str | None:
    """A number under which goods may be sold ("P-IRT 2063201010012-26", "BPOM MD 204520001001").

    None where it is none. P-IRT has 15 digits, the last two of the year in which it ends.
    """
    text = _joined(typed)
    found = _PIRT.fullmatch(text)
    if found is not None:
        return f"P-IRT {found[1]}-{found[2]}"
    found = _BPOM.fullmatch(text)
    return f"BPOM {found[1]} {found[2]}" if found is not None else None


def halal_valid(fields: SellerFields, today: str) -> bool:
    """Whether the shop has a certificate on a day (ISO)."""
    until = fields.seller_halal_until
    return fields.seller_halal == "ada" and (not until or today <= until)


class Said(NamedTuple):
    """What a product's page says: a mark, under which certificate, whether that is the maker's."""

    mark: Mark = ""
    number: str = ""
    is_makers: bool = False


def halal_said(fields: SellerFields, category: str, own: str, today: str) -> Said:
    """What is said of goods of a category; `own` is what the product says (`core.halal`).

    A shop's certificate is said only of goods that the shop named, one by one or by category: it
    covers those that stand in it, and soap has none.
    """
    chosen, number = choice_of(own)
    if chosen == OWN_NUMBER:
        return Said("ada", number, is_makers=True)
    mark = _OF_GOODS[chosen] if chosen else _category_mark(fields, category)
    if mark != "ada":
        return Said(mark)
    return Said(mark, fields.seller_halal_number) if halal_valid(fields, today) else Said()


def _category_mark(fields: SellerFields, category: str) -> Mark:
    said = {one.category: one.mark for one in fields.seller_halal_goods}.get(category, "")
    return said or ("tidak_halal" if fields.seller_halal == "tidak_halal" else "")


def refuses_returns(text: str) -> bool:
    """Whether words seem to refuse every return, which is void (UU 8/1999 article 18)."""
    return _REFUSES.search(text.lower()) is not None


Missing = Literal["owner", "address", "contact", "nib", "halal", "halal_over", "returns"]


def missing(fields: SellerFields, here: ShopHere, *, whatsapp: str, today: str) -> list[Missing]:
    """What the shop does not say yet, the weightiest first. `whatsapp` is the gerai's number."""
    reached = (whatsapp, fields.seller_email, here.setting("phone", str, ""))
    lacks: dict[Missing, bool] = {
        "owner": not fields.seller_owner,
        "address": not here.setting("address", str, ""),
        "contact": not any(reached),
        "nib": not fields.seller_nib,
        "halal": not fields.seller_halal,
        "halal_over": fields.seller_halal == "ada" and not halal_valid(fields, today),
        "returns": not fields.seller_returns,
    }
    return [name for name, is_missing in lacks.items() if is_missing]


def _joined(typed: str) -> str:
    return re.sub(r"[\s.,:/-]", "", typed).upper()


def _permits(wanted: tuple[str, ...]) -> tuple[str, ...]:
    lines = [line for line in wanted if line.strip()]
    if len(lines) > MOST_PERMITS:
        raise BadField("seller_permits", "lines", most=MOST_PERMITS)
    found = []
    for line in lines:
        known = permit(line)
        if known is None:
            raise BadField("seller_permits", "permit")
        found.append(known)
    return tuple(dict.fromkeys(found))


def _halal(wanted: SellerFields) -> SellerFields:
    if wanted.seller_halal not in HALAL_STATES:
        raise BadField("seller_halal", "choice")
    has = wanted.seller_halal == "ada"
    number, until = halal_number(wanted.seller_halal_number), wanted.seller_halal_until.strip()
    if has and number is None:
        raise BadField("seller_halal_number", "halal")
    if has and until and not _is_day(until):
        raise BadField("seller_halal_until", "day")
    return wanted._replace(
        seller_halal_number=number if has and number else "",
        seller_halal_until=until if has else "",
        seller_halal_goods=_checked_goods(wanted.seller_halal_goods),
    )


def _checked_goods(wanted: tuple[HalalGoods, ...]) -> tuple[HalalGoods, ...]:
    """Marks by category. Those under the shop's certificate stay while it is renewed."""
    if any(one.mark not in MARKS for one in wanted):
        raise BadField("seller_halal_goods", "choice")
    goods = {one.category: one for one in wanted if one.mark}
    if len(goods) > MOST_MARKS:
        raise BadField("seller_halal_goods", "marks", most=MOST_MARKS)
    return tuple(sorted(goods.values()))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
