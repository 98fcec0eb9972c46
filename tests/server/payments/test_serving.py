"""What is served asks by itself; and a process that is killed anywhere loses nothing."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from server.app import application
from server.config import Config
from server.db.store import Store
from server.payments.asking import ask
from server.payments.looking import look
from server.payments.paying import Paying
from server.payments.rows import Payment
from tests.helpers.paid_orders import PaidShop


def test_while_it_serves_it_asks_by_itself(paid: PaidShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "_POLL_EVERY_S", 0.02)
    monkeypatch.setattr(application, "order_door", lambda: paid.door)
    made = paid.ask(paid.wanted(paid.order()))
    paid.sandbox.act(made.provider_key, "pay")
    paid.services.now_ms.pass_ms(21_000)  # type: ignore[attr-defined]
    # It closes the database at its end.
    monkeypatch.setattr(paid.services.store, "close", lambda: None)
    asyncio.run(_live_until(paid, made))
    assert paid.payment(made.id).state == "paid"
    assert paid.door.names(made.order_id) == ["asked", "settled"]


async def _live_until(paid: PaidShop, made: Payment) -> None:
    app = application.Application(paid.services, Config(threads=2))
    heard: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    await heard.put({"type": "lifespan.startup"})

    async def send(_message: Any) -> None:
        pass

    living = asyncio.create_task(app({"type": "lifespan"}, heard.get, send))
    for _ in range(1_000):
        if (await asyncio.to_thread(paid.payment, made.id)).state == "paid":
            break
        await asyncio.sleep(0.02)
    await heard.put({"type": "lifespan.shutdown"})
    await asyncio.wait_for(living, 30)


class _Open:
    """Takes everything: an order's own side is tried elsewhere."""

    def __getattr__(self, _name: str) -> Any:
        return lambda *_given: None


def _killed(paid: PaidShop, address: str, at: int, work: Any) -> bool:
    """Run work in a process of its own that is gone at its n-th statement; whether it came to its
    end before."""
    child = os.fork()
    if child == 0:
        try:
            store = Store(address)
            services = paid.services.__class__(
                store, now_ms=paid.services.now_ms, vault=paid.services.vault
            )
            count = 0

            def maybe(*_: Any) -> None:
                nonlocal count
                count += 1
                if count == at:
                    os._exit(9)

            event.listen(store.engine, "before_cursor_execute", maybe)
            work(Paying(services, _Open()))
            os._exit(10)
        finally:
            os._exit(11)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (9, 10), code
    return code == 10


def test_killed_at_any_statement_it_is_asked_and_settled_once(
    paid: PaidShop, address: str, tmp_path: Path
) -> None:
    at, ended = 1, False
    while not ended:
        order = paid.order()
        wanted = paid.wanted(order)
        paid.paying = Paying(paid.services, _Open())
        paid.services.store.close()
        ended = _killed(paid, address, at, lambda paying, w=wanted: ask(paying, paid.shop, w))
        made = paid.ask(wanted)
        assert made.state == "pending" and made.shown.qr and made.attempt == 1
        paid.sandbox.act(made.provider_key, "pay")
        paid.services.store.close()
        here = made.id
        _killed(paid, address, at, lambda paying, p=here: look(paying, paid.shop, p))
        paid.poll()
        assert paid.payment(made.id).state == "paid"
        balances = paid.balances(order)
        assert balances["receivable"] == -28_000
        at += 1
    assert at > 10
    assert balances["clearing"] == 28_000 * (at - 1)
    paid.check_books()
