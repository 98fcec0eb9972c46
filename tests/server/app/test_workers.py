"""Several processes at one port: as one server to whoever asks, and to whoever stops it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from core.sync.messages import Problem
from core.sync.wire import MSGPACK, unpack
from server.app.siblings import Siblings
from server.db.store import Store
from server.services import Services
from server.sync.waking import forget, register, wake
from tests.helpers.postgres import Addresses
from tests.helpers.process import ROOT
from tests.helpers.server_process import Served, environment, server_command, serving
from tests.server.sync.conftest import Shop

pytestmark = pytest.mark.slow
WORKERS = 2


@pytest.fixture
def served(postgres: Addresses) -> Iterator[Served]:
    with serving(postgres.app, HUYULA_WORKERS=str(WORKERS)) as made:
        yield made


def _workers(served: Served) -> set[int]:
    """The processes that serve."""
    found = set()
    for name in os.listdir("/proc"):
        with contextlib.suppress(OSError, ValueError):
            stat = Path(f"/proc/{int(name)}/stat").read_text().rpartition(")")[2].split()
            command = Path(f"/proc/{name}/cmdline").read_bytes()
            if int(stat[1]) == served.process.pid and b"spawn_main" in command:
                found.add(int(name))
    return found


def _until(true: Callable[[], bool], most_s: float = 60) -> bool:
    end = time.monotonic() + most_s
    while time.monotonic() < end:
        with contextlib.suppress(httpx.TransportError):
            if true():
                return True
        time.sleep(0.05)
    return False


def test_requests_are_served_by_all_and_counted_together(served: Served) -> None:
    assert len(_workers(served)) == WORKERS
    for _ in range(40):
        # A connection each: they are dealt out, requests of one connection are not.
        assert httpx.get(f"{served.url}/readyz").status_code == 200
    figures = httpx.get(f"{served.url}/metrics").text
    line = next(one for one in figures.splitlines() if 'route="/readyz"' in one and "total" in one)
    assert float(line.rpartition(" ")[2]) == 40
    code, logged = served.stop()
    assert code == 0 and "Traceback" not in logged
    assert sum('"/readyz"' in one for one in logged.splitlines()) == 40


def test_who_dies_is_replaced(served: Served) -> None:
    before = _workers(served)
    os.kill(min(before), signal.SIGKILL)
    assert _until(lambda: len(_workers(served) | before) == WORKERS + 1)
    assert _until(lambda: all(_answers(served) for _ in range(20)))
    code, logged = served.stop()
    assert code == 0 and "it is replaced" in logged


def _answers(served: Served) -> bool:
    return httpx.get(f"{served.url}/healthz", timeout=5).status_code == 200


def test_none_outlives_the_one_that_watches(served: Served) -> None:
    workers = _workers(served)
    served.process.kill()
    served.process.wait(30)
    assert _until(lambda: not any(Path(f"/proc/{one}").exists() for one in workers))
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{served.url}/healthz")


def test_a_question_that_is_held_is_answered_when_the_server_ends(
    postgres: Addresses, served: Served
) -> None:
    shop = Shop(Services(Store(postgres.app)), [int(time.time() * 1000)])
    counter = shop.joined()
    page = shop.page(counter)
    counter.n, counter.feed_hash = page.last, page.hash
    query = f"epoch=1&after={counter.n}&hash={counter.feed_hash.hex()}&wait=25000"
    headers = counter.signed("GET", "/api/v1/sync/feed", query)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(
            httpx.get, f"{served.url}/api/v1/sync/feed?{query}", headers=headers, timeout=60
        )
        assert _until(lambda: "requests_inside 2.0" in httpx.get(f"{served.url}/metrics").text)
        began = time.monotonic()
        code, _ = served.stop()
        assert code == 0 and asked.result().status_code == 204
        assert time.monotonic() - began < 15
    shop.services.store.close()


def test_a_request_is_taken_once_by_all_of_them_together(
    postgres: Addresses, served: Served
) -> None:
    shop = Shop(Services(Store(postgres.app)), [int(time.time() * 1000)])
    counter = shop.joined()
    query = f"epoch=1&after=0&hash={bytes(32).hex()}"
    headers = counter.signed("GET", "/api/v1/sync/feed", query)
    answers = [
        httpx.get(f"{served.url}/api/v1/sync/feed?{query}", headers={**headers, "accept": MSGPACK})
        for _ in range(20)
    ]
    assert [one.status_code for one in answers].count(200) == 1
    errors = {unpack(Problem, one.content, MSGPACK).error for one in answers if one.is_error}
    assert errors == {"replayed"}
    shop.services.store.close()


_TELLER = """
import sys
from pathlib import Path
from server.app.siblings import Siblings
from server.sync.waking import wake
Siblings(Path(sys.argv[1]), 1, 3)
wake(bytes.fromhex(sys.argv[2]))
"""


def test_whose_feed_grew_in_one_process_is_heard_in_the_others(tmp_path: Path) -> None:
    shop, heard = bytes(range(16)), asyncio.Event()

    async def story() -> None:
        loop = asyncio.get_running_loop()
        siblings = Siblings(tmp_path, 0, 3)
        siblings.listen()
        called = lambda: loop.call_soon_threadsafe(heard.set)  # noqa: E731
        register(shop, called)
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", _TELLER, str(tmp_path), shop.hex(), cwd=ROOT
            )
            await asyncio.wait_for(heard.wait(), 60)
            assert await process.wait() == 0
            # Number 1 has gone and number 2 was never there: that stops nobody.
            wake(shop)
        finally:
            forget(shop, called)
            siblings.close()

    asyncio.run(story())


def test_on_sqlite_one_process_serves(tmp_path: Path) -> None:
    done = subprocess.run(
        server_command(f"sqlite:///{tmp_path / 's.db'}", "serve", "--port", "0", "--workers", "2"),
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
    )
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"] == "workers_need_postgresql"
    assert "SQLite" in done.stderr and len(done.stderr.splitlines()) == 1


def test_a_port_on_which_somebody_listens_is_not_shared_with_them(
    postgres: Addresses, served: Served
) -> None:
    port = served.url.rpartition(":")[2]
    done = subprocess.run(
        server_command(postgres.app, "serve", "--port", port, "--workers", "2"),
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
    )
    assert done.returncode == 3
    assert json.loads(done.stdout)["error"] == "port_taken"
    assert _answers(served)
