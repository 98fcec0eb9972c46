"""A run: three counters of two shops sell while everything around them fails; then it rests, and
what must hold is looked at."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.helpers.postgres import running_cluster
from tests.helpers.process import Machine
from tests.simulation.broken import Broken
from tests.simulation.invariants import nothing_waits
from tests.soak import proof, sights
from tests.soak.acts import act, change_apart, cut_surely, sell
from tests.soak.counter import Counter
from tests.soak.hearing import Hearing
from tests.soak.log import Log
from tests.soak.office import Office
from tests.soak.plan import CYCLE_S, FAULTS, Deck, Event, planned
from tests.soak.proxy import Proxy

ROUNDS = 12
"""So many rounds of each counter after the last fault, and nothing waits."""

CUTS = 2
"""So often each counter that has neighbours is switched off over what they wrote, in the end."""

LONGER_S = 240.0
"""On a busy machine the faults go on for so long, until each has happened often enough."""

SOMETIMES = {
    **{f"fault {name}": 1 for name in FAULTS}, "journal: answer lost": 1, "times of refused": 2,
    "times of silence": 1, "server killed": 3, "database crashed": 1, "dumps": 1,
    "server restored": 1, "entries that a restore lost": 1, "said 410 epoch": 1,
    "killed in sell": 1, "killed in sync": 5, "killed over a page of the feed": 1,
    "killed in window": 1, "sold in the window": 1,
    "rounds": 6, "digests compared": 1, "receipts shown": 50, "sales on kasbon": 1,
    "done product": 1, "done stock": 1, "pictures chosen": 1, "changed at two counters apart": 1,
    "owner's edits": 1, "server's own entries that a restore lost": 1,
}  # fmt: skip
"""How often what must have happened in a run of a minute: else it proves little."""

IN_THE_END = {
    "changes at two places": 1, "pictures everywhere": 1, "killed between writes of a page": CUTS,
}  # fmt: skip
"""The same of what can be counted only when all has come to rest."""


def unseen(counts: dict[str, int], seconds: float, wanted: dict[str, int] = SOMETIMES) -> list[str]:
    """What was rarer than it must be; in longer runs everything must happen more often."""
    times = max(1, int(seconds // CYCLE_S))
    return [
        f"{name}: {counts.get(name, 0)} of {least * times}"
        for name, least in wanted.items()
        if counts.get(name, 0) < least * times
    ]


LAST_LINES = 120
"""So much of each log stands in the message of a run that broke."""

COUNTERS = {"a1": 0, "a2": 0, "b1": 1}
"""Each counter and the place of its shop."""


class Report(NamedTuple):
    """What a run came to; `broken` is empty where everything held.

    `last` is the end of every log, for whoever looks for the cause.
    """

    seed: int
    seconds: float
    counts: dict[str, int]
    broken: str
    story: str
    last: str

    def told(self) -> str:
        """All of it where something broke, so that nothing is lost with a run: the story, the
        logs' ends, the counts, and last what did not hold and under which seed."""
        counts = [f"{number:10,}  {name}" for name, number in self.counts.items()]
        ended = f"seed {self.seed}: {self.seconds:.0f} s, {self.broken or 'everything holds'}"
        before = [self.story, self.last] if self.broken else []
        return "\n".join([*before, *counts, ended])


def run(seed: int, seconds: float, keep: Path | None = None) -> Report:
    """One run whose faults last so many seconds; setting up and coming to rest are beside that.

    `keep` gets all files of the counters and of the server where something broke.
    """
    log, began = Log(), time.monotonic()
    broken = last = ""
    with tempfile.TemporaryDirectory(prefix="huyula-soak-") as name:
        place, counters = Path(name), list[Counter]()
        try:
            with running_cluster(durable=True, logged=place / "postgres.log") as cluster:
                office = Office(cluster, place, log, seed)
                try:
                    Run(office, place, log, counters, seed, seconds).whole()
                finally:
                    office.close()
                    if keep is not None:
                        office.keep()
        except Exception as error:
            broken = "".join([*(f"{fault}\n" for fault in log.faults), str(error)])
            if not isinstance(error, Broken):
                broken += "\n" + traceback.format_exc()
            last = _ends(place, counters)
            if keep is not None:
                shutil.copytree(place, keep, dirs_exist_ok=True)
    return Report(seed, time.monotonic() - began, log.counts, broken, log.table(), last)


def _ends(place: Path, counters: list[Counter]) -> str:
    """The ends of all logs, and the last commands of each counter."""
    parts: list[str] = []
    for file in sorted(place.glob("*.log")):
        lines = file.read_text(errors="replace").splitlines()
        parts += [f"-- {file.name}, {len(lines)} lines", *lines[-LAST_LINES:]]
    for counter in counters:
        parts += [f"-- {counter.name}", *counter.last]
    return "\n".join(parts)


class Run:
    """Everything that lives during a run."""

    def __init__(
        self,
        office: Office,
        place: Path,
        log: Log,
        counters: list[Counter],
        seed: int,
        seconds: float,
    ) -> None:
        """Nothing has started; `counters` is filled."""
        self.office, self.place, self.log = office, place, log
        self.seed, self.seconds = seed, seconds
        self.deck = Deck(seed)
        self.proxy = Proxy(self.deck, log, Hearing(office, log, COUNTERS).heard)
        self.shops: list[bytes] = []
        self.counters = counters
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
        for counter in self.counters:
            counter.neighbours = [
                one for one in self.counters
                if one is not counter and COUNTERS[one.name] == COUNTERS[counter.name]
            ]  # fmt: skip
        try:
            for part in (self._set_up, self._storm, self._cut_off, self._rest):
                self._timed(part)
        finally:
            self.proxy.stop()
        self._timed(self._prove)
        code = self.office.stop()
        assert code == 0, f"the server did not end in order: {code}"
        self._insist()
        counts = self.log.counts
        missing = unseen(counts, self.seconds) + unseen(counts, 0, IN_THE_END)
        assert not missing, f"too rare, so the run proves little: {missing}"

    def _timed(self, part: Callable[[], None]) -> None:
        began = time.monotonic()
        part()
        self.log.count(f"s: {part.__name__.strip('_')}", round(time.monotonic() - began))

    def _prove(self) -> None:
        for name, number in proof.check(self.office, self.shops, self.counters).items():
            self.log.count(name, number)

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
        missing = unseen(self.log.counts, self.seconds)
        self.log.tell("all", f"what was planned is over; still to happen: {missing}")
        longest = began + self.seconds + LONGER_S
        while unseen(self.log.counts, self.seconds) and time.monotonic() < longest:
            if self.log.ended.wait(0.2):
                return

    def _befalls(self, event: Event) -> None:
        match event.what:
            case "dump":
                self.office.dump()
            case "restore":
                self.office.restore(self._held)
            case "owner":
                self.office.edit()
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

    def _held(self) -> set[bytes]:
        return set[bytes]().union(*(sights.held(one.machine) for one in self.counters))

    # -- after

    def _cut_off(self) -> None:
        """The network is good again, but the machines are not: each counter that has neighbours is
        switched off between two writes of a page of what they sold."""
        for counter in (one for one in self.counters if one.neighbours):
            for _ in range(CUTS):
                other = counter.neighbours[0]
                while counter.wishes:
                    change_apart(counter)
                sell(other)
                other.run("sync", "--once")
                cut_surely(counter)
                self._insist()

    def _rest(self) -> None:
        """The faults stop: within so many rounds everything has reached everybody."""
        self.log.tell("all", "the faults stop")
        late, waits = list[str](), ""
        for number in range(ROUNDS):
            for counter in self.counters:
                answer = counter.run("sync", "--once")
                if answer.code:
                    self.log.tell(counter.name, f"round: {answer.data}")
            with proof.looking(self.office, self.shops, self.counters) as world:
                waits = "; ".join(map(proof.what_waits, world.living()))
                late = nothing_waits(world) + proof.pictures_wait(world)  # type: ignore[arg-type]
            if not late:
                self.log.tell("all", f"at rest after {number + 1} rounds")
                self.log.count("rounds until rest", number + 1)
                return
        raise Broken(14, f"{'; '.join(late)}; {waits}")
