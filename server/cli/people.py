"""Commands about shops and the people who work in them."""

from __future__ import annotations

import os
from typing import Any

from core.errors import Refused
from server.accounts.codes import reset_codes
from server.accounts.office import add_office_user, office_users, remove_office_user
from server.accounts.people import (
    ROLES,
    UnknownUser,
    add_user,
    find_account,
    normal_email,
    people_in,
    remove_user,
    role_in,
    set_password,
)
from server.cli.arguments import command, group
from server.cli.session import Session
from server.db.types import show_id
from server.shops.adding import DEFAULT_ZONE, add_shop, find_shop, known_shops, name_now

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
    command(shop, "list", "Semua toko / all shops", run_list_shops)
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
    _add_user_care(user)
    _add_office(commands)


def _add_user_care(user: Any) -> None:
    command(user, "list", "Siapa saja / who they are", run_list_users).add_argument(
        "shop", metavar="SHOP"
    )
    gone = command(user, "remove", "Cabut akses ke toko / take access away", run_remove_user)
    gone.add_argument("email", metavar="EMAIL")
    gone.add_argument("--shop", required=True, metavar="SHOP")
    forgot = command(
        user,
        "password",
        "Kata sandi lain dari HUYULA_PASSWORD; semua sesinya berakhir / another password from"
        " HUYULA_PASSWORD; every session ends",
        run_password,
    )
    forgot.add_argument("email", metavar="EMAIL")
    forgot.add_argument(
        "--without-code",
        action="store_true",
        help="ponselnya hilang: lepas juga enam angkanya / the phone is lost: no six digits",
    )
    lost = command(
        user,
        "reset-code",
        "Ponsel dan kode pemulihannya hilang: lepas kodenya, akhiri semua sesinya / phone and"
        " recovery codes are lost: take the codes away, end every session",
        run_reset_code,
    )
    lost.add_argument("email", metavar="EMAIL")


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
    password, email = _password(), session.options.email
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


def run_list_shops(session: Session) -> None:
    """Name all shops; `called` is what a shop's counters and owner call it by now."""
    for known in known_shops(session.services):
        called = name_now(session.services, known)
        answer = {"shop": show_id(known.id), "name": known.name, "called": called}
        session.say(answer, "\t".join(dict.fromkeys(answer.values())))


def run_list_users(session: Session) -> None:
    """Name who works in a shop."""
    shop = find_shop(session.services, session.options.shop)
    for one in people_in(session.services, shop.id):
        session.say(one._asdict(), f"{one.email}\t{one.role}")


def run_remove_user(session: Session) -> None:
    """Somebody works in a shop no longer."""
    services, options = session.services, session.options
    shop, account = find_shop(services, options.shop), find_account(services, options.email)
    email = normal_email(options.email)
    if role_in(services, account, shop.id) is None:
        raise UnknownUser(email=email)
    remove_user(services, account, shop.id)
    session.say({"email": email, "shop": show_id(shop.id)}, f"{email}\t{shop.name}")


def run_password(session: Session) -> None:
    """Let somebody in again who has forgotten the password, or lost the phone with the codes."""
    services, options = session.services, session.options
    password, account = _password(), find_account(services, options.email)
    set_password(services, account, password)
    if options.without_code:
        reset_codes(services, account)
    email = normal_email(options.email)
    session.say({"email": email}, email)


def run_reset_code(session: Session) -> None:
    """Take codes away from who has lost the phone and the recovery codes; the password stays."""
    services, options = session.services, session.options
    taken = reset_codes(services, find_account(services, options.email))
    email = normal_email(options.email)
    session.say({"email": email, **taken._asdict()}, email)


def _password() -> str:
    password = os.environ.get(PASSWORD_VARIABLE, "")
    if not password:
        raise NoPassword()
    return password


def run_add_user(session: Session) -> None:
    """Let somebody work in a shop."""
    options = session.options
    password = _password()
    shop = find_shop(session.services, options.shop)
    added = add_user(session.services, options.email, password, shop.id, options.role)
    answer = {
        "account": show_id(added.account_id),
        "email": added.email,
        "shop": show_id(shop.id),
        "role": options.role,
        "new": added.is_new,
    }
    kept = "" if added.is_new else "\tkata sandi lama tetap / the old password stays"
    session.say(answer, f"{added.email}\t{shop.name}\t{options.role}{kept}")
