"""Two who decide about one entry at the same moment: the first one's word holds, and the other is
told so."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from server.db.schema import journal
from server.failures import DatabaseBusy
from server.sync import judging
from server.sync.judging import NotWaiting, judge_entry
from server.sync.revoking import revoke
from tests.helpers.sync_client import added, fresh_id
from tests.server.sync.conftest import Shop


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_who_decides_second_is_told_that_nothing_waits(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, engine_name: str
) -> None:
    counter = shop.joined()
    revoke(shop.services, shop.id, counter.device)
    held = counter.write(added(fresh_id())).hash
    shop.push(counter)
    monkeypatch.setattr("server.db.store._LIMITS", "SET LOCAL lock_timeout = 50")
    refusals: list[Exception] = []

    def set_aside() -> None:
        try:
            judge_entry(shop.services, shop.id, held, "set_aside")
        except (DatabaseBusy, NotWaiting) as refusal:
            refusals.append(refusal)

    append = judging.append_server_fact
    other = threading.Thread(target=set_aside)

    def late(*args: Any, **more: Any) -> bytes:
        """Between the look at what waits and the decision the other one decides."""
        if threading.current_thread() is not other:
            other.start()
            other.join()
        return append(*args, **more)

    monkeypatch.setattr(judging, "append_server_fact", late)
    judge_entry(shop.services, shop.id, held, "released")
    assert len(refusals) == 1
    monkeypatch.setattr(judging, "append_server_fact", append)
    with pytest.raises(NotWaiting):
        judge_entry(shop.services, shop.id, held, "set_aside")
    assert shop.one(journal.quarantine, "decision") == ("released",)
