"""A form that is sent after its session has ended: its words go through the door and come back.

The server keeps nothing. The page for signing in carries what was typed, as one hidden field, and
whoever signs in as the same person is led back to the form, filled in and not yet sent: the page's
own handler runs with a store that writes nothing, so the form comes back as a refused one does.

Only pages that say so take part (`Page.keeps`), none of which asks for a password, a key or a file.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, Final, NamedTuple, TypeVar

import msgspec

from server.db.store import Store
from server.db.transaction import ShopTx, Tx
from server.shops.editing import BadField
from server.web.view import WHOSE, View, mark_of, safe_place

FIELD: Final = "simpanan"
"""The field of the door's form that carries another form."""

BACK: Final = "isi-lagi"
"""The field of a form that is to be shown again, filled in, and not to be sent."""

_OWN: Final = frozenset({"csrf", WHOSE, FIELD, BACK})
_MOST_TEXT: Final = 64 * 1024
Result = TypeVar("Result")


class NotSentYet(BadField):
    """What was typed before signing in again: to be looked at, then sent."""

    code = "not_sent_yet"

    def __init__(self) -> None:
        """It is about no field."""
        super().__init__("", "not_sent_yet")


class Unsent(NamedTuple):
    """A form that was not sent: where it goes, whose it is, what was typed."""

    path: str
    whose: str
    fields: list[tuple[str, str]]


_read: Final = msgspec.msgpack.Decoder(Unsent).decode
_pack: Final = msgspec.msgpack.Encoder().encode


def carry(view: View) -> str:
    """A form as the text that travels through the door, "" where it is not ours or too long."""
    fields = [one for one in view.form.items() if one[0] not in _OWN]
    whose, text = view.form.get(WHOSE, ""), sum(len(name) + len(typed) for name, typed in fields)
    ours = view.call.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
    if view.call.method != "POST" or not ours or not whose or text > _MOST_TEXT:
        return ""
    packed = _pack(Unsent(view.call.path, whose, fields))
    return base64.urlsafe_b64encode(packed).decode("ascii")


def carried(view: View, person: bytes) -> Unsent | None:
    """What the door's form carries, if it is of who has signed in."""
    try:
        found = _read(base64.urlsafe_b64decode(view.form.get(FIELD, "")))
    except (ValueError, msgspec.MsgspecError):
        return None
    good = safe_place(found.path) == found.path and found.path != "/"
    return found if good and found.whose == mark_of(person) else None


def reopened(view: View) -> View:
    """The view of a form that is to be shown again: without the mark, and writing nothing."""
    typed = {name: text for name, text in view.form.items() if name != BACK}
    services = view.call.services
    held = replace(services, store=_Held(services.store))
    return replace(view, form=typed, call=replace(view.call, services=held))


class _Held(Store):
    """A store that reads as the one it is made of and refuses what would write."""

    def __init__(self, store: Store) -> None:
        self.__dict__.update(store.__dict__)

    def shop(self, shop_id: bytes, *, lasting: bool = True) -> AbstractContextManager[ShopTx]:
        raise NotSentYet()

    def directory(self, *, lasting: bool = True) -> AbstractContextManager[Tx]:
        raise NotSentYet()

    def in_shop(
        self, shop_id: bytes, work: Callable[[ShopTx], Result], *, lasting: bool = True
    ) -> Result:
        raise NotSentYet()

    def in_directory(self, work: Callable[[Tx], Any], *, lasting: bool = True) -> Any:
        raise NotSentYet()
