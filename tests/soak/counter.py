"""A counter: its machine, the processes that run on it, and what its cashier has seen."""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from pos.opening import database_file
from tests.helpers.process import ROOT, Answer, Machine
from tests.soak import patience, sights
from tests.soak.log import Log
from tests.soak.proxy import Proxy
from tests.soak.wal import Wal

HANGS_S = 120.0
"""No command and no window may keep silent for so long."""

USUAL_S = 5.0
"""A command that took longer says nothing of how long the next one takes."""

MOST_S = 8.0
"""So long a counter waits for its server before its cashier goes on selling."""

REMEMBERED = 12
"""So many of its last commands stand in a failure's message."""

WRITES_S = 2.0
"""A page that came is written at once, or brought nothing."""

RECEIPTS = frozenset({"sell", "refund", "customer"})
"""Commands whose answer shows a new receipt's number."""


class Shown(NamedTuple):
    """A receipt whose number the cashier has seen; `ref` is what the sale was asked under."""

    receipt: str
    total: int | None
    ref: str


class Wish(NamedTuple):
    """Another counter of the shop has changed this field of this product to this."""

    product: bytes
    column: str
    value: object


class Counter:
    """One of the three. Only one process at a time writes its folder; each may be killed."""

    shop = 0
    """The place of its shop at the server."""

    def __init__(self, machine: Machine, proxy: Proxy, log: Log, seed: int) -> None:
        """A machine without a shop, and its door to the server."""
        self.machine, self.proxy, self.log = machine, proxy, log
        self.name = machine.name
        self.url = proxy.door(machine.name)
        self.chance = random.Random(f"{self.name} {seed}")
        self.shown: list[Shown] = []
        self.asked = 0
        self.lent: set[str] = set()
        """References of sales that were asked for on kasbon."""
        self.deck: list[Callable[[Counter], None]] = []
        """What is still to be done before everything may come again."""
        self.neighbours: list[Counter] = []
        """The other counters of its shop."""
        self.wishes: deque[Wish] = deque()
        """What is to be changed here, too, before it is known that another did."""
        self.last: deque[str] = deque(maxlen=REMEMBERED)
        """Its last commands and what came of them."""
        self._usual_s = 0.3
        """How long a command takes here just now: the machine may be busy."""

    @property
    def is_first(self) -> bool:
        """Whether it founds its shop."""
        return self.name.endswith("1")

    def tell(self, what: str) -> None:
        """A row of the story."""
        self.log.tell(self.name, what)

    def saw(self, answer: Any) -> None:
        """Keep the receipt number in an answer, if there is one."""
        if isinstance(answer, dict) and answer.get("receipt"):
            shown = Shown(answer["receipt"], answer.get("total"), answer.get("ref") or "")
            self.shown.append(shown)
            self.log.count("receipts shown")
            self.log.count("sales on kasbon", shown.ref in self.lent)

    def run(self, *words: str, stdin: str = "", dies: bool = False) -> Answer:
        """A command to its end, or until it is killed at any moment of the time that it takes.

        Whatever it answered is kept as seen. A traceback, a wrong usage or a folder that cannot be
        used is a fault of the product.
        """
        process, began = self._start(*words), time.monotonic()
        dies_s = self._usual_s * self.chance.uniform(0.3, 1.1) if dies else HANGS_S
        said = patience.both(process, stdin, dies_s)
        if said is None:
            process.kill()
            said = process.communicate()
            if not dies:
                self.log.fail(self.name, f"{words[0]} hangs: {said[1][-500:]}")
            self._killed(words[0], f"after {dies_s:.2f} s")
        else:
            self._usual_s = (self._usual_s + min(time.monotonic() - began, USUAL_S)) / 2
        return self._ended(Answer(process.returncode, *said), words)

    def _killed(self, what: str, when: str) -> None:
        self.log.count("counter killed")
        self.log.count(f"killed in {what}")
        self.tell(f"{what}: kill -9 {when}")

    def _start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.machine.command(*words), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env=self.machine.environment(), cwd=ROOT,
        )  # fmt: skip

    def _ended(self, answer: Answer, words: tuple[str, ...]) -> Answer:
        self.last.append(
            f"{time.strftime('%X')} {words}: {answer.code} {answer.out[-300:]!r}"
            f" {answer.err[-900:]}"
        )
        for line in whole_lines(answer.out):
            if words[0] in RECEIPTS:
                self.saw(line)
            if isinstance(line, dict) and "error" in line:
                self.log.count(f"refused {line['error']}")
        if "Traceback" in answer.err or answer.code in (2, 3):
            self.log.fail(self.name, f"{words}: {answer.code} {answer.out[-300:]} {answer.err}")
        return answer

    def streamed(self, lines: list[str], answers: int) -> None:
        """Sales into `sell`; kill -9 once so many answers came, while others are on their way."""
        process = self._start("sell")
        assert process.stdin is not None and process.stdout is not None
        hangs = watched(process)
        # Few enough for the pipe: nobody reads the errors meanwhile, and nobody needs to.
        process.stdin.write("".join(lines))
        process.stdin.flush()
        heard = [process.stdout.readline() for _ in range(answers)]
        process.kill()
        rest, err = process.communicate()
        hangs.set()
        self._killed("sell", f"after {answers} answers of {len(lines)}")
        self._ended(Answer(process.returncode, "".join(heard) + rest, err), ("sell",))

    def rounds(self, what: str, number: int, later_s: float) -> list[Any]:
        """`sync` until that has passed its door so often (`Proxy.seen`), and a little later kill
        -9: while a request is on its way, while an answer is applied, or between. Gives what it
        told of its rounds."""
        before = self.proxy.seen(self.name, what)
        process = self._start("sync")
        came = self.proxy.wait_for(self.name, what, before + number, MOST_S)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(later_s)
            self.log.fail(self.name, f"sync ended by itself: {process.returncode}")
        process.kill()
        out, err = process.communicate()
        if what == "page" and came:
            self.log.count("killed over a page of the feed")
        passed = self.proxy.seen(self.name, what) - before
        self._killed("sync", f"{later_s * 1000:.0f} ms after {what} {passed}")
        return whole_lines(self._ended(Answer(process.returncode, out, err), ("sync",)).out)

    def lines(self, *words: str) -> list[Any]:
        """The answers of a command that lists."""
        return whole_lines(self.run(*words).out)

    def cut_off(self, commits: int, later_s: float, *, surely: bool = False) -> bool:
        """`sync` until a page of the feed comes; kill -9 once it has written so often of it.

        Whether it was killed there: between two transactions of one page, mostly. `surely`: a page
        will come, however long that takes.
        """
        before = self.proxy.seen(self.name, "brings")
        process = self._start("sync")
        most_s, writes_s = (HANGS_S, HANGS_S) if surely else (MOST_S, WRITES_S)
        came = self.proxy.wait_for(self.name, "brings", before + 1, most_s)
        came = came and Wal(database_file(self.machine.data)).wait(commits, writes_s)
        time.sleep(later_s)
        process.kill()
        out, err = process.communicate()
        self._killed("sync", f"{later_s * 1000:.1f} ms after {commits} writes of a page: {came}")
        self._ended(Answer(process.returncode, out, err), ("sync",))
        self.log.count("killed between writes of a page", came)
        return came

    def sees(self) -> sights.Sights:
        """What its cashier sees."""
        return sights.look(self.machine)


def watched(process: subprocess.Popen[str]) -> threading.Event:
    """Kill a process that hangs, so that whoever reads from it goes on; set it when it is over."""
    over = threading.Event()

    def watch() -> None:
        if patience.hangs(HANGS_S, over.wait):
            process.kill()

    threading.Thread(target=watch, name="watch", daemon=True).start()
    return over


def whole_lines(out: str) -> list[Any]:
    """The answers that were written to their end; a killed process may leave half of one."""
    return [json.loads(line) for line in out.splitlines(keepends=True) if line.endswith("}\n")]
