"""Commands about the shop: founding it, settings, staff, the sample, the window."""

from __future__ import annotations

import os
from typing import Any

import msgspec

from pos.cli.arguments import command, group
from pos.cli.selling import UNREADABLE
from pos.cli.session import Session, UsageError
from pos.shop.founding import change_settings, found_shop
from pos.shop.sample import add_sample_goods
from pos.staff.people import add_staff, by_name, everybody
from pos.staff.pins import demand_pin, set_pin


def add_commands(commands: Any) -> None:
    """Add this module's commands."""
    init = command(commands, "init", "Buat toko baru / found a shop", run_init)
    init.add_argument("--shop", required=True, metavar="NAME")
    init.add_argument("--owner", required=True, metavar="NAME")
    init.add_argument("--sample", action="store_true", help="barang contoh / sample goods")
    init.add_argument("--language", choices=("id", "en"), default="id")

    demo = command(commands, "demo", "Toko contoh / a sample shop", run_demo)
    demo.add_argument("--terminal", action="store_true", help="tanpa jendela / no window")
    demo.add_argument(
        "--join",
        nargs=2,
        metavar=("URL", "CODE"),
        help="hidup beberapa minggu, lalu kirim ke server / live some weeks, then send to a server",
    )
    demo.add_argument("--weeks", type=int, default=4, metavar="N")

    settings = group(commands, "setting", "Pengaturan / settings")
    command(settings, "list", "Semua pengaturan / all settings", run_settings)
    one = command(settings, "set", "Ubah pengaturan / change a setting", run_setting)
    one.add_argument("name")
    one.add_argument("value", help="JSON, or plain text")

    staff = group(commands, "staff", "Karyawan / staff")
    command(staff, "list", "Semua karyawan / all staff", run_staff)
    new = command(staff, "add", "Tambah karyawan / add staff", run_staff_add)
    new.add_argument("name")
    new.add_argument("--role", choices=("owner", "manager", "cashier"), default="cashier")
    new.add_argument("--pin-from", metavar="VARIABLE", help="variabel lingkungan berisi PIN")
    pin = command(staff, "pin", "PIN baru di kasir ini / a new PIN here", run_staff_pin)
    pin.add_argument("name", metavar="NAME")
    pin.add_argument(
        "--pin-from", required=True, metavar="VARIABLE", help="variabel lingkungan berisi PIN"
    )


def run_init(session: Session) -> None:
    """Found a shop; `HUYULA_PIN` becomes the owner's PIN where it is set."""
    options = session.options
    counter = found_shop(
        session.folder,
        options.shop,
        options.owner,
        pin=os.environ.get("HUYULA_PIN", ""),
        settings={"language": options.language},
    )
    session.adopt(counter)
    goods = add_sample_goods(counter) if options.sample else 0
    answer = {
        "shop": counter.settings.shop_name,
        "owner": options.owner,
        "register": counter.register,
        "products": goods,
        "data": str(session.folder),
    }
    session.say(answer, f"{answer['shop']}: {answer['register']}, {goods} barang")


def run_demo(session: Session) -> int:
    """The counter's main job on a sample shop: in the window, or in the terminal."""
    from pos.cli.demo import demo

    return demo(session)


def run_settings(session: Session) -> None:
    """List all settings as they are."""
    session.reading()
    from pos.shop.settings import load_settings

    settings = load_settings(session.reading())
    for field in msgspec.structs.fields(type(settings)):
        value = getattr(settings, field.name)
        text = msgspec.json.encode(value).decode()
        session.line({"name": field.name, "value": value}, f"{field.name} = {text}")


def run_setting(session: Session) -> None:
    """Change one setting: its value is JSON, or else taken as text."""
    options = session.options
    try:
        value = msgspec.json.decode(options.value)
    except UNREADABLE:
        value = options.value
    change_settings(session.writing(), **{options.name: value})
    session.say({"name": options.name, "value": value}, f"{options.name} = {options.value}")


def run_staff(session: Session) -> None:
    """List the staff."""
    for who in everybody(session.reading(), active_only=False):
        answer = {
            "id": who.id.hex(),
            "name": who.name,
            "role": who.role,
            "active": who.active,
            "pin": who.has_pin,
        }
        session.line(answer, f"{who.name}\t{who.role}")


def run_staff_add(session: Session) -> None:
    """Add a staff member; the PIN comes from the named environment variable."""
    options = session.options
    counter = session.writing()
    pin = _pin_from(options.pin_from) if options.pin_from else ""
    if pin:
        demand_pin(pin)  # first: who was added without one could not be added again
    staff_id = add_staff(counter, options.name, options.role)
    if pin:
        set_pin(counter, staff_id, pin)
    session.say({"id": staff_id.hex(), "name": options.name}, options.name)


def run_staff_pin(session: Session) -> None:
    """Set somebody's PIN at this counter; who acts (`--as`, `HUYULA_PIN`) allows it."""
    options = session.options
    pin = _pin_from(options.pin_from)
    counter = session.writing()
    who = by_name(counter.db, options.name)
    set_pin(counter, who.id, pin)
    session.say({"id": who.id.hex(), "name": who.name}, who.name)


def _pin_from(variable: str) -> str:
    pin = os.environ.get(variable, "")
    if not pin:
        raise UsageError(why=variable)
    return pin
