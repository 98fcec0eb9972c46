"""A founded shop for tests, with a clock that only moves when it is told to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core import cart as carts
from core.cart import Cart
from core.facts.catalog import BarcodeRecord, ProductRecord, TierRecord, UnitRecord
from core.gtin import normal_form
from core.tender import TenderKind
from pos.catalog.goods import one_goods
from pos.catalog.products import add_product
from pos.counter import Counter
from pos.device.clock import Clock
from pos.device.witness import Witness
from pos.selling.sales import SaleDone, Tendered, complete_sale
from pos.shop.founding import found_shop

NOON_MS = 1_795_492_800_000  # 24 November 2026, 04:00 UTC: noon in Gorontalo


class StillClock(Clock):
    """Shows the time it was set to."""

    def __init__(self, now_ms: int = NOON_MS) -> None:
        """Begin at noon."""
        super().__init__()
        self.now = now_ms

    def now_ms(self) -> int:
        """The time it was set to."""
        return self.now

    def mono_ms(self) -> int:
        """The same: nothing jumps unless told."""
        return self.now

    def forward(self, seconds: int) -> None:
        """Let time pass."""
        self.now += seconds * 1000


def make_shop(folder: Path, clock: Clock | None = None, **settings: Any) -> Counter:
    """A shop of one owner without a PIN, acting."""
    return found_shop(
        folder / "shop",
        "Warung Uji",
        "Ibu Sri",
        settings=settings,
        clock=clock or StillClock(),
        witness=Witness(folder / "state"),
    )


def add_goods(
    counter: Counter, name: str = "Mi goreng", price: int = 2_500, qty: int = 10_000, **more: Any
) -> bytes:
    """A product with opening stock (thousandths); `barcode`, `units`, `tiers` as wanted."""
    barcode = more.pop("barcode", "")
    unit = more.pop("unit", "pcs")
    codes = (BarcodeRecord(normal_form(barcode), unit),) if barcode else ()
    record = ProductRecord(
        b"",
        more.pop("code", ""),
        name,
        more.pop("category", "mi"),
        "",
        unit,
        price,
        more.pop("cost", 2_000),
        barcodes=codes,
        units=tuple(UnitRecord(*one) for one in more.pop("units", ())),
        tiers=tuple(TierRecord(*one) for one in more.pop("tiers", ())),
        **more,
    )
    return add_product(counter, record, qty)


def cart_of(counter: Counter, *lines: tuple[bytes, int], unit: str = "") -> Cart:
    """A cart of (product, thousandths)."""
    cart = carts.EMPTY
    for product_id, qty in lines:
        goods = one_goods(counter.db, product_id)
        cart, _ = carts.add(cart, goods, unit or goods.base_unit, qty)
    return cart


def sell(counter: Counter, cart: Cart, *tenders: tuple[str, int], ref: str = "") -> SaleDone:
    """Complete a sale; without tenders a million in cash."""
    given = tenders or (("cash", 1_000_000),)
    return complete_sale(
        counter, cart, [Tendered(TenderKind(kind), amount) for kind, amount in given], ref=ref
    )
