"""Commands about shops and the people who work in them."""

from __future__ import annotations

import os
from typing import Any

from core.errors import Refused
from server.accounts.people import ROLES, add_user
from server.cli.arguments import command, group
from server.cli.session import Session
from server.db.types import show_id
from server.shops.adding import DEFAULT_ZONE, add_shop, find_shop

PASSWORD_VARIABLE = "HUYULA_PASSWORD"


class NoPassword(Refused):
    """The environment holds no password for the new account."""

    code = "no_password"


def add_commands(commands: Any) -> None:
    """Add this module's commands."""
    shop = group(commands, "shop", "Toko / shops")
    new = command(shop, "add", "Tambah toko / add a shop", run_add_shop)
    new.add_argument("name", metavar="NAME")
    new.add_argument("--zone", default=DEFAULT_ZONE, metavar="ZONE")
    user = group(commands, "user", "Orang / people")
    person = command(
        user,
        "add",
        "Beri akses; kata sandi dari HUYULA_PASSWORD / give access; password from HUYULA_PASSWORD",
        run_add_user,
    )
    person.add_argument("email", metavar="EMAIL")
    person.add_argument("--shop", required=True, metavar="SHOP")
    person.add_argument("--role", required=True, metavar="|".join(ROLES))


def run_add_shop(session: Session) -> None:
    """Make a shop."""
    options = session.options
    made = add_shop(session.services, options.name, zone=options.zone)
    session.say({"shop": show_id(made.id), "name": made.name}, f"{show_id(made.id)}\t{made.name}")


def run_add_user(session: Session) -> None:
    """Let somebody work in a shop."""
    options = session.options
    password = os.environ.get(PASSWORD_VARIABLE, "")
    if not password:
        raise NoPassword()
    shop = find_shop(session.services, options.shop)
    added = add_user(session.services, options.email, password, shop.id, options.role)
    answer = {
        "account": show_id(added.account_id),
        "email": added.email,
        "shop": show_id(shop.id),
        "role": options.role,
        "new": added.is_new,
    }
    session.say(answer, f"{added.email}\t{shop.name}\t{options.role}")
