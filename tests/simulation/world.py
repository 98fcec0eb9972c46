"""A run: the shops of one server, their tills, and whatever the seed lets befall them.

Two phases, as in TigerBeetle's simulator: *safety*, with faults, after each step of which some
things must hold; then *liveness*: the faults stop, within some rounds everything must have reached
everybody, and then everything must be equal. The third mode, faults without end, has only the
first phase and asks for less at the end.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import NamedTuple

from core.errors import Refused
from pos.counter import Counter, read_head
from pos.sync.enrolment import KeyMissing
from pos.sync.memory import server as server_of
from pos.sync.once import sync_once
from pos.sync.wire import NoAnswer, Said, Send
from tests.simulation import events, hard, invariants, joining, order_checks, proofs, sessions
from tests.simulation.actions import act
from tests.simulation.broken import Broken
from tests.simulation.drawing import drawn
from tests.simulation.gateway import near
from tests.simulation.late import count_beginnings, has_all, short_histories
from tests.simulation.machine import Machine, Shown
from tests.simulation.market import Market
from tests.simulation.nature import Killed, Truth
from tests.simulation.network import Network
from tests.simulation.pictures import Pictures
from tests.simulation.rig import TICKS, rigged
from tests.simulation.serverside import SimServer
from tests.simulation.story import Row, Story
from tests.simulation.swarm import Mode, Swarm

ROUNDS = 10
"""Within so many rounds after the faults have stopped everything has reached everybody."""


class Run(NamedTuple):
    """How a run ended: `broken` is empty where everything held."""

    seed: int
    swarm: Swarm
    broken: str
    number: int
    story: Story


class World:
    """Everything there is in a run."""

    def __init__(
        self, place: Path, chance: random.Random, swarm: Swarm, buyers: random.Random
    ) -> None:
        """Found the shops, with their tills enrolled."""
        self.place, self.chance, self.swarm = place, chance, swarm
        self.truth = Truth()
        self.story = Story()
        self.network = Network(self)
        self.calm = True
        self.expected: dict[bytes, Shown] = {}
        self.gone: set[bytes] = set()
        self.foreign: set[bytes] = set()
        self.twins: set[bytes] = set()
        self.promises: dict[bytes, tuple[int, bytes]] = {}
        self.homes: dict[bytes, int] = {}
        self.machines: list[Machine] = []
        self.server = SimServer(self.truth, chance, swarm.shops)
        for number in range(swarm.tills):
            joining.open_till(self, number, number % swarm.shops)
        if "upgrade" in swarm.events:
            events.old_program(self)
        self.market = Market(self, buyers) if swarm.orders is not None else None
        self.pictures = Pictures(self)

    def sender(self, machine: Machine) -> Send:
        """What a till's requests go through."""
        return lambda wire: self.network.send(machine, wire)

    def close(self) -> None:
        """Close all files."""
        for machine in self.machines:
            machine.stop()
        self.server.close()

    # -- what the actions of a day ask

    def goods(self, counter: Counter) -> bytes:
        """Some goods that this counter knows."""
        rows = counter.db.rows("SELECT id FROM product WHERE active=1 ORDER BY name, id")
        if not rows:
            raise Refused()
        return bytes(self.chance.choice(rows)[0])

    def customer(self, counter: Counter) -> bytes:
        """Some customer that this counter knows."""
        rows = counter.db.rows("SELECT id FROM customer WHERE active=1 ORDER BY name, id")
        if not rows:
            raise Refused()
        return bytes(self.chance.choice(rows)[0])

    def receipt(self, counter: Counter) -> str:
        """Some receipt of the shop that is not ambiguous here."""
        rows = counter.db.rows(
            "SELECT receipt FROM sale GROUP BY receipt HAVING count(*)=1 ORDER BY receipt"
        )
        if not rows:
            raise Refused()
        return str(self.chance.choice(rows)[0])

    # -- looking

    def living(self) -> list[Machine]:
        """Tills whose program runs."""
        return [one for one in self.machines if one.counter is not None]

    def state_of(self, machine: Machine) -> str:
        """What the server thinks of a till's line."""
        assert machine.counter is not None
        head = read_head(machine.counter.db)
        assert head is not None
        rows = self.server.rows("SELECT state FROM device WHERE device=:key", key=head.device)
        return str(rows[0][0]) if rows else ""

    def may_pull(self, machine: Machine) -> bool:
        """Whether a till gets the feed: it is not revoked."""
        return machine.is_enrolled and self.state_of(machine) != "revoked"

    def tell(self, machine: Machine | None, what: str) -> None:
        """One row of the story."""
        at = self.truth.now - self._began if hasattr(self, "_began") else 0
        self.story.tell(machine.row(at, what) if machine else Row(at, "server", what))

    def draw_fault(self) -> str:
        """What befalls the next request, "" for nothing."""
        if self.calm:
            return ""
        for name, rate in self.swarm.network.items():
            if self.chance.random() < rate:
                return name
        return ""

    def note_home(self, machine: Machine) -> None:
        """Note which lines are this till's."""
        assert machine.counter is not None
        for (device,) in machine.counter.db.raw.execute("SELECT device FROM own_line"):
            self.homes[bytes(device)] = machine.shop

    def note_twin(self, machine: Machine) -> None:
        """This till's line is written at two places, or twice, and nothing tells it so."""
        assert machine.counter is not None
        head = read_head(machine.counter.db)
        assert head is not None
        self.twins.add(head.device)

    def mourn(self) -> None:
        """Note which shown sales nobody holds any more: they died with the last disk."""
        held = self.server.hashes()
        for machine in self.living():
            held |= machine.hashes(own_only=not self.may_pull(machine))
        self.gone |= {digest for digest in self.expected if digest not in held}

    def check_server_start(self) -> None:
        """After the server has started again."""
        invariants.promises_are_kept(self)

    # -- steps

    def crash(self, machine: Machine, why: str) -> None:
        """The program died: it is started again, on what the disk holds."""
        self.tell(machine, why)
        self.story.count(why)
        if why == "power cut":
            machine.lose_power()
        machine.stop()
        events.maybe_spoil_mark(self, machine)
        machine.start()
        invariants.shown_sales_are_kept(machine)
        proofs.chain_holds(machine)

    def work(self, machine: Machine, action: Callable[[World, Machine], str] = act) -> None:
        """One action at a till."""
        assert machine.counter is not None
        try:
            with machine.here():
                what = action(self, machine)
            self.tell(machine, what)
            invariants.shown_sales_are_kept(machine, last=1)
        except Killed:
            self.crash(machine, "killed")
        except sqlite3.OperationalError as error:
            if not machine.expects(error):
                raise
            self.story.count(machine.cause(error))
            self.tell(machine, f"{error}")

    def sync(self, machine: Machine) -> None:
        """One round of a till with the server; when the next is due follows from how it went."""
        assert machine.counter is not None
        found = server_of(machine.counter.db)
        assert found is not None
        what, wait_s = "round", 5.0
        try:
            with machine.here(), sessions.watched(self, machine):
                rests = partial(hard.between_slices, self, machine)
                outcome = sync_once(machine.counter, found, self.sender(machine), breathe=rests)
            machine.backoff.answered()
            self._note_outcome(machine, outcome)
            machine.last_error = ""
            what = f"round {outcome.sent}+{outcome.received}"
            self.pictures.move(machine)
        except Killed:
            self.crash(machine, "killed in a round")
            return
        except Said as said:
            what = machine.last_error = said.problem.error
            wait_s = machine.backoff.failed(said.problem.retry_s)
        except NoAnswer as refusal:
            what = machine.last_error = f"no answer: {refusal.details.get('why', '')}"
            wait_s = machine.backoff.failed()
        except Refused as refusal:
            what = machine.last_error = refusal.code
            wait_s = machine.backoff.failed()
            if isinstance(refusal, KeyMissing):
                hard.begin_anew(self, machine)
        except sqlite3.OperationalError as error:
            if not machine.expects(error):
                raise
            what = machine.last_error = f"{error}"
            wait_s = machine.backoff.failed()
        machine.due = self.truth.now + int(wait_s * 1000)
        self.tell(machine, what)
        self.note_home(machine)
        invariants.cursor_is_on_the_feed(self, machine)
        invariants.promises_are_kept(self)
        invariants.nothing_differed(machine)
        proofs.what_waits_is_right(machine)
        sessions.own_facts_stay(machine)
        sessions.sales_are_whole(machine)

    def _note_outcome(self, machine: Machine, outcome) -> None:  # type: ignore[no-untyped-def]
        self.story.count("rounds")
        if outcome.state == "revoked":
            machine.was_revoked = True
        if outcome.digest_equal:
            self.story.count("digests compared")
        assert machine.counter is not None

    def step(self) -> None:
        """One step of the safety phase."""
        chance = self.chance
        self.truth.forward(chance.choice((0, 1, 40, 1_000, 4_000, 20_000, 200_000)))
        self.network.deliver_late()
        for name, rate in self.swarm.events.items():
            if chance.random() < rate:
                events.EVENTS[name](self)
        machine = chance.choice(self.living())
        if chance.random() < 0.6:
            self.work(machine)
        due = [one for one in self.living() if one.due <= self.truth.now]
        if due and chance.random() < 0.7:
            machine = chance.choice(due)
            self.sync(machine)
            if joining.is_forgotten(machine) and chance.random() < 0.3:
                joining.join_again(self, machine)
        if self.market is not None:
            self.market.step()
        self.pictures.step()

    def settle(self) -> None:
        """The faults stop: what waits must reach everybody within so many rounds.

        Raises:
            Broken: something still waits.
        """
        self.calm = True
        self.network.is_down = False
        for machine in self.living():
            events.heal(self, machine)
        self.truth.forward(600_000)
        self.network.deliver_late()
        self.mourn()
        if "outage" in self.swarm.events:
            machine = self.chance.choice(self.living())
            # A counter that the server does not know gets no answer that ends its waits.
            is_known = self.state_of(machine) and not joining.is_forgotten(machine)
            if self.may_pull(machine) and is_known:
                invariants.attempts_are_spaced(self, machine)
        self._converge()
        self.pictures.settle()
        if self.market is not None:
            self.market.rest()
            self._converge()

    def _converge(self) -> None:
        late: list[str] = []
        for _ in range(ROUNDS):
            for shop in self.server.shops:
                self.server.confirm_all(shop)
                self.server.judge_all(shop)
            for machine in self.living():
                self.truth.forward(6_000)
                self.sync(machine)
                if joining.is_forgotten(machine):
                    joining.join_again(self, machine)
            late = invariants.nothing_waits(self)
            if not late and not self._undecided() and has_all(self):
                return
        raise Broken(14, "; ".join(late) or "the owner is never done")

    def _undecided(self) -> bool:
        return bool(
            self.server.rows("SELECT 1 FROM quarantine WHERE decision=''")
            or self.server.rows("SELECT 1 FROM device WHERE state='unconfirmed' AND acked_seq>0")
        )

    def check_end(self) -> None:
        """What must hold when everything has come to rest."""
        invariants.promises_are_kept(self)
        for machine in self.living():
            invariants.shown_sales_are_kept(machine)
        invariants.what_anybody_holds_is_back(self)
        invariants.each_sale_counts_once(self)
        invariants.one_hash_a_place(self)
        invariants.receipts_are_unique(self)
        invariants.all_hold_the_same(self)
        invariants.quarantine_is_seen_on_both_sides(self)
        invariants.shops_are_apart(self)
        invariants.limits_are_dealt(self)
        invariants.overwritten_values_are_readable(self)
        proofs.everybody_proves_itself(self)
        if self.market is not None:
            order_checks.orders_are_right(self, self.market)
            order_checks.count_ends(self)

    def check_safety(self) -> None:
        """What must hold although the faults go on."""
        for machine in self.living():
            events.heal(self, machine)
            invariants.shown_sales_are_kept(machine)
        invariants.promises_are_kept(self)
        invariants.one_hash_a_place(self)
        invariants.shops_are_apart(self)
        proofs.everybody_proves_itself(self)
        order_checks.money_balances(self)

    def live(self) -> None:
        """The whole run.

        Raises:
            Broken: an invariant did not hold.
        """
        self._began = self.truth.now
        if not self.chance.randrange(3):
            for machine in [*self.machines, *self.machines]:
                self.sync(machine)
        self.server.back_up()
        self.calm = False
        for _ in range(self.swarm.steps):
            self.step()
        if self.swarm.mode == "endless":
            self.check_safety()
            return
        self.settle()
        self.check_end()
        count_beginnings(self)
        for name, kind in (("carried", "carried"), ("line opened", "line_opened")):
            found = self.server.rows("SELECT count(*) FROM entry WHERE kind=:kind", kind=kind)
            self.story.count(name, found[0][0])


def run(seed: int, mode: Mode | None = None, only: str = "") -> Run:
    """One seed, from the first entry to the last check."""
    swarm, chance, buyers = drawn(seed, mode, only)
    with rigged() as place, short_histories(swarm.events, TICKS):
        TICKS.step = lambda: chance.choice((0.0, 0.0, 0.0, 0.006, 0.012, 0.3))
        world = World(place, chance, swarm, buyers)
        broken, number = "", 0
        try:
            with near(world.market.gateway) if world.market else nullcontext():
                world.live()
        except Broken as error:
            broken, number = str(error), error.number
        except (Exception, Killed) as error:
            import traceback

            broken = f"{type(error).__name__}: {error}\n{traceback.format_exc()}"
        finally:
            try:
                world.close()
            except Exception as error:
                broken = broken or f"closing: {error!r}"
    return Run(seed, swarm, broken, number, world.story)
