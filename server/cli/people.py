"""Commands about shops and the people who work in them."""

from __future__ import annotations

import os
from typing import Any

from core.errors import Refused
from server.accounts.office import add_office_user, office_users, remove_office_user
from server.accounts.people import ROLES, add_user, normal_email
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
    _add_office(commands)


def _add_office(commands: Any) -> None:
    office = group(commands, "office", "Dinas yang memutuskan keluhan / who settles complaints")
    new = command(
        office,
        "add",
        "Beri akses; kata sandi dari HUYULA_PASSWORD / give access; password from HUYULA_PASSWORD",
        run_add_office,
    )
    gone = command(office, "remove", "Cabut akses / take access away", run_remove_office)
    for one in (new, gone):
        one.add_argument("email", metavar="EMAIL")
    command(office, "list", "Siapa saja / who they are", run_list_office)


def run_add_office(session: Session) -> None:
    """Let somebody settle complaints."""
    password = os.environ.get(PASSWORD_VARIABLE, "")
    if not password:
        raise NoPassword()
    email = session.options.email
    is_new = add_office_user(session.services, email, password)
    session.say({"email": normal_email(email), "new": is_new}, normal_email(email))


def run_remove_office(session: Session) -> None:
    """Take it away again."""
    email = session.options.email
    remove_office_user(session.services, email)
    session.say({"email": normal_email(email)}, normal_email(email))


def run_list_office(session: Session) -> None:
    """Name all of them."""
    for email in office_users(session.services):
        session.say({"email": email}, email)


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
