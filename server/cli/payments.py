"""Commands about payments through a provider: accounts, sealing keys, what needs a person."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

from core.errors import Refused
from server.cli.arguments import command, group
from server.cli.session import Session
from server.db.types import show_id
from server.payments import rows
from server.payments.accounts import Account, reseal, set_account
from server.sealed import add_key
from server.shops.adding import find_shop

KEY_VARIABLE: Final = "HUYULA_PROVIDER_KEY"


class NoProviderKey(Refused):
    """The environment holds no server key."""

    code = "no_provider_key"


def add_commands(commands: Any) -> None:
    """Add this module's commands."""
    payments = group(commands, "payments", "Pembayaran melalui penyedia / payments by provider")
    account = command(
        payments,
        "account",
        f"Akun penyedia; kunci server dari {KEY_VARIABLE} / an account; server key from it",
        run_account,
    )
    account.add_argument("shop", metavar="SHOP")
    account.add_argument(
        "--environment", required=True, choices=("sandbox", "production"), metavar="E"
    )
    account.add_argument("--client-key", default="", metavar="KEY")
    account.add_argument("--base", default="", metavar="URL", help="sandbox saja / sandbox only")
    key = command(payments, "key", "Kunci penyegel baru / a new sealing key", run_key)
    key.add_argument("file", metavar="FILE")
    command(
        payments,
        "reseal",
        "Segel ulang dengan kunci terbaru / seal again with the newest key",
        run_reseal,
    )
    troubled = command(
        payments,
        "troubled",
        "Pembayaran yang perlu dilihat orang / payments that a person must look at",
        run_troubled,
    )
    troubled.add_argument("shop", metavar="SHOP")


def run_account(session: Session) -> None:
    """Set a shop's account, and use it from now on."""
    options = session.options
    server_key = os.environ.get(KEY_VARIABLE, "")
    if not server_key:
        raise NoProviderKey()
    shop = find_shop(session.services, options.shop)
    account = Account(
        options.environment, server_key, client_key=options.client_key, base=options.base
    )
    set_account(session.services, shop.id, account)
    answer = {"shop": show_id(shop.id), "environment": options.environment}
    session.say(answer, f"{shop.name}\t{options.environment}")


def run_key(session: Session) -> None:
    """Put a new key first in a file of sealing keys."""
    file = Path(session.options.file)
    count = add_key(file)
    session.say({"file": str(file), "keys": count}, f"{file}\t{count}")


def run_reseal(session: Session) -> None:
    """Seal what older keys sealed with the first one."""
    count = reseal(session.services)
    session.say({"resealed": count}, str(count))


def run_troubled(session: Session) -> None:
    """Payments of a shop that wait for a person, one a line."""
    shop = find_shop(session.services, session.options.shop)
    with session.services.store.reading_shop(shop.id) as tx:
        found = rows.troubled(tx)
    for one in found:
        answer = {
            "payment": show_id(one.id),
            "order": show_id(one.order_id),
            "provider_key": one.provider_key,
            "transaction": one.transaction_id,
            "state": one.state,
            "amount": one.amount,
            "trouble": one.trouble,
        }
        session.say(answer, f"{one.provider_key}\t{one.state}\t{one.amount}\t{one.trouble}")
