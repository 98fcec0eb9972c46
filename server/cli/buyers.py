"""Commands about buyers' accounts, for who asks to be deleted and cannot sign in any more."""

from __future__ import annotations

from typing import Any

from server.buyers.entering import checked_phone
from server.buyers.forgetting import accounts_of, forget_account
from server.buyers.refusals import NoSuchBuyer
from server.cli.arguments import command, group
from server.cli.session import Session
from server.db.types import parse_id, show_id


def add_commands(commands: Any) -> None:
    """Add this module's commands."""
    buyer = group(commands, "buyer", "Akun pembeli / buyers' accounts")
    listed = command(
        buyer, "list", "Akun yang menyebut sebuah nomor / accounts that give a number", run_list
    )
    listed.add_argument("number", metavar="NUMBER")
    gone = command(
        buyer,
        "forget",
        "Hapus akun atas permintaan pemiliknya / delete an account that its owner asks to delete",
        run_forget,
    )
    gone.add_argument("account", metavar="ACCOUNT")


def run_list(session: Session) -> None:
    """Name the accounts of a number by when they were made and last used."""
    for one in accounts_of(session.services, checked_phone(session.options.number)):
        account = show_id(one.buyer_id)
        answer = {"account": account, "created_ms": one.created_ms, "seen_ms": one.seen_ms}
        session.say(answer, f"{account}\t{one.created_ms}\t{one.seen_ms}")


def run_forget(session: Session) -> None:
    """Delete one."""
    try:
        buyer_id = parse_id(session.options.account)
    except ValueError:
        raise NoSuchBuyer() from None
    forget_account(session.services, buyer_id)
    session.say({"account": show_id(buyer_id)}, show_id(buyer_id))
