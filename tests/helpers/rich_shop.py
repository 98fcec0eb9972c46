"""A shop in which everything has happened once, for proofs about all tables."""

from __future__ import annotations

from pathlib import Path

from core import cart as carts
from core.cart import Discount
from core.facts.stock import StockLine
from core.tender import TenderKind
from pos.catalog.importing import ShopCatalog, apply_import, imports, take_back
from pos.catalog.pictures import prepared
from pos.catalog.products import change_product, product_record
from pos.counter import Counter
from pos.customers.people import add_customer, change_customer, repay
from pos.db.sealed import put_sealed
from pos.importing.planning import plan
from pos.importing.reading import read_table
from pos.printing.printers import add_printer
from pos.selling.carts import park, save_open_cart
from pos.selling.corrections import owed_refunds, reprint, settle_refund, swap_tender
from pos.selling.refunds import Return, make_refund
from pos.selling.sales import Tendered
from pos.shifts.closing import close_shift
from pos.shifts.drawer import move_cash, open_drawer, start_shift
from pos.staff.people import add_staff, change_staff
from pos.staff.pins import set_pin
from pos.stock.moving import adjust, receive
from tests.helpers.counter import add_goods, cart_of, make_shop, sell
from tests.helpers.picture_files import noise

DATA = Path(__file__).parent.parent / "data"


def rich_shop(folder: Path) -> Counter:
    """Found it and live a day and a half in it; the second shift stays open."""
    shop = make_shop(folder, cash_step=100, tax_basis_points=1100)
    budi = add_staff(shop, "Budi", "cashier")
    set_pin(shop, shop.staff_id, "1234")
    set_pin(shop, budi, "4321")
    change_staff(shop, budi, permissions={"refund": True, "discount": 1000})
    add_printer(shop.db, "Depan", "tcp:127.0.0.1:9", drawer=True)
    noodles = add_goods(
        shop,
        barcode="8991002101234",
        units=[("dus", 40, 90_000)],
        tiers=[(12_000, 2_300)],
        code="A1",
    )
    rice = add_goods(shop, "Beras", 14_550, 20_000, unit="kg", category="sembako")
    change_product(shop, product_record(shop.db, rice), picture=prepared(noise((40, 30), 1)))
    table = read_table(DATA / "warung_kotor.xlsx")
    for _ in range(2):
        apply_import(shop, plan(table, None, ShopCatalog(shop.db)), "warung_kotor.xlsx")
        take_back(shop, imports(shop.db)[0].id)
    apply_import(shop, plan(table, None, ShopCatalog(shop.db)), "warung_kotor.xlsx")
    _first_shift(shop, noodles, rice)
    start_shift(shop, 50_000)
    cart = cart_of(shop, (noodles, 2_000), (rice, 250))
    park(shop, cart, "Pak Udin")
    sell(shop, cart)
    open_drawer(shop, "tukar")
    save_open_cart(shop, cart)
    with shop.db.transaction():
        put_sealed(shop.db, "local_setting", {"name": "theme", "value": '"dark"'})
    return shop


def _first_shift(shop: Counter, noodles: bytes, rice: bytes) -> None:
    start_shift(shop, 100_000)
    udin = add_customer(shop, "Pak Udin", phone="0812", credit_limit=500_000, balance_limit=90_000)
    change_customer(shop, udin, note="Limboto")
    cash = sell(shop, cart_of(shop, (noodles, 13_000), (rice, 1_250)))
    cart = carts.set_line_discounts(
        cart_of(shop, (rice, 2_000), (noodles, 1_000)), 0, (Discount("percent", 500),)
    )
    cart = carts.set_customer(carts.set_cart_discounts(cart, (Discount("rupiah", 500),)), udin)
    total = 29_100 - 1_455 + 2_500 - 500
    mixed = sell(shop, cart, ("credit", 10_000), ("qris", total - 10_000))
    member = sell(shop, carts.set_customer(cart_of(shop, (rice, 1_000)), udin), ("balance", 14_550))
    make_refund(shop, cash.receipt, [Return(1, 2_000), Return(2, 250, "waste")], "basi")
    make_refund(shop, mixed.receipt, [Return(1, 1_000)], "salah barang")
    exchange = cart_of(shop, (rice, 500))
    due = 7_275 - 2_300
    make_refund(
        shop,
        cash.receipt,
        [Return(1, 1_000)],
        "tukar",
        exchange=exchange,
        tenders=[Tendered(TenderKind.CARD, due)],
    )
    settle_refund(shop, owed_refunds(shop.db)[0], "TRX1")
    swap_tender(shop, cash.receipt, 1, TenderKind.CARD, "salah tekan", reference="99")
    reprint(shop, member.receipt)
    sell(shop, carts.set_customer(cart_of(shop, (rice, 1_000)), udin), ("credit", 14_550))
    repay(shop, udin, 1_000)
    move_cash(shop, "out", 5_000, "es")
    move_cash(shop, "in", 2_000, "receh")
    receive(shop, [StockLine(noodles, 40_000, 83_333)], "Agen", "N-1")
    adjust(shop, noodles, -1_000, "broken", "jatuh")
    close_shift(shop, 150_000, denominations={100_000: 1, 50_000: 1}, note="kurang")
