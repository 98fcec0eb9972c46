"""What a buyer's account does at the checkout: fields filled in, an address chosen or kept.

Who has no account, or is not signed in, sees nothing of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from core.errors import Refused
from core.phone import shown_number
from server.buyers.details import details_of
from server.buyers.keeping import (
    MOST_ADDRESSES,
    Address,
    addresses_of,
    keep_address,
    keep_orders,
)
from server.buyers.refusals import BadBuyer, SignedOut
from server.orders.placing import Placed
from server.web.forms import ticked
from server.web.mine import known_buyer
from server.web.view import View

OTHER = "lain"
"""Chosen instead of a kept address: the one that is written."""


class Filled(NamedTuple):
    """What the account knows for the form; `chosen` is the address that is marked."""

    name: str
    phone: str
    addresses: list[Address]
    chosen: str

    @property
    def is_full(self) -> bool:
        """Whether no more addresses are kept."""
        return len(self.addresses) >= MOST_ADDRESSES


def filled_in(view: View) -> Filled | None:
    """The account's part of the checkout's form, None without one."""
    known = known_buyer(view)
    if known is None:
        return None
    try:
        mine = details_of(view.services, known)
    except SignedOut:
        return None
    found = addresses_of(view.services, known)
    codes = [one.address_id.hex() for one in found]
    chosen = view.form.get("alamat-saya", "")
    if chosen not in codes:
        chosen = OTHER if chosen or not codes else codes[0]
    return Filled(mine.name, shown_number(mine.phone), found, chosen)


def address_of(view: View) -> str:
    """Where to: what was written, or the kept address that was chosen, which is the buyer's own.

    Raises:
        BadBuyer: one was chosen and another one written: nobody knows where to.
    """
    written, chosen = view.form.get("alamat", ""), view.form.get("alamat-saya", OTHER)
    known = known_buyer(view) if chosen != OTHER else None
    if known is None:
        return written
    texts = {one.address_id.hex(): one.text for one in addresses_of(view.services, known)}
    if chosen not in texts:
        return written
    if written.strip():
        raise BadBuyer(why="two_addresses")
    return texts[chosen]


def keep_placed(view: View, done: Sequence[Placed]) -> None:
    """Let what was placed be found in the account, with its address where that was asked for.

    It is placed already: what cannot be kept here is still to be found by its link.
    """
    known = known_buyer(view) if done else None
    if known is None:
        return
    try:
        keep_orders(view.services, known, [one.key for one in done])
        if ticked(view.form, "ingat-alamat") and view.form.get("alamat", "").strip():
            keep_address(view.services, known, view.form["alamat"])
    except Refused:
        return
