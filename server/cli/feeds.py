"""Commands about what the shops' counters sent: lists, the proof, and the way back in time."""

from __future__ import annotations

from typing import Any

from core.errors import Refused
from core.quantity import decimal_string
from server.cli.arguments import command
from server.cli.ledger import shown_seal
from server.cli.session import Session
from server.db.types import show_id
from server.ledger.proving import prove_books
from server.ledger.sealing import DayNotOver, NothingSealed, seal
from server.orders.proving import prove_orders
from server.orders.sweeping import watch_all
from server.payments.proving import prove_payments
from server.search.proving import prove_index
from server.shops.adding import find_shop
from server.shops.merged import merged_away
from server.sync.listing import feed_of, sales_of, stock_of
from server.sync.restoring import begin_epochs
from server.sync.verifying import refold, verify


class NotProved(Refused):
    """At least one shop's tables are not what follows from its feed."""

    code = "not_proved"


def add_commands(commands: Any) -> None:
    """Add this module's commands."""
    for name, text, run in (
        ("sales", "Daftar penjualan / list sales", run_sales),
        ("stock", "Daftar stok / list stock", run_stock),
        ("feed", "Daftar fakta menurut urutan server / the shop's feed", run_feed),
    ):
        command(commands, name, text, run).add_argument("shop", metavar="SHOP")
    again = command(
        commands,
        "restored",
        "Setelah basis data dipulihkan / after the database was restored",
        run_restored,
    )
    again.add_argument("--reason", default="restored", metavar="TEXT")
    proof = command(commands, "verify", "Buktikan tabel dari fakta / prove the tables", run_verify)
    proof.add_argument("shop", nargs="?", metavar="SHOP")
    proof.add_argument(
        "--refold",
        action="store_true",
        help="lalu perbaiki tabel dari fakta / then mend the tables",
    )


def run_sales(session: Session) -> None:
    """One sale a line."""
    shop = find_shop(session.services, session.options.shop)
    for one in sales_of(session.services, shop.id):
        answer = {**one._asdict(), "flags": list(one.flags), "hash": one.hash.hex()}
        session.say(answer, f"{one.receipt}\t{one.business_date}\t{one.total}")


def run_stock(session: Session) -> None:
    """One product a line; quantities as decimal texts of the base unit. Goods that were merged into
    others are left out, as the counter does: their stock has gone over, their code has not."""
    shop = find_shop(session.services, session.options.shop)
    with session.services.store.reading_shop(shop.id) as tx:
        gone = merged_away(tx, "product")
    for one in stock_of(session.services, shop.id):
        if one.product_id in gone and not one.qty and not one.value:
            continue
        stock = decimal_string(one.qty)
        answer = {
            "product": show_id(one.product_id),
            "code": one.code,
            "name": one.name,
            "stock": stock,
            "value": one.value,
        }
        session.say(answer, f"{one.code}\t{one.name}\t{stock}")


def run_feed(session: Session) -> None:
    """One fact a line."""
    shop = find_shop(session.services, session.options.shop)
    for row in feed_of(session.services, shop.id):
        answer = {
            **row._mapping,
            "device": show_id(row.device),
            "hash": row.hash.hex(),
        }
        session.say(answer, f"{row.n}\t{row.kind}\t{row.verdict or 'ok'}")


def run_restored(session: Session) -> None:
    """Begin a new epoch in every shop; orders that counters bring back are looked at."""
    count = begin_epochs(session.services, session.options.reason)
    watch_all(session.services)
    session.say({"shops": count}, str(count))


def run_verify(session: Session) -> None:
    """Fold the feeds again and compare, prove the books, and seal their days that are over; one
    shop a line. Exit 1 where something differed, also where it was mended. Books are never mended,
    only named, and sealed only where they are right."""
    services = session.services
    if session.options.shop is not None:
        shops = [find_shop(services, session.options.shop).id]
    else:
        shops = services.store.shop_ids()
    prove = refold if session.options.refold else verify
    failed = 0
    for shop_id in shops:
        proof = prove(services, shop_id)
        books = prove_books(services, shop_id)
        index = prove_index(services, shop_id)
        paid = prove_payments(services, shop_id)
        owing = prove_orders(services, shop_id)
        ok = proof.ok and books.ok and index.ok and paid.ok and owing.ok
        failed += not ok
        made = _sealed(session, shop_id) if books.ok else None
        answer = {
            "shop": show_id(shop_id),
            "ok": ok,
            "entries": proof.entries,
            "ledger": books.entries,
            "seal": made,
            "payments": paid.payments,
            "orders": owing.orders,
            "search": {"goods": index.goods, "waiting": index.waiting},
            "differences": [
                *proof.differences,
                *(one._asdict() for one in books.differences),
                *(one._asdict() for one in paid.differences),
                *(one._asdict() for one in owing.differences),
                *(one._asdict() for one in (() if index.ok else index.differences)),
            ],
        }
        words = f"\t{made['day']}\t{made['words']}" if made else ""
        session.say(answer, f"{show_id(shop_id)}\t{'ok' if ok else 'BERBEDA'}{words}")
    if failed:
        raise NotProved(count=failed)


def _sealed(session: Session, shop_id: bytes) -> dict[str, Any] | None:
    """The daily seal up to yesterday, None where nothing was recorded by then, or where yesterday
    goes on by the closing time that the shop had when it began: no other shop waits for that."""
    try:
        return shown_seal(seal(session.services, shop_id))
    except (NothingSealed, DayNotOver):
        return None
