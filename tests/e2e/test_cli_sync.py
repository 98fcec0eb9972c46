"""`huyula-pos enrol` and `sync` from a terminal, against the real server over HTTP."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
import uvicorn
from sqlalchemy import update

from server.db.schema import SHOP, catalog
from server.devices.listing import devices_of
from server.devices.overview import lines_of
from server.sync.revoking import revoke
from tests.helpers.process import Machine
from tests.helpers.real_server import RealServer


class Served:
    """The server behind a port of this machine."""

    def __init__(self, place: Path) -> None:
        import time

        self.server = RealServer(place, lambda: time.time_ns() // 1_000_000)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        config = uvicorn.Config(self.server.app, log_level="error", lifespan="off")
        self.web = uvicorn.Server(config)
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        asyncio.run(self.web.serve([self.socket]))

    def stop(self) -> None:
        """End it; the port answers no longer."""
        self.web.should_exit = True
        self.thread.join(20)
        self.socket.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    place = tmp_path / "server"
    place.mkdir()
    made = Served(place)
    yield made
    made.stop()
    made.server.close()


def found(place: Path) -> Machine:
    machine = Machine(place)
    machine.found()
    return machine


def test_two_registers_agree_and_a_server_that_is_away_stops_nobody(
    served: Served, tmp_path: Path
) -> None:
    first, second = found(tmp_path / "a"), found(tmp_path / "b")
    assert first.sell(2).code == 0
    assert first.run("sync", "--once").code == 1  # nobody to speak to yet
    nowhere = first.run("enrol", "nonsense", "ABCD-EFGH")
    assert (nowhere.code, nowhere.data["error"]) == (1, "bad_server_address")
    joined = first.run("enrol", served.url, served.server.code())
    assert (joined.code, joined.data["first"], len(joined.data["check"])) == (0, True, 6)
    again = first.run("enrol", served.url, served.server.code())
    assert (again.code, again.data["error"]) == (1, "already_enrolled")
    wrong = second.run("enrol", served.url, "ABCD-EFGH")
    assert (wrong.code, wrong.data["error"]) == (1, "bad_pairing_code")
    assert "Kode ABCDEFGH tidak berlaku" in wrong.err
    joined = second.run("enrol", served.url, served.server.code())
    assert (joined.data["register"], joined.data["first"]) == ("K2", False)
    assert "Kasir ini kini bernama K2" in joined.err and "salinan" not in joined.err
    assert second.sell(1).data["receipt"].startswith("K2-")
    for machine in (first, second, first, second):
        answer = machine.run("sync", "--once", "--json")
        assert (answer.code, answer.err) == (0, "")  # lines that others open are no news here
    assert set(answer.data) == {
        "sent", "received", "waiting", "head", "epoch", "feed", "digest_equal",
    }  # fmt: skip
    assert answer.data["waiting"] == 0 and answer.data["digest_equal"] is not False
    known = devices_of(served.server.services, served.server.shop)
    assert {one.version for one in known if one.current} == {f"huyula {version('huyula')}"}
    with served.server.services.store.reading_shop(served.server.shop) as tx:
        # Nobody gave a name; the code that a counter had before is none ("K2 - K1").
        assert {one.name for one in lines_of(tx)} == {""}
    assert [one.waiting for one in known] == [0] * len(known)
    for machine in (first, second):
        assert machine.run("verify").data["ok"]
        assert len(machine.run("receipts").lines) == 3
    period = ("orders-statement", "--from", "2026-01-01", "--to", "2099-12-31")
    told = first.run(*period)
    assert (told.code, told.data["handed_over"], told.data["orders"]) == (0, 0, [])
    assert first.run(*period[:2], "kemarin").code == 2
    served.stop()
    away = first.run("sync", "--once")
    assert (away.code, away.data["error"]) == (1, "no_network")
    away = first.run(*period)
    assert (away.code, away.data["error"]) == (1, "statement_away")
    # Both had written down the same goods before they met: that is said, until they are merged.
    assert first.sell(1).data["error"] == "ambiguous_code"
    assert first.run("verify").data["ok"]


def test_rows_that_differ_are_said_by_name(served: Served, tmp_path: Path) -> None:
    first = found(tmp_path / "a")
    assert first.sell(1).code == 0
    assert first.run("enrol", served.url, served.server.code()).code == 0
    assert first.run("sync", "--once").code == 0
    table = catalog.product_stock
    with served.server.services.store.shop(served.server.shop) as tx:
        tx.run(update(table).where(table.c.shop_id == SHOP).values(qty=table.c.qty + 500))
    assert first.sell(1).code == 0
    answer = first.run("sync", "--once", "--json")
    assert answer.code == 0 and answer.data["digest_equal"] is False
    said = [json.loads(row)["differs"] for row in answer.out.splitlines() if "differs" in row]
    assert said and {one["group"] for one in said} == {"stock"}
    assert all(one["theirs"][0] - one["ours"][0] == 500 for one in said)


def test_a_round_of_a_counter_that_is_not_trusted_did_not_end_well(
    served: Served, tmp_path: Path
) -> None:
    machine = found(tmp_path / "a")
    assert machine.run("enrol", served.url, served.server.code()).code == 0
    assert machine.run("sync", "--once").code == 0
    services, shop = served.server.services, served.server.shop
    (line,) = devices_of(services, shop)
    revoke(services, shop, line.device)
    assert machine.sell(1).code == 0
    answer = machine.run("sync", "--once", "--json")
    assert answer.code == 1
    outcome, refused = answer.lines[-2:]
    assert outcome["sent"] > 0 and refused["error"] == "server_refused"
    assert "tidak lagi diakui oleh pemilik" in refused["message"]
    assert answer.err.count("tidak lagi diakui oleh pemilik") == 1
