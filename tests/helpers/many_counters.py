"""Several counters of one shop that live their own lives and now and then meet the server."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from core import cart as carts
from core.errors import Refused
from core.facts.stock import StockLine
from core.facts.sync import Allotment, DocumentsMerged, KasbonAllotted
from core.pricing import price
from core.tender import TenderKind
from pos.catalog.goods import one_goods
from pos.catalog.products import archive_product, change_product, product_record
from pos.counter import Counter
from pos.customers.people import add_customer, change_customer, repay
from pos.db.database import Database
from pos.device.witness import Witness
from pos.journal.refold import TABLES
from pos.journal.verify import verify
from pos.merging.deciding import Two, keep_apart, merge_pairs
from pos.selling.carts import fetch, park, parked
from pos.selling.corrections import owed_refunds, reprint, settle_refund, swap_tender
from pos.selling.refunds import Return, make_refund
from pos.selling.sales import Tendered, complete_sale
from pos.shifts.closing import close_shift
from pos.shifts.drawer import move_cash, start_shift
from pos.shop.founding import change_settings, found_shop
from pos.staff.people import add_staff, change_staff, everybody
from pos.stock.moving import adjust, receive
from pos.sync.apply import apply_page
from pos.sync.joining import join
from pos.sync.memory import cursor
from tests.helpers.counter import StillClock, add_goods
from tests.helpers.tiny_server import TinyServer, own_entries

# Columns that hold places in a counter's own journal; 0 and NULL stay what they are.
_PLACES = {
    "pos", "closed_pos", "taken_back", "settled", "sale_id", "refers_sale", "carrier_pos",
}  # fmt: skip
_ENTRIES = {"sale", "repayment"}
# What belongs to one counter, or says what waits there and where its feed begins.
_APART = {"line", "field_base", "field_wait", "base_head", "base_identity"}


class World:
    """A server and its counters; `chance` decides everything."""

    def __init__(self, place: Path, chance: random.Random, counters: int = 2) -> None:
        """Found the counters, each with goods of its own; all join."""
        self.chance = chance
        self.server = TinyServer(chance)
        self.counters = [self._found(place / str(number)) for number in range(counters)]
        self.pushed: dict[int, dict[bytes, int]] = {number: {} for number in range(counters)}
        self.story: list[str] = []
        for counter in self.counters:
            lines = [
                (bytes(row[0]), len(own_entries(counter.db, bytes(row[0]))))
                for row in counter.db.rows("SELECT device FROM own_line ORDER BY place")
            ]
            code = f"K{self.counters.index(counter) + 1}"
            join(counter, "http://t", self.server.enrol(lines, code))
        for _ in range(2):
            for number in range(counters):
                self.push(number, 999)
                self.pull(number, 999)
            self._deal_out()

    def _deal_out(self) -> None:
        """Everybody may lend by themselves, or nobody would sell on kasbon any more."""
        db = self.server.db
        devices = [bytes(row[0]) for row in db.rows("SELECT device FROM register WHERE parent=x''")]
        for (customer_id,) in db.rows("SELECT id FROM customer ORDER BY id"):
            parts = tuple(Allotment(device, 200_000) for device in devices)
            self.server.write(KasbonAllotted(bytes(customer_id), parts))

    def _found(self, place: Path) -> Counter:
        counter = found_shop(
            place / "shop", "Warung", "Ibu", clock=StillClock(), witness=Witness(place / "state")
        )
        add_goods(counter, f"Mi {place.name}", 2_500, 10_000, cost=2_000)
        add_goods(counter, f"Gula {place.name}", 16_333, 5_500, unit="kg", cost=15_001)
        add_customer(counter, f"Udin {place.name}", credit_limit=10_000_000)
        start_shift(counter, 50_000)
        return counter

    def close(self) -> None:
        """Close all files."""
        for counter in self.counters:
            counter.close()
        self.server.db.close()

    # -- the network

    def push(self, number: int, most: int) -> None:
        """Send some entries of a counter's lines, the oldest first."""
        db = self.counters[number].db
        for (device,) in db.rows("SELECT device FROM own_line ORDER BY place"):
            entries = own_entries(db, bytes(device))
            sent = self.pushed[number].get(bytes(device), 0)
            part = entries[sent : sent + most]
            self.server.push(part)
            self.pushed[number][bytes(device)] = sent + len(part)
            most -= len(part)
            if most <= 0:
                break

    def pull(self, number: int, pages: int) -> None:
        """Fetch and apply some pages."""
        db = self.counters[number].db
        lines = {bytes(row[0]) for row in db.rows("SELECT device FROM own_line")}
        for _ in range(pages):
            page = self.server.page(cursor(db).n, lines)
            if not page.entries:
                break
            kinds = apply_page(db, page).kinds
            self.counters[number].heard(kinds)

    # -- proof

    def check(self, number: int) -> None:
        """Every table is what journal and feed say."""
        proof = verify(self.counters[number].db)
        assert proof.ok and not proof.unchecked, (
            proof.differences[:6], proof.unchecked[:3], self.story[-12:],
        )  # fmt: skip

    def settle(self) -> None:
        """Everything reaches everybody."""
        self.server.revoked.clear()
        while self.server.held:
            self.server.release()
        for _ in range(2):
            for number in range(len(self.counters)):
                self.push(number, 9_999)
            for number in range(len(self.counters)):
                self.pull(number, 9_999)

    def equal(self) -> None:
        """All counters hold what the server holds."""
        truth = picture(self.server.db)
        for number, counter in enumerate(self.counters):
            assert not counter.db.scalar("SELECT count(*) FROM waiting")
            mine = picture(counter.db)
            for table in truth:
                assert mine[table] == truth[table], (table, number, self.story)

    # -- a shop's day

    def act(self, number: int) -> None:
        """Something happens at a counter."""
        act = self.chance.choice(ACTS)
        self.story.append(f"{number} {act.__name__}")
        try:
            act(self, self.counters[number])
        except Refused as refusal:
            self.story.append(f"  refused {refusal.code}")

    def goods(self, counter: Counter) -> bytes:
        """Some goods that this counter knows."""
        rows = counter.db.rows("SELECT id FROM product WHERE active=1 ORDER BY name, id")
        return bytes(self.chance.choice(rows)[0])

    def customer(self, counter: Counter) -> bytes:
        """Some customer that this counter knows."""
        rows = counter.db.rows("SELECT id FROM customer WHERE active=1 ORDER BY name, id")
        return bytes(self.chance.choice(rows)[0])

    def receipt(self, counter: Counter) -> str:
        """Some receipt of the shop that is not ambiguous here."""
        rows = counter.db.rows(
            "SELECT receipt FROM sale GROUP BY receipt HAVING count(*)=1 ORDER BY receipt"
        )
        if not rows:
            raise Refused()
        return str(self.chance.choice(rows)[0])


def _sell(world: World, counter: Counter) -> None:
    cart = carts.EMPTY
    for _ in range(world.chance.randint(1, 3)):
        goods = one_goods(counter.db, world.goods(counter))
        qty = world.chance.choice([250, 1_000, 3_000, 7_000])
        cart, _ = carts.add(
            cart, goods, goods.base_unit, qty if goods.fractional else qty // 1000 * 1000 or 1000
        )
    cart = carts.set_customer(cart, world.customer(counter))
    total = price(cart, counter.settings.tax).total
    kind = TenderKind(world.chance.choice(["cash", "qris", "credit", "card"]))
    complete_sale(counter, cart, [Tendered(kind, total)])


def _give_back(world: World, counter: Counter) -> None:
    qty = world.chance.choice([250, 1_000, 2_000])
    to: Any = world.chance.choice(["stock", "waste"])
    make_refund(counter, world.receipt(counter), [Return(1, qty, to)], "uji")


def _change_goods(world: World, counter: Counter) -> None:
    record = product_record(counter.db, world.goods(counter))
    values: dict[str, Any] = world.chance.choice(
        [
            {"price": world.chance.randint(1, 9) * 1_000},
            {"cost": world.chance.randint(1, 9) * 900},
            {"name": f"{record.name[:8]} {world.chance.randint(1, 9)}"},
            {
                "favourite": not record.favourite,
                "online": not record.online,
                "min_stock": world.chance.randint(0, 3),
                "halal": "" if record.halal else "tidak",
            },
        ]
    )
    change_product(counter, msgspec.structs.replace(record, **values))


def _archive(world: World, counter: Counter) -> None:
    product_id = world.goods(counter)
    if int(counter.db.scalar("SELECT count(*) FROM product WHERE active=1")) > 2:
        archive_product(counter, product_id)


def _revive(world: World, counter: Counter) -> None:
    merged = "SELECT source FROM merged"
    rows = counter.db.rows(
        f"SELECT id FROM product WHERE active=0 AND id NOT IN ({merged}) ORDER BY id"
    )
    if rows:
        archive_product(counter, bytes(world.chance.choice(rows)[0]), active=True)


def _new_goods(world: World, counter: Counter) -> None:
    add_goods(counter, f"Baru {world.chance.randint(1, 99)}", 4_000, 3_000, cost=3_100)


def _receive(world: World, counter: Counter) -> None:
    lines = [
        StockLine(
            world.goods(counter), world.chance.randint(1, 9_000), world.chance.randint(0, 99_999)
        )
        for _ in range(world.chance.randint(1, 2))
    ]
    receive(counter, lines)


def _adjust(world: World, counter: Counter) -> None:
    qty = world.chance.choice([-2_000, -1_000, 1_000, 4_000])
    adjust(counter, world.goods(counter), qty, "found" if qty > 0 else "lost")


def _customer(world: World, counter: Counter) -> None:
    who = world.customer(counter)
    change_customer(counter, who, note=f"catatan {world.chance.randint(1, 99)}")


def _new_customer(world: World, counter: Counter) -> None:
    add_customer(counter, f"Pak {world.chance.randint(1, 999)}", credit_limit=500_000)


def _repay(world: World, counter: Counter) -> None:
    repay(counter, world.customer(counter), world.chance.randint(1, 9_000))


def _park(world: World, counter: Counter) -> None:
    goods = one_goods(counter.db, world.goods(counter))
    cart, _ = carts.add(carts.EMPTY, goods, goods.base_unit, 1_000)
    park(counter, cart, "uji")


def _fetch(world: World, counter: Counter) -> None:
    lying = parked(counter.db)
    if lying:
        fetch(counter, world.chance.choice(lying).id)


def _swap(world: World, counter: Counter) -> None:
    kind = world.chance.choice([TenderKind.CASH, TenderKind.CARD, TenderKind.CREDIT])
    swap_tender(counter, world.receipt(counter), 1, kind, "salah tekan")


def _copy(world: World, counter: Counter) -> None:
    reprint(counter, world.receipt(counter))


def _settle(world: World, counter: Counter) -> None:
    owed = owed_refunds(counter.db)
    if owed:
        settle_refund(counter, world.chance.choice(owed), "TRX")


def _setting(world: World, counter: Counter) -> None:
    change_settings(counter, phone=f"08{world.chance.randint(1, 99)}")


def _staff(world: World, counter: Counter) -> None:
    if world.chance.random() < 0.5:
        add_staff(counter, f"Kasir {world.chance.randint(1, 999)}", "cashier")
    else:
        who = world.chance.choice(everybody(counter.db))
        change_staff(counter, who.id, permissions={"discount": world.chance.randint(1, 9) * 100})


def _drawer(world: World, counter: Counter) -> None:
    move_cash(counter, world.chance.choice(["in", "out"]), world.chance.randint(1, 9_000), "uji")


def _close(world: World, counter: Counter) -> None:
    close_shift(counter, world.chance.randint(0, 99_000))
    start_shift(counter, 10_000)


def _merge(world: World, counter: Counter) -> None:
    """Somebody at this counter says that two records are one."""
    table: Any = world.chance.choice(["product", "customer"])
    pick = world.goods if table == "product" else world.customer
    if int(counter.db.scalar(f"SELECT count(*) FROM {table} WHERE active=1")) > 3:
        for _ in merge_pairs(counter, [Two(table, pick(counter), pick(counter))]):
            pass


def _keep_apart(world: World, counter: Counter) -> None:
    keep_apart(counter, [Two("product", world.goods(counter), world.goods(counter))])


ACTS: list[Callable[[World, Counter], None]] = [
    *[_sell] * 6, *[_give_back] * 4, *[_change_goods] * 3, *[_receive] * 3, *[_adjust] * 2,
    _archive, _revive, _new_goods, _customer, _new_customer, _repay, _park, _fetch, _swap, _copy,
    _settle, _setting, _staff, _drawer, _close, _merge, _keep_apart,
]  # fmt: skip


def merge_some(world: World) -> None:
    """The owner finds that two records are one thing."""
    for table in ("product", "customer"):
        rows = world.server.db.rows(
            f"SELECT id FROM {table} WHERE id NOT IN (SELECT source FROM merged) ORDER BY id"
        )
        if len(rows) > 3:
            source, target = world.chance.sample([bytes(row[0]) for row in rows], 2)
            world.server.write(DocumentsMerged(table, source, target))  # type: ignore[arg-type]


def allot_some(world: World) -> None:
    """The server deals out what may be lent."""
    who = world.server.db.scalar("SELECT id FROM customer ORDER BY id LIMIT 1")
    devices = [bytes(row[0]) for row in world.server.db.rows("SELECT device FROM register")]
    if who and devices:
        part = Allotment(world.chance.choice(devices), world.chance.randint(-9, 99) * 1_000)
        world.server.write(KasbonAllotted(bytes(who), (part,)))


def picture(db: Database, names: dict[int, Any] | None = None) -> dict[str, list[tuple[Any, ...]]]:
    """All tables that follow from facts, with entries named instead of places (by `names`, or by
    device and seq)."""
    names = names or {
        row[0]: (bytes(row[1]).hex()[:8], row[2])
        for sql in (
            "SELECT pos, device, seq FROM journal",
            "SELECT carrier_pos, device, seq FROM carried",
        )
        for row in db.raw.execute(sql)
    }
    found: dict[str, list[tuple[Any, ...]]] = {}
    for table in TABLES:
        if table.name in _APART:
            continue
        columns = [column.name for column in table.columns]
        places = [
            at
            for at, column in enumerate(columns)
            if column in _PLACES or (column == "id" and table.name in _ENTRIES)
        ]
        rows = []
        for row in db.raw.execute(f"SELECT {', '.join(columns)} FROM {table.name}"):
            values = list(row)
            for at in places:
                values[at] = names.get(values[at], values[at])
            rows.append(tuple(values))
        found[table.name] = sorted(rows, key=repr)
    return found
