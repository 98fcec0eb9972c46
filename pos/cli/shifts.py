"""Commands about the drawer: shift, cash in and out, X and Z reports."""

from __future__ import annotations

from typing import Any

from core.money import format_rupiah
from pos.cli.arguments import command, group, rupiah
from pos.cli.session import Session
from pos.shifts.closing import close_shift
from pos.shifts.drawer import move_cash, open_drawer, start_shift


def add_commands(commands: Any) -> None:
    """Add this module's commands."""
    shift = group(commands, "shift", "Shift: buka, tutup / open, close")
    opened = command(shift, "open", "Buka shift / open a shift", run_open)
    opened.add_argument("--float", dest="float_amount", type=rupiah, required=True, metavar="RP")
    closed = command(shift, "close", "Tutup shift / close the shift", run_close)
    closed.add_argument("--counted", type=rupiah, required=True, metavar="RP")
    closed.add_argument("--note", default="", metavar="T")

    cash = group(commands, "cash", "Kas masuk, keluar / cash in, out")
    for name, text in (("in", "Kas masuk / cash in"), ("out", "Kas keluar / cash out")):
        moved = command(cash, name, text, run_cash)
        moved.add_argument("amount", type=rupiah, metavar="RP")
        moved.add_argument("--reason", required=True, metavar="T")
        moved.set_defaults(direction=name)
    drawer = command(commands, "drawer", "Buka laci / open the drawer", run_drawer)
    drawer.add_argument("--reason", required=True, metavar="T")


def run_open(session: Session) -> None:
    """Open a shift with a float."""
    amount = session.options.float_amount
    shift_id = start_shift(session.writing(), amount)
    session.say({"shift": shift_id.hex(), "float": amount}, f"Shift: {format_rupiah(amount)}")


def run_close(session: Session) -> None:
    """Close the open shift."""
    options = session.options
    done = close_shift(session.writing(), options.counted, note=options.note)
    answer = {
        "z": done.z_number,
        "expected": done.expected,
        "counted": done.counted,
        "difference": done.difference,
        "seal": done.seal,
    }
    text = (
        f"Z {done.z_number}: {format_rupiah(done.expected)} / {format_rupiah(done.counted)},"
        f" selisih {format_rupiah(done.difference)} ({done.seal})"
    )
    session.say(answer, text)


def run_cash(session: Session) -> None:
    """Cash into or out of the drawer."""
    options = session.options
    move_cash(session.writing(), options.direction, options.amount, options.reason)
    answer = {"direction": options.direction, "amount": options.amount, "reason": options.reason}
    session.say(answer, f"{options.direction} {format_rupiah(options.amount)}")


def run_drawer(session: Session) -> None:
    """Open the drawer without a sale."""
    open_drawer(session.writing(), session.options.reason)
    session.say({"drawer": "opened"}, "Laci dibuka")
