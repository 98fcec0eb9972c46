"""What happens at a counter, drawn by chance: a cashier's day, and rounds with the server."""

from __future__ import annotations

import contextlib
import json
import re
import tempfile
import threading
from collections.abc import Callable, Iterator
from typing import IO, Any

from tests.helpers.window_process import Window
from tests.soak.counter import HANGS_S, Counter, whole_lines

_NUMBER = re.compile(r"\b(K\w+-\d{6})\b")
_SAMPLE_GOODS = 30


def act(counter: Counter) -> None:
    """One thing that somebody does, or a round; any of it may be killed.

    Drawn like cards: everything comes before anything comes too often.
    """
    if not counter.deck:
        counter.deck += ACTS
        counter.chance.shuffle(counter.deck)
    counter.deck.pop()(counter)


def _dies(counter: Counter, share: float = 0.15) -> bool:
    """Whether the machine is switched off meanwhile; mostly not."""
    return counter.chance.random() < share


def _sale(counter: Counter, goods: list[Any], people: list[Any]) -> str:
    chance = counter.chance
    counter.asked += 1
    lines: list[dict[str, Any]] = []
    for one in chance.sample(goods, min(len(goods), chance.randint(1, 4))):
        qty = chance.choice(("1", "2", "3"))
        if one["unit"] == "kg":
            qty = chance.choice(("0.250", "1.5", "0.333"))
        lines.append({"code": one["code"], "qty": qty})
    if chance.random() < 0.2:
        lines[0]["discount"] = 100
    sale = {
        "lines": lines,
        "tenders": [{"kind": "cash", "amount": 10_000_000}],
        "ref": f"{counter.name}-{counter.asked}",
    }
    if chance.random() < 0.3 and people:
        counter.lent.add(f"{counter.name}-{counter.asked}")
        sale["customer"] = chance.choice(people)["name"]
        sale["tenders"] = [
            {"kind": "credit", "amount": 1_000}, {"kind": "cash", "amount": 10_000_000}
        ]  # fmt: skip
    return json.dumps(sale) + "\n"


def _sell(counter: Counter) -> None:
    """A queue of buyers."""
    chance = counter.chance
    goods = [one for one in counter.lines("products") if one["active"]]
    people = counter.lines("customers")
    lines = [_sale(counter, goods, people) for _ in range(chance.randint(5, 40))]
    if chance.random() < 0.4:
        counter.streamed(lines, chance.randrange(len(lines)))
        return
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
    what, most = chance.choice((("asked", 15), ("told", 15), ("page", 2), ("page", 1)))
    later_s = chance.choice((0.0, chance.uniform(0, 0.02), chance.uniform(0, 0.1)))
    _told_rounds(counter, counter.rounds(what, chance.randint(1, most), later_s))


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
    hangs = threading.Timer(HANGS_S, window.process.kill)
    hangs.start()
    try:
        yield window
    finally:
        hangs.cancel()
        window.close()


def _price(counter: Counter) -> None:
    """A price, a name or a cost is changed here, perhaps at another counter, too."""
    goods = counter.lines("products")
    one = counter.chance.choice(goods[:2])  # so that others change the same
    field, value = counter.chance.choice((
        ("--price", str(counter.chance.randint(5, 99) * 100)),
        ("--name", f"{one['name'].split(' /')[0]} /{counter.chance.randint(1, 99)}"),
        ("--min-stock", str(counter.chance.randint(0, 9))),
    ))  # fmt: skip
    _do(counter, "product", "set", one["id"], field, value)


def _new_goods(counter: Counter) -> None:
    counter.asked += 1
    name = f"Barang {counter.name} {counter.asked}"
    price = str(counter.chance.randint(1, 99) * 500)
    _do(counter, "product", "add", "--name", name, "--price", price, "--stock", "20",
        "--code", f"{counter.name}{counter.asked}")  # fmt: skip


def _receive(counter: Counter) -> None:
    one = counter.chance.choice(counter.lines("products"))
    _do(counter, "stock", "receive", one["id"], str(counter.chance.randint(1, 40)),
        "--cost", str(counter.chance.randint(1, 400_000)))  # fmt: skip


def _adjust(counter: Counter) -> None:
    one = counter.chance.choice(counter.lines("products"))
    _do(counter, "stock", "adjust", one["id"], str(counter.chance.randint(1, 5)),
        "--reason", "found")  # fmt: skip


def _customer(counter: Counter) -> None:
    counter.asked += 1
    people = counter.lines("customers")
    if len(people) < 4 or counter.chance.random() < 0.3:
        name = f"Bu {counter.name} {counter.asked}"
        _do(counter, "customer", "add", "--name", name, "--limit", "5000000")
    else:
        phone = f"08{counter.chance.randint(10_000_000, 99_999_999)}"
        _do(counter, "customer", "set", counter.chance.choice(people)["name"], "--phone", phone)


def _repay(counter: Counter) -> None:
    owing = [one for one in counter.lines("customers") if one["debt"] > 0]
    if owing:
        one = counter.chance.choice(owing)
        amount = counter.chance.randint(1, one["debt"])
        _do(counter, "customer", "pay", one["name"], str(amount))


def _some_sale(counter: Counter) -> str:
    """A receipt of this counter or of another of its shop, a recent one."""
    found = [one["receipt"] for one in counter.lines("receipts") if one["type"] == "sale"]
    return str(counter.chance.choice(found[-60:])) if found else ""


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
    _sell, _sell, _sell, _price, _price, _receive, _adjust, _new_goods, _customer, _repay,
    _refund, _refund, _swap, _cash, _shift,
]  # fmt: skip
ACTS = [*_WORK, *[_once] * 4, *[_loop] * 7, _window]
