"""Commands about a shop's counters."""

from __future__ import annotations

from typing import Any

from core.sync.codes import show_code
from server.cli.arguments import command, group
from server.cli.session import Session
from server.db.types import show_id
from server.devices.listing import Device, devices_of, find_device
from server.devices.pairing import make_code
from server.shops.adding import find_shop
from server.sync.revoking import revoke


def add_commands(commands: Any) -> None:
    """Add this module's commands."""
    device = group(commands, "device", "Kasir / counters")
    code = command(device, "code", "Kode sekali pakai untuk kasir baru / one-time code", run_code)
    code.add_argument("shop", metavar="SHOP")
    one = command(device, "revoke", "Cabut kepercayaan / revoke", run_revoke)
    one.add_argument("device", metavar="DEVICE")
    everyone = command(commands, "devices", "Daftar kasir / list counters", run_list)
    everyone.add_argument("shop", nargs="?", metavar="SHOP")


def run_code(session: Session) -> None:
    """Make a one-time code for a counter that joins."""
    shop = find_shop(session.services, session.options.shop)
    made = make_code(session.services, shop.id)
    answer = {"code": show_code(made.code), "expires_ms": made.expires_ms, "shop": show_id(shop.id)}
    session.say(answer, show_code(made.code))


def run_revoke(session: Session) -> None:
    """Take a counter's trust away."""
    found = find_device(session.services, session.options.device)
    revoke(session.services, found.shop_id, found.device)
    answer = {"device": show_id(found.device), "register": found.register, "state": "revoked"}
    session.say(answer, f"{found.register}\t{show_id(found.device)}\trevoked")


def run_list(session: Session) -> None:
    """List counters, of one shop or of all."""
    services = session.services
    if session.options.shop is not None:
        shops = [find_shop(services, session.options.shop).id]
    else:
        shops = services.store.shop_ids()
    for shop_id in shops:
        for one in devices_of(services, shop_id):
            state = one.state if one.current else f"{one.state}, continued"
            session.say(_answer(one), f"{one.register}\t{show_id(one.device)}\t{state}")


def _answer(one: Device) -> dict[str, Any]:
    shown = one._asdict() | {"parent": show_id(one.parent) if one.parent else None}
    return {**shown, "shop_id": show_id(one.shop_id), "device": show_id(one.device)}
