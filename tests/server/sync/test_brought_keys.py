"""A line that waits for its key gets it from its own counter alone."""

from __future__ import annotations

import pytest

from server.devices.listing import devices_of
from server.sync.greeting import register_line
from server.sync.refusals import UnknownLine
from server.sync.revoking import revoke
from tests.helpers.sync_client import Counter
from tests.server.sync.conftest import Shop, selling


def _without_key(shop: Shop) -> Counter:
    """A line that is trusted here and has no key yet: a copy of its counter joined before it."""
    counter, _ = selling(shop)
    shop.push(counter)
    now = counter.child()
    copy = now.child("K1c")
    copy.older = [counter.line_head(), now.line_head()]
    shop.join(copy)
    return now


def _states(shop: Shop) -> dict[bytes, str]:
    return {one.device: one.state for one in devices_of(shop.services, shop.id)}


@pytest.mark.parametrize("is_revoked", [True, False])
def test_nobody_but_its_counter_brings_the_key_of_a_line(shop: Shop, is_revoked: bool) -> None:
    now, thief = _without_key(shop), shop.joined("K7")
    if is_revoked:
        revoke(shop.services, shop.id, thief.device)
    taken = thief.child("K7b")
    taken.device = now.device
    with pytest.raises(UnknownLine):
        register_line(shop.services, taken.hello())
    assert shop.adopt(now).state == "trusted"


def test_a_revoked_parent_brings_no_key_of_a_line_that_is_trusted(shop: Shop) -> None:
    now = _without_key(shop)
    assert now.parent is not None
    revoke(shop.services, shop.id, now.parent.device)
    assert (_states(shop)[now.parent.device], _states(shop)[now.device]) == ("revoked", "trusted")
    with pytest.raises(UnknownLine):
        register_line(shop.services, now.hello())
