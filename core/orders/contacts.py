"""How a counter asks for what no fact holds: who ordered, and where it is to be brought."""

from __future__ import annotations

from typing import Final

import msgspec

from core.sync.messages import Answer, Message

MOST_IDS: Final = 200
"""So many orders are asked for at a time."""


class ContactsWanted(Message, frozen=True):
    """The orders (16 bytes each, at most `MOST_IDS`) of which a counter wants to know the buyer."""

    ids: tuple[bytes, ...] = ()


class Contact(msgspec.Struct, frozen=True, array_like=True):
    """A buyer as the order has them; `phone` as WhatsApp takes it ("6281244001234")."""

    order_id: bytes
    name: str
    phone: str
    address: str
    note: str


class Contacts(Answer, frozen=True):
    """Those that are known; who was deleted, or never was of this shop, is left out."""

    contacts: tuple[Contact, ...] = ()
