"""Founding a shop: its first line of history, its name, its owner."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from core.errors import Refused
from core.facts.base import FieldChange
from core.facts.shop import SettingsChanged
from core.text import clean_name
from pos.counter import Counter
from pos.device.clock import Clock
from pos.device.witness import Witness
from pos.opening import begin_history
from pos.shop.settings import Settings
from pos.staff.people import add_staff, require
from pos.staff.pins import demand_pin, set_pin


class BadSetting(Refused):
    """A setting cannot have this value; `name` says which."""

    code = "bad_setting"


def found_shop(
    folder: Path,
    shop_name: str,
    owner_name: str,
    *,
    pin: str = "",
    settings: dict[str, Any] | None = None,
    clock: Clock | None = None,
    witness: Witness | None = None,
) -> Counter:
    """Make a new shop in a data folder and open it, the owner acting.

    Raises:
        ShopExists: there is one already.
        BadSetting, StaffRule, BadPin: nothing was founded.
    """
    if not clean_name(shop_name):
        raise BadSetting(name="shop_name")
    if not clean_name(owner_name):
        raise BadSetting(name="owner")
    if pin:
        demand_pin(pin)
    counter = begin_history(folder, clock=clock, witness=witness)
    try:
        counter.staff_id = add_staff(counter, owner_name, "owner")
        if pin:
            set_pin(counter, counter.staff_id, pin)
        change_settings(counter, shop_name=clean_name(shop_name), **(settings or {}))
    except BaseException:
        counter.close()
        raise
    return counter


def change_settings(counter: Counter, /, **values: Any) -> None:
    """Set settings of the shop; only those that differ are written.

    Raises:
        BadSetting: an unknown name or a value of the wrong kind.
        NeedsManager: only an owner may.
    """
    require(counter, "settings")
    current = counter.settings
    fields = {field.name: field.type for field in msgspec.structs.fields(Settings)}
    changes: list[FieldChange] = []
    for name, value in values.items():
        if name not in fields:
            raise BadSetting(name=name)
        new = msgspec.json.encode(value).decode()
        try:
            msgspec.json.decode(new, type=fields[name])
        except msgspec.ValidationError as error:
            raise BadSetting(name=name) from error
        old = msgspec.json.encode(getattr(current, name)).decode()
        if new != old:
            changes.append(FieldChange(name, old, new))
    if changes:
        with counter.transaction() as tx:
            tx.append(SettingsChanged(tuple(changes)))
