"""A run: three counters of two shops sell while everything around them fails; then it rests, and
what must hold is looked at."""

from __future__ import annotations

import tempfile
import threading
import time
import traceback
from pathlib import Path
from typing import NamedTuple

import msgspec

from core.sync.messages import Problem, Pushed
from core.sync.wire import MSGPACK, unpack
from tests.helpers.postgres import running_cluster
from tests.helpers.process import Machine
from tests.simulation.broken import Broken
from tests.simulation.invariants import nothing_waits
from tests.soak import proof
from tests.soak.acts import act
from tests.soak.counter import Counter
from tests.soak.log import Log
from tests.soak.office import Office
from tests.soak.plan import CYCLE_S, FAULTS, Deck, Event, planned
from tests.soak.proxy import Proxy, header

ROUNDS = 12
"""So many rounds of each counter after the last fault, and nothing waits."""

LONGER_S = 120.0
"""On a busy machine the faults go on for so long, until each has happened often enough."""

SOMETIMES = {
    **{f"fault {name}": 1 for name in FAULTS}, "journal: answer lost": 1, "times of refused": 2,
    "times of silence": 1, "server killed": 3, "database crashed": 1, "dumps": 1,
    "server restored": 1, "entries that a restore lost": 1, "said 410 epoch": 1,
    "killed in sell": 1, "killed in sync": 5, "killed over a page of the feed": 1,
    "killed in window": 1, "sold in the window": 1,
    "rounds": 10, "digests compared": 1, "receipts shown": 50, "sales on kasbon": 1,
    "done product": 1, "done stock": 1,
}  # fmt: skip
"""How often what must have happened in a run of a minute: else it proves little."""


def unseen(counts: dict[str, int], seconds: float) -> list[str]:
    """What was rarer than it must be; in longer runs everything must happen more often."""
    times = max(1, int(seconds // CYCLE_S))
    return [
        f"{name}: {counts.get(name, 0)} of {least * times}"
        for name, least in SOMETIMES.items()
        if counts.get(name, 0) < least * times
    ]


COUNTERS = {"a1": 0, "a2": 0, "b1": 1}
"""Each counter and the place of its shop."""


class Report(NamedTuple):
    """What a run came to; `broken` is empty where everything held."""

    seed: int
    seconds: float
    counts: dict[str, int]
    broken: str
    story: str


def run(seed: int, seconds: float) -> Report:
    """One run whose faults last so many seconds; setting up and coming to rest are beside that."""
    log, began = Log(), time.monotonic()
    broken = ""
    with tempfile.TemporaryDirectory(prefix="huyula-soak-") as place:
        try:
            with running_cluster(durable=True) as cluster:
                office = Office(cluster, Path(place), log)
                try:
                    Run(office, Path(place), log, seed, seconds).whole()
                finally:
                    office.close()
        except Exception as error:
            broken = "".join([*(f"{fault}\n" for fault in log.faults), str(error)])
            if not isinstance(error, Broken):
                broken += "\n" + traceback.format_exc()
    return Report(seed, time.monotonic() - began, log.counts, broken, log.table())


class Run:
    """Everything that lives during a run."""

    def __init__(self, office: Office, place: Path, log: Log, seed: int, seconds: float) -> None:
        """Nothing has started."""
        self.office, self.place, self.log = office, place, log
        self.seed, self.seconds = seed, seconds
        self.deck = Deck(seed)
        self.proxy = Proxy(self.deck, log, self._heard)
        self.shops: list[bytes] = []
        self.counters: list[Counter] = []
        self._is_over = threading.Event()

    def whole(self) -> None:
        """Set up, fail, rest, prove.

        Raises:
            Broken, AssertionError: something does not hold.
        """
        for name in COUNTERS:
            machine = Machine(self.place / name, name)
            self.counters.append(Counter(machine, self.proxy, self.log, self.seed))
        self.proxy.start()
        try:
            self._set_up()
            self._storm()
            self._rest()
        finally:
            self.proxy.stop()
        for name, number in proof.check(self.office, self.shops, self.counters).items():
            self.log.count(name, number)
        code = self.office.stop()
        assert code == 0, f"the server did not end in order: {code}"
        self._insist()
        missing = unseen(self.log.counts, self.seconds)
        assert not missing, f"too rare, so the run proves little: {missing}"

    def _insist(self) -> None:
        assert not self.log.faults, "something happened that must not"

    # -- before

    def _set_up(self) -> None:
        """Two counters of one shop, the second without goods of its own; one of another shop."""
        self.office.start()
        self.proxy.upstream = self.office.port
        self.shops = [self.office.add_shop("Toko Nou"), self.office.add_shop("Toko Ati")]
        for counter, shop in zip(self.counters, COUNTERS.values(), strict=True):
            counter.shop = shop
            if counter.is_first:
                counter.machine.found()
                for name in ("Pak Udin", "Bu Ani"):
                    counter.run("customer", "add", "--name", name, "--limit", "5000000")
            else:
                counter.run("init", "--shop", "Toko Baru", "--owner", "Ibu Ani")
                counter.run("shift", "open", "--float", "100000")
            counter.run("enrol", counter.url, self.office.code(self.shops[shop]))
            answer = counter.run("sync", "--once")
            assert answer.code == 0, answer.err
            self._insist()
        self.log.tell("all", "set up")

    # -- while everything fails

    def _storm(self) -> None:
        events = planned(self.seed, self.seconds)
        self.proxy.is_open = True
        threads = [
            threading.Thread(target=self._live, args=(counter,), name=counter.name)
            for counter in self.counters
        ]
        for thread in threads:
            thread.start()
        try:
            self._disasters(events)
        except BaseException:
            self.log.ended.set()
            raise
        finally:
            self._is_over.set()
            for thread in threads:
                thread.join()
            self.proxy.is_open = False
            self.proxy.befall("", 0)
        self._insist()

    def _live(self, counter: Counter) -> None:
        """A cashier's day in a thread of its own."""
        try:
            while not (self._is_over.is_set() or self.log.ended.is_set()):
                act(counter)
        except Exception:
            self.log.fail(counter.name, traceback.format_exc())

    def _disasters(self, events: list[Event]) -> None:
        """What was planned, in its time; and longer, until everything has happened often enough."""
        began = time.monotonic()
        for event in events:
            self.log.ended.wait(max(0.0, began + event.at_s - time.monotonic()))
            if self.log.ended.is_set():
                return
            self._befalls(event)
        self.log.ended.wait(max(0.0, began + self.seconds - time.monotonic()))
        longest = began + self.seconds + LONGER_S
        while unseen(self.log.counts, self.seconds) and time.monotonic() < longest:
            if self.log.ended.wait(0.2):
                return

    def _befalls(self, event: Event) -> None:
        match event.what:
            case "dump":
                self.office.dump()
            case "restore":
                self.office.restore()
            case "kill server":
                self.office.kill()
                self.office.check_promises()
                self.office.start()
            case "crash database":
                self.office.crash_database()
                self.office.check_promises()
            case "storm":
                self.deck.storm(event.lasts_s)
            case weather:
                self.proxy.befall(weather, event.lasts_s)
        if event.lasts_s:
            self.log.count(f"times of {event.what}")
            self.log.tell("network", f"{event.what} for {event.lasts_s:.1f} s")

    def _heard(self, kind: str, answer: bytes) -> None:
        """What the server said: its promises are kept, and it never fails of itself."""
        head, _, body = answer.partition(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
        plain = not header(head, b"content-encoding")
        if status == 200 and kind == "journal" and plain:
            ack = unpack(Pushed, body, MSGPACK).ack
            self.office.promised(bytes(ack.device), ack.seq, bytes(ack.hash))
        if status < 400:
            return
        try:
            error = unpack(Problem, body, MSGPACK).error if plain else ""
        except (ValueError, msgspec.MsgspecError):
            error = body[:200].decode(errors="replace")
        self.log.count(f"said {status} {error}")
        if status >= 500 and error != "busy":
            self.log.tell("server", f"{kind}: {status} {error}")
        if status == 500:
            self.log.fail("server", f"{kind}: {status} {error}")

    # -- after

    def _rest(self) -> None:
        """The faults stop: within so many rounds everything has reached everybody."""
        self.log.tell("all", "the faults stop")
        late: list[str] = []
        for number in range(ROUNDS):
            for counter in self.counters:
                answer = counter.run("sync", "--once")
                if answer.code:
                    self.log.tell(counter.name, f"round: {answer.data}")
            with proof.looking(self.office, self.shops, self.counters) as world:
                late = nothing_waits(world)  # type: ignore[arg-type]
            if not late:
                self.log.tell("all", f"at rest after {number + 1} rounds")
                self.log.count("rounds until rest", number + 1)
                return
        raise Broken(14, "; ".join(late))
