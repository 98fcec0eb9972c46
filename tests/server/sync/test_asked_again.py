"""Who asks to join again, having missed the answer, is let in by what it is then."""

from __future__ import annotations

import pytest

from core.sync.messages import Enrol
from server.devices.listing import devices_of
from server.services import Services
from server.sync import enrolling
from server.sync.enrolling import enrol
from server.sync.refusals import BadCode
from server.sync.revoking import revoke
from tests.server.sync.conftest import Shop


def test_who_is_revoked_while_it_asks_again_stays_revoked(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = shop.joined()
    look = enrolling._already

    def then_revoked(services: Services, request: Enrol) -> bytes | None:
        found = look(services, request)
        revoke(services, shop.id, counter.device)
        return found

    monkeypatch.setattr(enrolling, "_already", then_revoked)
    with pytest.raises(BadCode):
        enrol(shop.services, shop.key.public, counter.enrol(""), address="test")
    assert [one.state for one in devices_of(shop.services, shop.id)] == ["revoked"]
