"""The sample shop: opened in the window, or the main job walked through in the terminal."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from core import cart as carts
from core.money import format_rupiah
from core.tender import TenderKind
from pos.catalog.goods import by_barcode, one_goods, search
from pos.cli.exits import DONE
from pos.cli.folder import default_folder
from pos.cli.session import Session
from pos.counter import Counter
from pos.opening import database_file, open_counter
from pos.printing.rendering import render
from pos.receipts.documents import receipt_document
from pos.selling.sales import SaleDone, Tendered, complete_sale
from pos.shifts.drawer import start_shift
from pos.shifts.open_shift import open_shift
from pos.shop.founding import found_shop
from pos.shop.sample import add_sample_goods, sample_barcode
from pos.staff.people import everybody

SHOP = "Warung Huyula"
OWNER = "Ibu Sri"


def demo_folder(session: Session) -> Path:
    """Where the sample shop lives: apart from a real shop's data."""
    given: Path | None = session.options.data
    return given if given is not None else default_folder().with_name("huyula-demo")


def open_sample(folder: Path) -> Counter:
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
    counter = found_shop(folder, SHOP, OWNER, settings=settings)
    add_sample_goods(counter)
    return counter


def demo(session: Session) -> int:
    """Open the sample shop's window; without a display walk through the main job."""
    folder = demo_folder(session)
    if not session.options.terminal and _has_display():
        open_sample(folder).close()
        from pos.cli.window import open_window

        return open_window(folder)
    counter = open_sample(folder)
    session.adopt(counter)
    done = walk(counter)
    picture = folder / "layar-penjualan.png"
    from pos.cli.window import write_selling_picture

    write_selling_picture(counter, picture)
    document = receipt_document(counter.db, counter.settings, done.receipt)
    print(render(document, "text", 32).decode())
    print(f"Layar penjualan / selling screen: {picture}")
    return DONE


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
