"""The basket: in the buyer's browser alone, in a cookie that is set when something is added.

Nothing is kept here and nothing set aside: prices and stock are the shops' own whenever it is
looked at. The cookie is bounded, and whatever stands in it and is no basket is an empty one.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Final, NamedTuple

import msgspec

from core.cart import MAX_QTY
from server.orders.goods import Item
from server.web.view import View, cookie

COOKIE: Final = "__Host-huyula-keranjang"
MOST_LINES: Final = 40
MOST_UNIT: Final = 40
_MOST_BYTES: Final = 3_000
_DAYS_30_S: Final = 30 * 24 * 3600
_NONCE: Final = 12
_Lines = list[tuple[bytes, bytes, str, int]]
_decode: Final = msgspec.msgpack.Decoder(tuple[bytes, _Lines]).decode
_encode: Final = msgspec.msgpack.Encoder().encode


class Line(NamedTuple):
    """One line: thousandths of a unit of a product of a shop."""

    shop_id: bytes
    product_id: bytes
    unit: str
    qty: int

    @property
    def item(self) -> Item:
        """As it is ordered; no price was seen yet."""
        return Item(self.product_id, self.unit, self.qty)


class Basket(NamedTuple):
    """What a buyer means to order; `nonce` is chance by which forms of this browser are known."""

    nonce: bytes
    lines: tuple[Line, ...]

    @property
    def csrf(self) -> str:
        """What a form brings back."""
        return hashlib.sha256(b"huyula basket" + self.nonce).hexdigest()[:32]

    @property
    def shops(self) -> list[bytes]:
        """The shops, in the order in which they came."""
        return list(dict.fromkeys(line.shop_id for line in self.lines))

    def of_shop(self, shop_id: bytes) -> tuple[Line, ...]:
        """What is of one shop."""
        return tuple(line for line in self.lines if line.shop_id == shop_id)

    def without_shop(self, shop_id: bytes) -> Basket:
        """The same once a shop's part was ordered."""
        return self._replace(lines=tuple(one for one in self.lines if one.shop_id != shop_id))

    def add(self, more: Line) -> Basket | None:
        """With something more; None where it does not fit any more."""
        same = [one for one in self.lines if one[:3] == more[:3]]
        qty = more.qty + sum(one.qty for one in same)
        line = more._replace(qty=min(qty, MAX_QTY))
        lines = (
            tuple(line if one in same else one for one in self.lines)
            if same
            else (*self.lines, line)
        )
        made = self._replace(lines=lines)
        return made if len(lines) <= MOST_LINES and len(made.packed()) <= _MOST_BYTES else None

    def with_at_least(self, wanted: Line) -> Basket | None:
        """With so much of something, where less of it was there; None where it does not fit."""
        have = sum(one.qty for one in self.lines if one[:3] == wanted[:3])
        more = wanted.qty - have
        return self if more <= 0 else self.add(wanted._replace(qty=more))

    def packed(self) -> str:
        """As the cookie holds it."""
        body = _encode((self.nonce, [tuple(line) for line in self.lines]))
        return base64.urlsafe_b64encode(body).rstrip(b"=").decode("ascii")

    def as_cookie(self) -> str:
        """The header that keeps it."""
        return cookie(COOKIE, self.packed(), max_age_s=_DAYS_30_S)


def read_basket(view: View) -> Basket:
    """The basket of this browser, an empty one where it has none."""
    text = view.cookies.get(COOKIE, "")
    try:
        body = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) if text else b""
        nonce, lines = _decode(body)
    except (ValueError, msgspec.MsgspecError):
        return Basket(b"", ())
    kept = tuple(Line(*one) for one in lines[:MOST_LINES])
    if len(nonce) != _NONCE or not all(map(_is_line, kept)):
        return Basket(b"", ())
    return Basket(nonce, kept)


def begun(view: View, basket: Basket) -> Basket:
    """The basket with its chance, which a new one gets."""
    return basket if basket.nonce else basket._replace(nonce=view.services.random(_NONCE))


def _is_line(line: Line) -> bool:
    return (
        len(line.shop_id) == len(line.product_id) == 16
        and 0 < line.qty <= MAX_QTY
        and len(line.unit) <= MOST_UNIT
    )
