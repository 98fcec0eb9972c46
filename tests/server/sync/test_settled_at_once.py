"""Two who settle one conflict at the same moment: the first one's word holds, and the other is
told so."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from core.facts.base import FieldChange
from core.facts.catalog import ProductChanged
from server.db.schema import catalog
from server.failures import DatabaseBusy
from server.shops import history
from server.shops.history import AlreadySettled, conflicts, settle_conflict
from tests.helpers.sync_client import added, fresh_id
from tests.server.sync.conftest import Shop


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_who_settles_second_is_told_that_it_is_settled(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, engine_name: str
) -> None:
    one, goods = shop.joined("K1"), fresh_id()
    one.write(added(goods))
    shop.push(one)
    other = shop.joined("K2")
    for counter, new in ((one, "16000"), (other, "18000")):
        counter.write(ProductChanged(goods, (FieldChange("price", "15000", new),)))
        shop.send(counter)
    with shop.services.store.reading_shop(shop.id) as tx:
        (found,) = conflicts(tx)
    monkeypatch.setattr("server.db.store._LIMITS", "SET LOCAL lock_timeout = 50")
    refusals: list[Exception] = []

    def settle(*, take_other: bool) -> None:
        settle_conflict(
            shop.services, shop.id, found.n, found.i, take_other=take_other, by=b"o" * 16
        )

    def second() -> None:
        try:
            settle(take_other=True)
        except (DatabaseBusy, AlreadySettled) as refusal:
            refusals.append(refusal)

    append, elsewhere = history.append_changes, threading.Thread(target=second)

    def late(*args: Any) -> None:
        """Between the look at what is open and the word the other one gives theirs."""
        if threading.current_thread() is not elsewhere:
            elsewhere.start()
            elsewhere.join()
        append(*args)

    monkeypatch.setattr(history, "append_changes", late)
    settle(take_other=False)
    assert len(refusals) == 1
    with pytest.raises(AlreadySettled):
        settle(take_other=True)
    assert shop.one(catalog.product, "price") == (int(found.standing.value),)
    with shop.services.store.reading_shop(shop.id) as tx:
        assert conflicts(tx) == []
