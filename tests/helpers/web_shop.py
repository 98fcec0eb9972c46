"""A shop with a week of life for the owner's pages, made of real facts that counters push."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from core.contract import encode_body, kind_of
from core.facts.base import Fact, FieldChange, Header
from core.facts.catalog import (
    BarcodeRecord,
    OpeningStock,
    ProductAdded,
    ProductChanged,
    ProductRecord,
    TierRecord,
    UnitRecord,
)
from core.facts.customers import CustomerAdded, CustomerRecord, DebtRepaid
from core.facts.selling import Refers, SaleCompleted, SaleLine, TenderPart
from core.facts.shifts import ShiftOpened
from core.facts.shop import SettingsChanged, StaffAdded
from core.facts.stock import StockAdjusted, StockLine, StockReceived
from core.gtin import normal_form
from server.accounts.people import add_user
from server.db.store import Store
from server.devices.pairing import make_code
from server.services import PasswordCost, Services
from server.shops.adding import add_shop
from server.sync.enrolling import enrol
from server.sync.greeting import greet, register_line
from server.sync.journal import take_journal
from server.sync.keys import ServerKey
from server.sync.revoking import revoke
from tests.helpers.compiled import shared
from tests.helpers.sync_client import Counter, fresh_id

ZONE: Final = ZoneInfo("Asia/Makassar")
TODAY: Final = "2026-11-24"
NOW_MS: Final = int(datetime(2026, 11, 24, 15, 40, tzinfo=ZONE).timestamp() * 1000)
CHEAP: Final = PasswordCost(passes=1, memory_kib=8, lanes=1)
PASSWORD: Final = "jagung rebus manis"
OWNER: Final = "sri@contoh.id"
_GOODS: Final = (
    ("Beras Pulo 5 kg", "BR5", "Sembako", "sak", 72_500, 65_000, 60, 8),
    ("Gula pasir", "GL1", "Sembako", "kg", 17_500, 15_800, 110, 10),
    ("Minyak goreng 1 L", "MG1", "Sembako", "botol", 19_000, 16_900, 96, 12),
    ("Telur ayam", "TL", "Sembako", "butir", 2_300, 1_950, 300, 60),
    ("Mi instan goreng", "MI1", "Mi", "pcs", 3_500, 2_900, 240, 40),
    ("Kopi bubuk Pinogu 100 g", "KP", "Minuman", "pak", 18_000, 13_500, 84, 6),
    ("Teh celup isi 25", "TH", "Minuman", "dus", 8_500, 7_000, 90, 90),
    ("Sabun mandi batang", "SB", "Rumah", "pcs", 4_500, 3_600, 120, 10),
    ("Sabun cuci piring isi ulang 750 ml jeruk nipis", "SC", "Rumah", "pak", 16_500, 13_900, 99, 6),
    ("Pulsa 20 ribu", "PL20", "Jasa", "kali", 22_000, None, 0, 0),
    ("Ikan cakalang fufu", "CF", "Lauk", "ekor", 45_000, 36_000, 70, 2),
    ("Sambal roa", "SR", "Lauk", "botol", 35_000, 24_000, 96, 4),
)  # fmt: skip
_CUSTOMERS: Final = (
    ("Pak Udin Mohamad", "0812-1111-2222", "Limboto", 500_000, "", 0),
    ("Ibu Hadija", "0813-3333-4444", "", 300_000, "A-017", 750_000),
    ("Warung Makan Coto Telaga Biru Cabang Limboto", "", "", 100_000, "", 0),
)


class Clock:
    """The server's clock, which goes on only when it is told to."""

    def __init__(self, now_ms: int) -> None:
        """Begin there."""
        self.now_ms = now_ms

    def __call__(self) -> int:
        """UTC milliseconds."""
        return self.now_ms


class Sample(NamedTuple):
    """The shop, and what of it a test wants to name."""

    shop_id: bytes
    front: Counter
    back: Counter
    lost: Counter
    doubtful: Counter
    goods: list[bytes]
    customers: list[bytes]


def open_services(address: str, clock: Callable[[], int] | None = None) -> Services:
    """A server whose passwords are cheap and whose clock stands."""
    return Services(shared(Store(address)), now_ms=clock or Clock(NOW_MS), password_cost=CHEAP)


def at(day: str, hour: int, minute: int = 0) -> int:
    """A moment of the shop's clock, in UTC milliseconds."""
    midnight = datetime.fromisoformat(day).replace(tzinfo=ZONE)
    return int((midnight + timedelta(hours=hour, minutes=minute)).timestamp() * 1000)


class Till:
    """A counter whose facts carry the moment and person that a test says."""

    def __init__(self, counter: Counter, by: bytes) -> None:
        """Write for `counter`."""
        self.counter = counter
        self.by = by
        self.number = 0
        self.shift = fresh_id()
        self.sent = 0

    def write(self, at_ms: int, day: str, fact: Fact) -> int:
        """Append a fact; returns its place."""
        header = Header(at_ms, b"then", at_ms, day, self.by)
        kind, version = kind_of(fact)
        return self.counter.append(kind, version, encode_body(header, fact)).seq

    def sell(
        self, at_ms: int, day: str, lines: list[SaleLine], kind: str = "cash", customer: bytes = b""
    ) -> int:
        """A sale (or refund) paid by one tender."""
        self.number += 1
        total = sum(one.net for one in lines)
        given = -(-total // 50_000) * 50_000 if kind == "cash" and total > 0 else total
        fact = SaleCompleted(
            self.number,
            self.shift,
            "refund" if any(one.refers for one in lines) else "sale",
            tuple(lines),
            (TenderPart(kind, total, given),),
            total,
            0,
            given - total,
            True,
            customer,
        )
        return self.write(at_ms, day, fact)

    def push(self, services: Services, shop_id: bytes) -> None:
        """Send what is new."""
        while self.sent < len(self.counter.entries):
            last = min(self.sent + 200, len(self.counter.entries))
            push = self.counter.push(self.sent + 1, last)
            take_journal(services, shop_id, self.counter.device, push)
            self.sent = last


def sale_line(record: ProductRecord, count: int, discount: int = 0) -> SaleLine:
    """So many of a product."""
    gross = record.price * count
    return SaleLine(
        record.product_id, record.name, record.unit, 1, count * 1000, record.price, record.price,
        gross, discount, 0, gross - discount, 0,
    )  # fmt: skip


def sample_shop(
    services: Services,
    name: str = "Warung Ibu Sri",
    say: Callable[[str], str] = lambda text: text,
    *,
    owner: str = OWNER,
) -> Sample:
    """Found it: two counters, a third that was revoked, a line that nobody vouched for.

    `say` changes every text that people type.
    """
    known = add_shop(services, say(name))
    add_user(services, owner, PASSWORD, known.id, "owner")
    front = _join(services, known.id, "K1", say("Depan"))
    back = _join(services, known.id, "K2", say("Belakang"))
    lost = _join(services, known.id, "K3", say("Pasar"))
    staff = fresh_id()
    first, second, third = Till(front, staff), Till(back, staff), Till(lost, staff)
    goods, customers = _write_down(first, staff, name, say)
    first.push(services, known.id)
    for till in (first, second):
        _a_week(till, goods, customers, say)
    _doubtful_things(first, second, goods, customers, say)
    for till in (first, second):
        till.push(services, known.id)
    third.push(services, known.id)
    revoke(services, known.id, lost.device, "hilang")
    third.sell(at(TODAY, 12, 5), TODAY, [sale_line(goods[4], 3)])
    third.push(services, known.id)
    doubtful = _unconfirmed(services, known.id, back, goods[0], staff)
    for counter, minutes, waiting in ((front, 1, 0), (back, 190, 37)):
        _greet(services, known.id, counter, minutes, waiting)
    ids = [one.product_id for one in goods]
    return Sample(
        known.id, front, back, lost, doubtful, ids, [one.customer_id for one in customers]
    )


def _join(services: Services, shop_id: bytes, register: str, name: str) -> Counter:
    counter = Counter(register)
    code = make_code(services, shop_id).code
    request = counter.enrol(code)
    renamed = type(request)(
        request.code, request.public_key, request.shop, request.lines, name, "Huyula 0.1.0"
    )
    enrol(services, ServerKey(services).public, renamed, address=register)
    return counter


def _greet(services: Services, shop_id: bytes, counter: Counter, minutes: int, left: int) -> None:
    hello = counter.hello()
    line = msgspec.structs.replace(hello.line, seq=hello.line.seq + left)
    now_ms = NOW_MS - minutes * 60_000
    then = Services(services.store, now_ms=lambda: now_ms, password_cost=CHEAP)
    greet(
        then,
        shop_id,
        type(hello)(
            hello.protocols, line, 0, 0, hello.feed_hash, left, now_ms, 0, hello.boot,
            "Huyula 0.1.0", NOW_MS - 20 * 3_600_000,
        ),
    )  # fmt: skip


def _write_down(
    till: Till, staff: bytes, name: str, say: Callable[[str], str]
) -> tuple[list[ProductRecord], list[CustomerRecord]]:
    began = at("2026-11-10", 7)
    settings = {
        "shop_name": say(name),
        "address": say("Jl. Danau Limboto 12, Telaga"),
        "phone": say("0812-4400-1234"),
        "receipt_footer": [say("Terima kasih"), say("Barang dapat ditukar 3 hari")],
        "zone": "Asia/Makassar",
    }
    changes = tuple(
        FieldChange(key, "null", msgspec.json.encode(value).decode())
        for key, value in settings.items()
    )
    till.write(began, "2026-11-10", SettingsChanged(changes))
    till.write(began, "2026-11-10", StaffAdded(staff, say("Ratna"), "cashier"))
    goods = []
    for number, (title, code, group, unit, price, cost, stock, least) in enumerate(_GOODS):
        record = ProductRecord(
            fresh_id(), say(code), say(title), say(group), say("Lokal"), say(unit), price, cost,
            min_stock=least * 1000,
            units=(UnitRecord(say("dus"), 12, price * 11),) if number == 2 else (),
            barcodes=(BarcodeRecord(normal_form(f"89910021012{number:02}"), unit),),
            tiers=(TierRecord(10_000, price - 300),) if number == 4 else (),
        )  # fmt: skip
        goods.append(record)
        opening = OpeningStock(record.product_id, stock * 1000, stock * cost) if cost else None
        till.write(began, "2026-11-10", ProductAdded(record, opening))
    customers = [
        CustomerRecord(fresh_id(), say(who), phone, say(note), limit, member, monthly)
        for who, phone, note, limit, member, monthly in _CUSTOMERS
    ]
    for one in customers:
        till.write(began, "2026-11-10", CustomerAdded(one))
    return goods, customers


def _a_week(
    till: Till,
    goods: list[ProductRecord],
    customers: list[CustomerRecord],
    say: Callable[[str], str],
) -> None:
    chance = Random(till.counter.register)
    for back in range(7, -1, -1):
        day = (datetime.fromisoformat(TODAY) - timedelta(days=back)).date().isoformat()
        till.shift = fresh_id()
        till.write(at(day, 7), day, ShiftOpened(till.shift, 200_000))
        if back == 3 and till.counter.register == "K1":
            received = (StockLine(goods[0].product_id, 20_000, 1_310_000),)
            till.write(at(day, 7, 5), day, StockReceived(received, say("Agen Maju"), "N-118"))
        for hour in range(7, 21 if back else 15):
            for _ in range(chance.choice((0, 1, 1, 2, 3)) + (hour in (11, 12, 17))):
                picked = chance.sample(goods, chance.randint(1, 3))
                lines = [sale_line(one, chance.randint(1, 2)) for one in picked]
                kind = chance.choice(("cash", "cash", "cash", "qris", "transfer"))
                till.sell(at(day, hour, chance.randint(1, 50)), day, lines, kind)
        if back in (6, 2):
            debt = [sale_line(goods[0], 1), sale_line(goods[1], 2, 1_000)]
            who = customers[back % 2].customer_id
            till.sell(at(day, 20, 51), day, debt, "credit", who)


def _doubtful_things(
    first: Till,
    second: Till,
    goods: list[ProductRecord],
    customers: list[CustomerRecord],
    say: Callable[[str], str],
) -> None:
    day, fish = TODAY, goods[10]
    sold = first.sell(at(day, 15, 2), day, [sale_line(goods[1], 3), sale_line(fish, 1)])
    line = sale_line(goods[1], -1)
    given = line.__class__(
        *[getattr(line, name) for name in line.__struct_fields__[:12]],
        refers=Refers(first.counter.device, sold, 1),
        back_to="stock",
    )
    first.sell(at(day, 15, 10), day, [given])
    first.sell(at(day, 15, 20), day, [sale_line(goods[0], 2)], "credit", customers[2].customer_id)
    udin = customers[0].customer_id
    paid = DebtRepaid(
        first.number + 1, udin, "credit", 50_000, (TenderPart("cash", 50_000),), first.shift
    )
    first.number += 1
    first.write(at(day, 15, 25), day, paid)
    broken = (StockLine(goods[3].product_id, -6_000),)
    first.write(at(day, 15, 28), day, StockAdjusted(broken, "broken", say("jatuh")))
    # The same price at two counters that did not know of each other.
    old = str(goods[1].price)
    for till, minute, price in ((first, 30, "18000"), (second, 35, "18500")):
        change = ProductChanged(goods[1].product_id, (FieldChange("price", old, price),))
        till.write(at(day, 15, minute), day, change)
    for till, name in ((first, "Sambal roa pedas"), (second, "Sambal roa asli")):
        names = FieldChange(
            "name",
            msgspec.json.encode(goods[11].name).decode(),
            msgspec.json.encode(say(name)).decode(),
        )
        till.write(at(day, 15, 38), day, ProductChanged(goods[11].product_id, (names,)))


def _unconfirmed(
    services: Services, shop_id: bytes, parent: Counter, record: ProductRecord, staff: bytes
) -> Counter:
    child = parent.child("K2b")
    register_line(services, child.hello(vouched=False))
    till = Till(child, staff)
    till.sell(at(TODAY, 15, 39), TODAY, [sale_line(record, 1)])
    till.push(services, shop_id)
    return child


def sqlite_address(folder: Path) -> str:
    """The address of a database file in a folder."""
    return f"sqlite:///{folder / 'server.db'}"
