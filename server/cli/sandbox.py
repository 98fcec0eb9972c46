"""The command that runs the sandbox payment gateway."""

from __future__ import annotations

import signal
from typing import Any

import msgspec

from server.cli.arguments import BadArguments, command
from server.cli.session import Session


def add_commands(commands: Any) -> None:
    """Add this module's command."""
    sandbox = command(
        commands,
        "sandbox",
        "Gerbang bayar untuk mencoba, tanpa uang / a payment gateway to try, without money",
        run_sandbox,
    )
    sandbox.add_argument("--host", metavar="H")
    sandbox.add_argument("--port", default="8090", metavar="P")
    sandbox.add_argument(
        "--faults", default="", metavar="JSON", help="kelakuannya / how it behaves"
    )
    sandbox.add_argument(
        "--minute",
        default=60.0,
        type=float,
        metavar="S",
        help="lama satu menit antara dua kabar / seconds of a minute between two notifications",
    )


def run_sandbox(session: Session) -> None:
    """Serve until told to stop; it opens no database."""
    from server.app.serving import bound
    from server.sandbox.faults import Faults
    from server.sandbox.running import run

    options = session.options
    try:
        faults = msgspec.json.decode(options.faults or "{}", type=Faults)
    except msgspec.DecodeError as error:
        raise BadArguments(why=str(error)) from None
    listening = bound(session.config.host, session.config.port)
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    url = f"http://{shown}:{port}"
    # uvicorn, once it has ended in order, sends itself the signal again.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: None)
    run(listening, lambda: session.say({"url": url, "port": port}, url), faults, options.minute)
