"""Commands about a shop's books."""

from __future__ import annotations

from typing import Any

from core.ids import seal_words
from server.cli.arguments import command, group
from server.cli.session import Session
from server.db.types import show_id
from server.ledger.sealing import DaySeal, seal
from server.shops.adding import find_shop


def add_commands(commands: Any) -> None:
    """Add this module's commands."""
    ledger = group(commands, "ledger", "Buku besar / the ledger")
    one = command(
        ledger,
        "seal",
        "Segel harian; tanpa DAY, kemarin / the daily seal; without DAY, yesterday's",
        run_seal,
    )
    one.add_argument("shop", metavar="SHOP")
    one.add_argument("day", nargs="?", default="", metavar="DAY")


def run_seal(session: Session) -> None:
    """Seal what is not sealed yet up to a day; print the seal, reckoned anew."""
    shop = find_shop(session.services, session.options.shop)
    made = seal(session.services, shop.id, session.options.day)
    said = shown_seal(made)
    answer = {"shop": show_id(shop.id), **said}
    session.say(answer, f"{made.day}\t{made.entries}\t{said['seal']}\t{said['words']}")


def shown_seal(made: DaySeal) -> dict[str, Any]:
    """A seal as data: the hash in hexadecimal, and as words to be read out."""
    return {
        "day": made.day,
        "entries": made.entries,
        "seal": made.hash.hex(),
        "words": seal_words(made.hash),
        "previous": made.previous.hex(),
    }
