"""What happens at a counter, drawn by chance: a cashier's day, and rounds with the server."""

from __future__ import annotations

import contextlib
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from typing import IO, Any

from PIL import Image

from pos.catalog.listing import ProductRow
from tests.helpers.window_process import Window
from tests.soak import sights
from tests.soak.counter import Counter, Wish, watched, whole_lines

_NUMBER = re.compile(r"\b(K\w+-\d{6})\b")
_SAMPLE_GOODS = 30


def act(counter: Counter) -> None:
    """One thing that somebody does, or a round; any of it may be killed.

    Drawn like cards: everything comes before anything comes too often. What another counter has
    changed is changed here first of all, so that it happens while neither knows of it.
    """
    if counter.wishes:
        change_apart(counter)
        return
    if not counter.deck:
        counter.deck += ACTS
        counter.chance.shuffle(counter.deck)
    counter.deck.pop()(counter)


def _dies(counter: Counter, share: float = 0.15) -> bool:
    """Whether the machine is switched off meanwhile; mostly not."""
    return counter.chance.random() < share


def _sale(counter: Counter, seen: sights.Sights) -> str:
    chance = counter.chance
    counter.asked += 1
    lines: list[dict[str, Any]] = []
    for one in chance.sample(seen.goods, min(len(seen.goods), chance.randint(1, 4))):
        qty = chance.choice(("1", "2", "3"))
        if one.unit == "kg":
            qty = chance.choice(("0.250", "1.5", "0.333"))
        lines.append({"code": one.code, "qty": qty})
    if chance.random() < 0.2:
        lines[0]["discount"] = 100
    sale = {
        "lines": lines,
        "tenders": [{"kind": "cash", "amount": 10_000_000}],
        "ref": f"{counter.name}-{counter.asked}",
    }
    if chance.random() < 0.3 and seen.people:
        counter.lent.add(f"{counter.name}-{counter.asked}")
        sale["customer"] = chance.choice(seen.people).name
        sale["tenders"] = [
            {"kind": "credit", "amount": 1_000}, {"kind": "cash", "amount": 10_000_000}
        ]  # fmt: skip
    return json.dumps(sale) + "\n"


def _sell(counter: Counter) -> None:
    """A queue of buyers."""
    chance = counter.chance
    lines = _queue(counter, chance.randint(5, 40))
    if chance.random() < 0.4:
        counter.streamed(lines, chance.randrange(len(lines)))
        return
    sell(counter, lines)


def _queue(counter: Counter, buyers: int) -> list[str]:
    seen = counter.sees()
    return [_sale(counter, seen) for _ in range(buyers)]


def sell(counter: Counter, lines: list[str] | None = None) -> None:
    """A queue of buyers, and nothing goes wrong here."""
    lines = lines or _queue(counter, 10)
    before = len(counter.shown)
    counter.run("sell", stdin="".join(lines))
    counter.tell(f"sell {len(lines)}: {len(counter.shown) - before} receipts")


def _once(counter: Counter) -> None:
    """A round by hand."""
    answer = counter.run("sync", "--once", dies=_dies(counter, 0.25))
    _told_rounds(counter, whole_lines(answer.out))


def _loop(counter: Counter) -> None:
    """Rounds until the machine is switched off, mostly in the middle of one."""
    chance = counter.chance
    what, most = chance.choice((("asked", 8), ("told", 8), ("page", 2), ("page", 1)))
    later_s = chance.choice((0.0, chance.uniform(0, 0.02), chance.uniform(0, 0.1)))
    _told_rounds(counter, counter.rounds(what, chance.randint(1, most), later_s))


def _cut(counter: Counter) -> None:
    """Switched off between two writes of one page, if one comes."""
    counter.cut_off(counter.chance.choice((1, 1, 2, 3)), _moment(counter))


def cut_surely(counter: Counter) -> None:
    """Switched off after the first write of a page that is sure to come."""
    counter.cut_off(1, _moment(counter), surely=True)


def _moment(counter: Counter) -> float:
    return counter.chance.choice((0.0, counter.chance.uniform(0, 0.003)))


def _told_rounds(counter: Counter, answers: list[Any]) -> None:
    rounds = [one for one in answers if "sent" in one]
    counter.log.count("rounds", len(rounds))
    if rounds:
        last = rounds[-1]
        counter.log.count("digests compared", sum(one["digest_equal"] is True for one in rounds))
        counter.log.tell(
            counter.name, f"{len(rounds)} rounds, {sum(one['sent'] for one in rounds)} sent,"
            f" {sum(one['received'] for one in rounds)} received",
            head=last["head"], waits=last["waiting"], cursor=f"{last['epoch']}/{last['feed']}",
        )  # fmt: skip
        if any(one["digest_equal"] is False for one in rounds):
            counter.log.fail(counter.name, f"digests differ: {rounds}")
    else:
        counter.tell(f"no round: {answers[-1].get('error') if answers else 'killed before'}")


def _window(counter: Counter) -> None:
    """The window with its own thread for rounds: sales at once with them, then power off."""
    chance = counter.chance
    sold = 0
    with tempfile.TemporaryFile("w+") as errors, _opened(counter, errors) as window:
        assert window.first is not None
        if window.first["page"] == "lock":  # two owners since the counters have met
            window.do("key Tab")
            window.do("key Space")
        for _ in range(chance.randint(2, 6)):
            window.scan(*(chance.randint(1, _SAMPLE_GOODS) for _ in range(chance.randint(1, 3))))
            window.do("key F9")
            seen = window.do("key Return")
            found = _NUMBER.search(seen["done"])
            if found:
                counter.saw({"receipt": found.group(1)})
                sold += 1
            window.do("key Escape")
            # Rounds go on meanwhile; that is what a buyer's time is here.
            counter.log.ended.wait(chance.uniform(0, 0.8))
        window.kill()
        errors.seek(0)
        said = errors.read()
        if "Traceback" in said:
            counter.log.fail(counter.name, f"window: {said}")
    counter.log.count("counter killed")
    counter.log.count("killed in window")
    counter.log.count("sold in the window", sold)
    counter.tell(f"window: {sold} sales, kill -9")


@contextlib.contextmanager
def _opened(counter: Counter, errors: IO[str]) -> Iterator[Window]:
    window = Window(counter.machine, errors=errors)
    hangs = watched(window.process)
    try:
        yield window
    finally:
        hangs.set()
        window.close()


_FIELDS = {"price": "--price", "name": "--name", "min_stock": "--min-stock"}


def _value(counter: Counter, column: str, name: str) -> str:
    match column:
        case "price":
            return str(counter.chance.randint(5, 99) * 100)
        case "name":
            return f"{name.split(' /')[0]} /{counter.name} {counter.chance.randint(1, 99)}"
        case _:
            return str(counter.chance.randint(1, 9))


def _change(counter: Counter) -> None:
    """A price, a name or a least stock is changed here; who does not know of it does so, too."""
    one = counter.chance.choice(_first_goods(counter))
    column = counter.chance.choice(list(_FIELDS))
    value = _value(counter, column, one.name)
    if _do(counter, "product", "set", one.id.hex(), _FIELDS[column], value):
        stands = sights.field_of(counter.machine, one.id, column)
        for other in counter.neighbours:
            other.wishes.append(Wish(one.id, column, stands))


def _first_goods(counter: Counter) -> list[ProductRow]:
    """Few, so that counters meet at them."""
    return sorted(counter.sees().goods, key=lambda one: one.id)[:3]


def change_apart(counter: Counter) -> None:
    """The same field of the same product as at another counter, before this one hears of it."""
    wish = counter.wishes.popleft()
    stands = sights.field_of(counter.machine, wish.product, wish.column)
    if stands in (None, wish.value):
        counter.tell(f"{wish.column}: too late to change it apart")
        return
    name = sights.field_of(counter.machine, wish.product, "name")
    value = _value(counter, wish.column, name)
    answer = counter.run("product", "set", wish.product.hex(), _FIELDS[wish.column], value)
    now = sights.field_of(counter.machine, wish.product, wish.column)
    if answer.code == 0 and now not in (stands, wish.value):
        counter.log.count("changed at two counters apart")
        counter.tell(f"{wish.column}: {now!r}, elsewhere {wish.value!r}, both knew {stands!r}")


def _picture(counter: Counter) -> None:
    """A photo of one of the goods; it has to reach all others."""
    counter.asked += 1
    file = counter.machine.data.parent / f"{counter.asked}.png"
    side = counter.chance.randint(200, 600)
    dots = Image.frombytes("RGB", (16, 16), counter.chance.randbytes(768))
    dots.resize((side, side)).save(file)
    one = counter.chance.choice(_first_goods(counter))
    if _do(counter, "product", "set", one.id.hex(), "--picture", str(file)):
        counter.log.count("pictures chosen")


def _new_goods(counter: Counter) -> None:
    counter.asked += 1
    name = f"Barang {counter.name} {counter.asked}"
    price = str(counter.chance.randint(1, 99) * 500)
    _do(counter, "product", "add", "--name", name, "--price", price, "--stock", "20",
        "--code", f"{counter.name}{counter.asked}")  # fmt: skip


def _some_goods(counter: Counter) -> str:
    return counter.chance.choice(counter.sees().goods).id.hex()


def _receive(counter: Counter) -> None:
    _do(counter, "stock", "receive", _some_goods(counter), str(counter.chance.randint(1, 40)),
        "--cost", str(counter.chance.randint(1, 400_000)))  # fmt: skip


def _adjust(counter: Counter) -> None:
    _do(counter, "stock", "adjust", _some_goods(counter), str(counter.chance.randint(1, 5)),
        "--reason", "found")  # fmt: skip


def _customer(counter: Counter) -> None:
    counter.asked += 1
    people = counter.sees().people
    if len(people) < 4 or counter.chance.random() < 0.3:
        name = f"Bu {counter.name} {counter.asked}"
        _do(counter, "customer", "add", "--name", name, "--limit", "5000000")
    else:
        phone = f"08{counter.chance.randint(10_000_000, 99_999_999)}"
        _do(counter, "customer", "set", counter.chance.choice(people).name, "--phone", phone)


def _repay(counter: Counter) -> None:
    owing = [one for one in counter.sees().people if one.debt > 0]
    if owing:
        one = counter.chance.choice(owing)
        _do(counter, "customer", "pay", one.name, str(counter.chance.randint(1, one.debt)))


def _some_sale(counter: Counter) -> str:
    """A receipt of this counter or of another of its shop, a recent one."""
    found = counter.sees().sales
    return counter.chance.choice(found) if found else ""


def _refund(counter: Counter) -> None:
    receipt = _some_sale(counter)
    if receipt:
        other = not any(one.receipt == receipt for one in counter.shown)
        answer = _do(counter, "refund", receipt, "--line", "1", "--qty", "1",
                     "--reason", "rusak", "--cash")  # fmt: skip
        if other and answer:
            counter.log.count("refund of another counter's sale")


def _swap(counter: Counter) -> None:
    receipt = _some_sale(counter)
    if receipt:
        kinds = counter.chance.sample(("cash", "card"), 2)
        _do(counter, "swap", receipt, "--from", kinds[0], "--to", kinds[1], "--reason", "salah")


def _cash(counter: Counter) -> None:
    way = counter.chance.choice(("in", "out"))
    _do(counter, "cash", way, str(counter.chance.randint(1, 9) * 1_000), "--reason", "receh")


def _shift(counter: Counter) -> None:
    """The day ends and begins; also where the machine was switched off in between."""
    _do(counter, "shift", "close", "--counted", str(counter.chance.randint(0, 900_000)))
    counter.run("shift", "open", "--float", "100000")


def _do(counter: Counter, *words: str) -> bool:
    """A command that may be killed; whether it was done."""
    answer = counter.run(*words, dies=_dies(counter))
    counter.log.count(f"done {words[0]}" if answer.code == 0 else f"not done {words[0]}")
    return answer.code == 0


_WORK: list[Callable[[Counter], None]] = [
    _sell, _sell, _sell, _change, _change, _change, _picture, _receive, _adjust, _new_goods,
    _customer, _repay, _refund, _refund, _swap, _cash, _shift,
]  # fmt: skip
ACTS = [*_WORK, *[_once] * 4, *[_loop] * 5, *[_cut] * 4, _window]
