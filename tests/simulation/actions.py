"""What people do at a till, by the same commands as the window: a shop's day, by chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core import cart as carts
from core.errors import Refused
from core.pricing import price
from core.tender import TenderKind
from pos.catalog.goods import one_goods
from pos.catalog.importing import ShopCatalog, apply_import, imports, take_back
from pos.importing.planning import plan
from pos.importing.reading import read_table
from pos.journal.confirming import confirm_day
from pos.selling.refunds import Return, make_refund
from pos.selling.sales import SaleDone, Tendered, complete_sale
from tests.helpers import many_counters as day
from tests.helpers.counter import add_goods
from tests.simulation.machine import Act, Machine, Shown

if TYPE_CHECKING:
    from tests.simulation.world import World

BARCODE = "8991002101234"


def confirm_date(machine: Machine) -> None:
    """Who is at the till says that the date is right, where the clock leaves that in doubt."""
    counter = machine.counter
    assert counter is not None
    if counter.clock_doubt() and not counter.confirmed_day:
        confirm_day(counter, counter.proposed_day())


def act(world: World, machine: Machine) -> str:
    """Something happens at a till; returns what, for the story."""
    chosen = world.chance.choice(
        [one for one in ACTS if machine.unknown is None or one not in _PARKING]
    )
    name = chosen.__name__.strip("_")
    assert machine.counter is not None
    if machine.unknown is not None and name in _WRITES.get(machine.unknown[0], ()):
        return f"{name}: not known yet"
    try:
        confirm_date(machine)
        chosen(world, machine)
    except Refused as refusal:
        return f"{name}: {refusal.code}"
    return name


def _cart(world: World, machine: Machine, most: int = 3) -> carts.Cart:
    assert machine.counter is not None
    db, chance = machine.counter.db, world.chance
    cart = carts.EMPTY
    for _ in range(chance.randint(1, most)):
        goods = one_goods(db, world.goods(machine.counter))
        unit = chance.choice([goods.base_unit, *(one.unit for one in goods.units)])
        qty = chance.choice((250, 1_000, 3_000, 7_000))
        if unit != goods.base_unit or not goods.fractional:
            qty = max(1_000, qty // 1_000 * 1_000)
        cart, _ = carts.add(cart, goods, unit, qty)
    if chance.random() < 0.3:
        cart = carts.set_line_discounts(cart, 0, (carts.Discount("percent", 500),))
    if chance.random() < 0.2:
        cart = carts.set_cart_discounts(cart, (carts.Discount("rupiah", 100),))
    return cart


def _shown(world: World, machine: Machine, done: SaleDone) -> None:
    """The cashier reads the number: from now on the sale must never be lost."""
    shown = Shown(machine.hash_of(done.sale_id), done.receipt, done.total)
    machine.shown.append(shown)
    world.expected[shown.hash] = shown
    world.story.count("sales shown")


def _sell(world: World, machine: Machine) -> None:
    assert machine.counter is not None
    cart = carts.set_customer(_cart(world, machine), world.customer(machine.counter))
    total = price(cart, machine.counter.settings.tax).total
    kind = TenderKind(world.chance.choice(["cash", "cash", "qris", "credit", "credit", "card"]))
    _shown(world, machine, complete_sale(machine.counter, cart, [Tendered(kind, total)]))


def _give_back(world: World, machine: Machine) -> None:
    assert machine.counter is not None
    qty = world.chance.choice((250, 1_000, 2_000))
    to: Any = world.chance.choice(["stock", "waste"])
    receipt = world.receipt(machine.counter)
    if machine.counter.db.scalar(
        "SELECT j.device NOT IN (SELECT device FROM own_line) FROM sale s JOIN journal j"
        " ON j.pos=s.id WHERE s.receipt=?",
        (receipt,),
    ):
        world.story.count("refund of another till's sale")
    _shown(world, machine, make_refund(machine.counter, receipt, [Return(1, qty, to)], "uji"))


def _exchange(world: World, machine: Machine) -> None:
    assert machine.counter is not None
    done = make_refund(
        machine.counter, world.receipt(machine.counter), [Return(1, 1_000)], "tukar",
        exchange=_cart(world, machine, 1), tenders=[Tendered(TenderKind.CASH, 1_000_000)],
    )  # fmt: skip
    _shown(world, machine, done)


def _clashing_goods(world: World, machine: Machine) -> None:
    """The same barcode as at another till."""
    assert machine.counter is not None
    add_goods(
        machine.counter, f"Mi {world.chance.randint(1, 99)}", 2_500, 5_000, barcode=BARCODE,
        units=[("dus", 40, 90_000)],
    )  # fmt: skip


def _import(world: World, machine: Machine) -> None:
    assert machine.counter is not None
    file = machine.place / "barang.csv"
    lines = ["nama;harga;modal;stok"]
    for _ in range(world.chance.randint(1, 3)):
        number = world.chance.randint(1, 40)
        lines.append(f"Impor {number};{number * 500};{number * 400};{number}")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    apply_import(
        machine.counter, plan(read_table(file), None, ShopCatalog(machine.counter.db)), file.name
    )


def _import_back(world: World, machine: Machine) -> None:
    assert machine.counter is not None
    for one in imports(machine.counter.db)[:1]:
        take_back(machine.counter, one.id)


def _adapted(shared: Any) -> Act:
    def act_shared(world: World, machine: Machine) -> None:
        try:
            shared(world, machine.counter)
        except IndexError as error:  # nobody and nothing to choose from
            raise Refused() from error

    act_shared.__name__ = shared.__name__
    return act_shared


_SHARED = {
    one.__name__: _adapted(one) for one in day.ACTS if one.__name__ not in ("_sell", "_give_back")
}
_WRITES = {"documents_merged": ("merge",)}
"""What a program cannot do that does not know a kind of fact yet, beside parking."""
_PARKING = [_SHARED["_park"], _SHARED["_fetch"]]
ACTS: list[Act] = [
    *[_sell] * 12, *[_give_back] * 4, *[_exchange] * 2, _clashing_goods, _import, _import_back,
    *[_SHARED["_change_goods"]] * 4, *[_SHARED["_receive"]] * 3, *[_SHARED["_adjust"]] * 2,
    *[_SHARED["_repay"]] * 2, *_SHARED.values(),
]  # fmt: skip
