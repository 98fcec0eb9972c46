"""A shop as its owner knows it: name, zone, day's end, settings, registers, who works there."""

from __future__ import annotations

from typing import Any, Final, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import bindparam, select

from core.dates import business_date
from server.db.schema import SHOP
from server.db.schema.journal import entry
from server.db.schema.people import register, setting
from server.db.schema.shops import shop, shop_staff
from server.db.tied import tied
from server.db.transaction import Ask, ShopTx

_SHOP = select(shop.c.name, shop.c.zone, shop.c.day_close_minutes, shop.c.server_device).where(
    tied(shop)
)
_ROLE = select(shop_staff.c.role).where(
    shop_staff.c.shop_id == SHOP, shop_staff.c.account_id == bindparam("account")
)
_SETTINGS = select(setting.c.name, setting.c.value).where(tied(setting))
_REGISTERS = (
    select(register.c.device, register.c.register, register.c.name)
    .where(tied(register))
    .order_by(register.c.register)
)
_ANY = select(entry.c.n).where(tied(entry)).limit(1)
SHOP_ASKS: Final = (Ask(_SHOP), Ask(_SETTINGS))
"""What `shop_here` asks."""
Value = TypeVar("Value")


class ShopHere(NamedTuple):
    """A shop with what its pages need; settings as JSON text by name."""

    id: bytes
    name: str
    zone: str
    day_close_minutes: int
    server_device: bytes
    settings: dict[str, str]

    def today(self, now_ms: int) -> str:
        """The business day of a UTC instant in milliseconds."""
        return business_date(now_ms, self.zone, self.day_close_minutes)

    def setting(self, name: str, kind: type[Value], otherwise: Value) -> Value:
        """A setting's value, `otherwise` where it is not set or not of that kind."""
        found: Value = _read(self.settings, name, kind, otherwise)
        return found


class RegisterName(NamedTuple):
    """A line of history and its register code."""

    device: bytes
    register: str
    name: str


def shop_here(tx: ShopTx) -> ShopHere | None:
    """The transaction's shop, None where there is none. What its counters set goes first."""
    row = tx.one(_SHOP)
    if row is None:
        return None
    settings = {one.name: one.value for one in tx.rows(_SETTINGS)}
    zone = _read(settings, "zone", str, row.zone)
    return ShopHere(
        tx.shop_id,
        _read(settings, "shop_name", str, "") or row.name,
        zone if _is_zone(zone) else row.zone,
        _read(settings, "day_close_minutes", int, row.day_close_minutes),
        row.server_device,
        settings,
    )


def role_here(tx: ShopTx, account_id: bytes) -> str | None:
    """The role of an account in the transaction's shop, None where it has none."""
    role: str | None = tx.scalar(_ROLE, account=account_id)
    return role


def registers_here(tx: ShopTx) -> list[RegisterName]:
    """The shop's lines by register code."""
    return [RegisterName(*row) for row in tx.rows(_REGISTERS) if row.register]


def has_entries(tx: ShopTx) -> bool:
    """Whether anything came from a counter yet."""
    return tx.one(_ANY) is not None


def _read(settings: dict[str, str], name: str, kind: Any, otherwise: Any) -> Any:
    if name not in settings:
        return otherwise
    try:
        return msgspec.json.decode(settings[name], type=kind)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return otherwise


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True
