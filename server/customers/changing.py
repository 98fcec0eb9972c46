"""Changing a customer on the web."""

from __future__ import annotations

from typing import Final

from core.text import clean_name
from server.customers.reading import CustomerFields
from server.services import Services
from server.shops.editing import BadField, change_document

MOST_LETTERS: Final = 120
MOST_NOTE: Final = 500
MOST_LIMIT: Final = 999_999_999_999


def change_customer(
    services: Services,
    shop_id: bytes,
    customer_id: bytes,
    seen: CustomerFields,
    wanted: CustomerFields,
    by: bytes,
    *,
    form: str = "",
) -> int:
    """Write what is wanted otherwise than it was seen; returns how many fields that were.

    `form` names the form and what was typed in it (`write_once`).

    Raises:
        BadField: a value cannot be taken.
    """
    cleaned = _checked(wanted)
    return change_document(
        services, shop_id, "customer", customer_id, seen._asdict(), cleaned._asdict(), by, form=form
    )


def _checked(wanted: CustomerFields) -> CustomerFields:
    texts = {
        name: clean_name(getattr(wanted, name)) for name in ("name", "phone", "note", "member_no")
    }
    if not texts["name"]:
        raise BadField("name", "empty")
    for name, text in texts.items():
        most = MOST_NOTE if name == "note" else MOST_LETTERS
        if len(text) > most:
            raise BadField(name, "long", most=most)
    for name in ("credit_limit", "balance_limit"):
        if not 0 <= getattr(wanted, name) <= MOST_LIMIT:
            raise BadField(name, "amount")
    name, phone, note, member_no = texts.values()
    return wanted._replace(name=name, phone=phone, note=note, member_no=member_no)
