"""The network between a till and the server: what it loses, doubles, delays, cuts and invents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from core.sync.messages import Problem, Pushed
from core.sync.wire import MSGPACK, pack, unpack
from pos.sync.wire import NoAnswer, Received, Wire
from tests.simulation.hard import on_the_way
from tests.simulation.machine import newest_program
from tests.simulation.nature import Killed

if TYPE_CHECKING:
    from tests.simulation.machine import Machine
    from tests.simulation.world import World

PORTAL = Received(200, {"content-type": "text/html"}, b"<html><body>Masuk dulu</body></html>")
PORTAL_204 = Received(204, {}, b"")
PROXY = Received(502, {"content-type": "text/html"}, b"<h1>Bad Gateway</h1>")


class Network:
    """One for a run; `send` is what a till's requests go through."""

    def __init__(self, world: World) -> None:
        """Nothing is under way."""
        self.world = world
        self.late: list[tuple[int, Wire]] = []
        self.is_down = False

    def send(self, machine: Machine, wire: Wire) -> Received:
        """One exchange.

        Raises:
            NoAnswer: nothing came back in time.
            Killed: the till ended meanwhile.
        """
        world = self.world
        world.story.count("requests")
        machine.requests += 1
        if self.is_down:
            raise NoAnswer(why="connection")
        fault = world.draw_fault()
        if not fault:
            return self._deliver(wire)
        world.tell(machine, f"{wire.path.rpartition('/')[2]}: {fault}")
        world.story.count(f"fault {fault}")
        answer = self._spoiled(machine, wire, fault)
        if answer is None:
            raise NoAnswer(why="timeout")
        return answer

    def _spoiled(self, machine: Machine, wire: Wire, fault: str) -> Received | None:
        chance = self.world.chance
        match fault:
            case "lost":
                return None
            case "answer_lost":
                self._deliver(wire)
                return None
            case "doubled":
                return chance.choice((self._deliver(wire), self._deliver(wire)))
            case "delayed":
                self.late.append((self.world.truth.now + chance.randint(1, 400_000), wire))
                return None
            case "cut":
                whole = self._deliver(wire)
                return whole._replace(body=whole.body[: chance.randint(0, len(whole.body))])
            case "portal" | "portal_204" | "proxy_error":
                return {"portal": PORTAL, "portal_204": PORTAL_204, "proxy_error": PROXY}[fault]
            case "too_many":
                return self._busy(429, "too_many")
            case "unavailable":
                return self._busy(503, "busy")
            case "asleep" | "sold_meanwhile":
                return on_the_way(self.world, machine, fault, lambda: self._deliver(wire))
            case "slow":
                self.world.truth.forward(chance.randint(3_000, 29_000))
                return self._deliver(wire)
            case "server_busy":
                self.world.server.busy = chance.randint(1, 8)
                try:
                    return self._deliver(wire)
                finally:
                    self.world.server.busy = 0
            case "server_killed":
                self.world.server.fuse.light(chance.randint(0, 60))
                return self._deliver(wire)
            case "killed_applying":
                answer = self._deliver(wire)
                machine.fuse.light(chance.randint(0, 60))
                return answer
            case "killed_sending":
                machine.fuse.is_dead = True
                raise Killed
            case _:
                self._deliver(wire)
                machine.fuse.is_dead = True
                raise Killed

    def _busy(self, status: int, error: str) -> Received:
        problem = Problem(0, self.world.server.services.now_ms(), "", error, retry_s=2)
        return Received(status, {"content-type": MSGPACK}, pack(problem))

    def _deliver(self, wire: Wire) -> Received:
        """Bring a request to the server; a server that dies of it is started again."""
        world = self.world
        try:
            with newest_program():
                answer = world.server.handle(wire)
        except Killed:
            world.server.start()
            world.story.count("server killed")
            world.check_server_start()
            raise NoAnswer(why="connection") from None
        world.server.fuse.left = None
        if answer.status >= 500 and answer.headers.get("content-type") != MSGPACK:
            raise AssertionError(f"the server failed: {answer.status} {answer.body[:300]!r}")
        self._hear(wire, answer)
        if wire.path.endswith("/witness"):
            world.tell(None, f"witness {answer.status}")
        return answer

    def _hear(self, wire: Wire, answer: Received) -> None:
        """Note what left the server: promises must be kept whether they arrive or not."""
        story = self.world.story
        if answer.status == 410:
            story.count("410")
        if answer.status == 409:
            story.count("409")
        if answer.status == 401:
            story.count("401")
        plain = answer.headers.get("content-encoding", "identity") == "identity"
        if answer.status == 200 and plain and wire.path.endswith("/journal"):
            self._promise(answer)

    def _promise(self, answer: Received) -> None:
        try:
            pushed = unpack(Pushed, answer.body, MSGPACK)
        except (ValueError, msgspec.MsgspecError):
            return
        self.world.promises[pushed.ack.device] = (pushed.ack.seq, pushed.ack.hash)
        if pushed.quarantined:
            self.world.story.count("quarantined", len(pushed.quarantined))
        if pushed.skipped:
            self.world.story.count("skipped", pushed.skipped)

    def deliver_late(self) -> None:
        """What was under way too long arrives after all; its answer goes nowhere."""
        now = self.world.truth.now
        due = [one for one in self.late if one[0] <= now]
        self.late = [one for one in self.late if one[0] > now]
        for _, wire in due:
            self.world.story.count("arrived late")
            try:
                self._deliver(wire)
            except NoAnswer:
                continue
