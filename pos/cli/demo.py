"""The sample shop: opened in the window, or the main job walked through in the terminal."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from random import Random

from core import cart as carts
from core.errors import Refused
from core.money import format_rupiah
from core.tender import TenderKind
from pos.catalog.goods import by_barcode, one_goods, search
from pos.cli.demo_server import SampleServer, sample_server
from pos.cli.exits import DONE
from pos.cli.folder import default_folder
from pos.cli.session import Session
from pos.counter import Counter
from pos.device.clock import Clock
from pos.opening import ShopExists, database_file, open_counter
from pos.printing.rendering import render
from pos.receipts.documents import receipt_document
from pos.selling.sales import SaleDone, Tendered, complete_sale
from pos.shifts.drawer import start_shift
from pos.shifts.open_shift import open_shift
from pos.shop.founding import found_shop
from pos.shop.sample import add_sample_goods, sample_barcode
from pos.shop.sample_weeks import SampleClock, live_through
from pos.staff.people import everybody
from pos.sync.enrolment import enrol, server_address
from pos.sync.memory import server
from pos.sync.once import sync_once
from pos.sync.transport import HttpSender

SHOP = "Warung Huyula"
OWNER = "Ibu Sri"


def demo_folder(session: Session) -> Path:
    """Where the sample shop lives: apart from a real shop's data."""
    given: Path | None = session.options.data
    return given if given is not None else default_folder().with_name("huyula-demo")


def open_sample(folder: Path, clock: Clock | None = None) -> Counter:
    """Open the sample shop, founding it the first time; its owner acts."""
    if database_file(folder).exists():
        counter = open_counter(folder)
        counter.staff_id = everybody(counter.db)[0].id
        return counter
    settings = {
        "address": "Jl. Kasmat Lahay, Limboto",
        "phone": "0435 881234",
        "receipt_footer": ("Terima kasih", "Odu olo"),
    }
    counter = found_shop(folder, SHOP, OWNER, settings=settings, clock=clock)
    add_sample_goods(counter)
    return counter


def join_with_history(session: Session, url: str, code: str, weeks: int) -> int:
    """Found the sample shop some weeks ago, live through them, and send it all to a server.

    Raises:
        ShopExists: there is one in the folder.
    """
    if database_file(session.folder).exists():
        raise ShopExists(folder=str(session.folder))
    clock = SampleClock(weeks)
    counter = open_sample(session.folder, clock)
    session.adopt(counter)
    sales = live_through(counter, clock, Random(weeks))
    sender = HttpSender(server_address(url))
    try:
        enrol(counter, url, code, sender, name="Kasir contoh")
        found = server(counter.db)
        assert found is not None, "the counter is enrolled now"
        outcome = sync_once(counter, found, sender)
    finally:
        sender.close()
    session.say(
        {"sales": sales, "sent": outcome.sent, "waiting": outcome.waiting},
        f"{sales} penjualan / sales, {outcome.sent} terkirim / sent",
    )
    return DONE


def demo(session: Session) -> int:
    """Open the sample shop's window beside a server of its own, in which the counter is enrolled.

    Without a display walk through the main job and do one round with that server.
    """
    if session.options.join:
        url, code = session.options.join
        return join_with_history(session, url, code, session.options.weeks)
    folder = demo_folder(session)
    counter = open_sample(folder)
    session.adopt(counter)
    with ExitStack() as ends:
        served = _served(session, counter, ends)
        if not session.options.terminal and _has_display():
            from pos.cli.window import open_window

            session.leave()
            return open_window(folder)
        return _in_terminal(counter, folder, served)


def _served(session: Session, counter: Counter, ends: ExitStack) -> SampleServer | None:
    """The local server; a counter needs none, so one that does not start stops nothing."""
    try:
        served = ends.enter_context(sample_server(counter, counter.folder / "server"))
    except Refused as refusal:
        session.warn(refusal)
        return None
    print(f"Halaman pemilik / the owner's pages: {served.url} ({served.email}, {served.password})")
    print(f"Pasar / the market: {served.market}")
    for name, place in served.gerai.items():
        print(f"Gerai {name}: {place}")
    print(f"Gerbang bayar coba / the gateway to try: {served.gateway}")
    return served


def _in_terminal(counter: Counter, folder: Path, served: SampleServer | None) -> int:
    done = walk(counter)
    picture = folder / "layar-penjualan.png"
    from pos.cli.window import write_selling_picture

    write_selling_picture(counter, picture)
    document = receipt_document(counter.db, counter.settings, done.receipt)
    print(render(document, "text", 32).decode())
    print(f"Layar penjualan / selling screen: {picture}")
    if served is not None:
        print(_synced(counter))
    return DONE


def _synced(counter: Counter) -> str:
    """One round with the server, in one line."""
    found = server(counter.db)
    assert found is not None, "the counter was enrolled at the start"
    sender = HttpSender(found.url)
    try:
        outcome = sync_once(counter, found, sender)
    finally:
        sender.close()
    return (
        f"Sinkron / sync: {outcome.sent} terkirim / sent, {outcome.received} diterima / received, "
        f"{outcome.waiting} menunggu / waiting"
    )


def walk(counter: Counter) -> SaleDone:
    """Shift open, a sale of scanned and searched goods rung up and paid in cash."""
    goods = counter.db.scalar("SELECT count(*) FROM product WHERE active=1")
    print(f"{counter.settings.shop_name}: {goods} barang / goods")
    if open_shift(counter.db) is None:
        start_shift(counter, 200_000)
        print(f"Shift dibuka / shift open: {format_rupiah(200_000)}")
    cart = carts.EMPTY
    for code, qty in ((sample_barcode(8), 5000), (sample_barcode(16, pack=True), 1000)):
        found = by_barcode(counter.db, code)[0]
        cart, _ = carts.add(cart, one_goods(counter.db, found.product_id), found.unit, qty)
    rice = search(counter.db, "beras", 1)[0]
    cart, _ = carts.add(cart, one_goods(counter.db, rice.id), rice.unit, 2500)
    done = complete_sale(counter, cart, [Tendered(TenderKind.CASH, 150_000)])
    print(f"{done.receipt}: {format_rupiah(done.total)}, kembali {format_rupiah(done.change)}\n")
    return done


def _has_display() -> bool:
    if sys.platform in ("win32", "darwin"):
        return True
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if platform in ("offscreen", "minimal"):
        return False
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
