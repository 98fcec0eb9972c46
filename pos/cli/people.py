"""Commands about customers: written down, listed, paying back."""

from __future__ import annotations

from typing import Any

from core.money import format_rupiah
from pos.cli.arguments import command, group, rupiah
from pos.cli.session import Session
from pos.customers.accounts import balance_debt, customer_named, find_customers
from pos.customers.people import add_customer, change_customer, repay


def add_commands(commands: Any) -> None:
    """Add this module's commands."""
    customer = group(commands, "customer", "Pelanggan / customers")
    new = command(customer, "add", "Tambah pelanggan / add a customer", run_add)
    new.add_argument("--name", required=True, metavar="N")
    _add_fields(new)
    change = command(customer, "set", "Ubah pelanggan / change a customer", run_set)
    change.add_argument("name", metavar="NAME")
    _add_fields(change)
    pay = command(customer, "pay", "Bayar kasbon / pay back", run_pay)
    pay.add_argument("name", metavar="NAME")
    pay.add_argument("amount", type=rupiah, metavar="AMOUNT")
    pay.add_argument("--account", choices=("credit", "balance"), default="credit")
    everyone = command(commands, "customers", "Daftar pelanggan / list customers", run_list)
    everyone.add_argument("--search", default="", metavar="TEXT")


def _add_fields(parser: Any) -> None:
    parser.add_argument("--limit", type=rupiah, metavar="RP")
    parser.add_argument("--phone", default=None)
    parser.add_argument("--member", default=None, metavar="NO")
    parser.add_argument("--balance-limit", type=rupiah, default=None, metavar="RP")


def run_add(session: Session) -> None:
    """Write a customer down."""
    options = session.options
    customer_id = add_customer(
        session.writing(),
        options.name,
        phone=options.phone or "",
        credit_limit=options.limit,
        member_no=options.member or "",
        balance_limit=options.balance_limit or 0,
    )
    session.say({"id": customer_id.hex(), "name": options.name}, options.name)


def run_set(session: Session) -> None:
    """Change a customer's fields."""
    options = session.options
    counter = session.writing()
    who = customer_named(counter.db, options.name)
    given = {
        "credit_limit": options.limit,
        "phone": options.phone,
        "member_no": options.member,
        "balance_limit": options.balance_limit,
    }
    change_customer(
        counter, who.id, **{name: value for name, value in given.items() if value is not None}
    )
    session.say({"id": who.id.hex(), "name": who.name}, who.name)


def run_pay(session: Session) -> None:
    """Take a repayment in cash."""
    options = session.options
    counter = session.writing()
    who = customer_named(counter.db, options.name)
    done = repay(counter, who.id, options.amount, account=options.account)
    answer = {
        "receipt": done.receipt,
        "customer": who.name,
        "amount": done.amount,
        "debt": done.left,
    }
    session.say(
        answer,
        f"{done.receipt} {who.name} {format_rupiah(done.amount)}, {format_rupiah(done.left)}",
    )


def run_list(session: Session) -> None:
    """List customers with what they owe."""
    db = session.reading()
    for who in find_customers(db, session.options.search, 100_000):
        answer = {
            "id": who.id.hex(),
            "name": who.name,
            "phone": who.phone,
            "limit": who.credit_limit,
            "debt": who.debt,
            "member": who.member_no,
            "balance_limit": who.balance_limit,
            "balance_debt": balance_debt(db, who.id),
        }
        session.line(answer, f"{who.name}\t{format_rupiah(who.debt)}")
