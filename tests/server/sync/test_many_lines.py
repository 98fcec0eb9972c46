"""A counter of a thousand lines: one that is set back each day for three years."""

from __future__ import annotations

import pytest

from core.facts.sync import RegisterJoined
from core.journal import NO_HASH
from core.sync.messages import LineHead
from core.sync.wire import Malformed
from server.db.schema import catalog, people, shops
from server.sync import enrolling
from server.sync.confirming import confirm
from server.sync.enrolling import MOST_LINES
from server.sync.journal import take_journal
from server.sync.revoking import revoke
from tests.helpers.sync_client import Counter, added, fresh_id, line, sale
from tests.server.sync.conftest import Shop


def aged(lines: int, register: str = "K1") -> list[Counter]:
    """A counter's lines, the one in use last; the first has goods, each other one sells of them."""
    made = [Counter(register)]
    goods = fresh_id()
    made[0].write(added(goods, 10_000_000, 100_000_000))
    older = [made[0].line_head()]
    for number in range(2, lines + 1):
        made.append(made[-1].child(f"{register}b{number:04}"))
        made[-1].write(sale(1, goods, [line(goods)]))
        older.append(made[-1].line_head())
    made[-1].older = older[:-1]
    return made


def test_it_joins_sends_of_each_line_and_is_heard(shop: Shop) -> None:
    other = shop.joined("K7")
    lines = aged(MOST_LINES)
    now = lines[-1]
    assert shop.join(now).register == now.register
    acks = shop.greet(now).acks
    assert [ack.device for ack in acks] == [one.device for one in reversed(lines)]
    for one in (lines[0], lines[1], lines[500], now):
        take_journal(shop.services, shop.id, now.device, one.push(signer=now))
    assert shop.one(catalog.product_stock, "qty") == (10_000_000 - 3_000,)
    joined = [one for one in shop.feed(other) if one.kind == RegisterJoined.KIND]
    assert len(joined) == MOST_LINES + 1
    assert {row[0] for row in shop.rows(people.register, "root")} == {
        other.device, lines[0].device,
    }  # fmt: skip


def test_it_goes_on_in_new_lines_is_confirmed_and_revoked_whole(shop: Shop) -> None:
    lines = aged(MOST_LINES)
    shop.join(lines[-1])
    vouched = lines[-1].child("K1b1001")
    assert shop.adopt(vouched).state == "trusted"
    assert len(shop.greet(vouched).acks) == MOST_LINES + 1
    stranger = vouched.child("K1b1002")
    assert shop.adopt(stranger, vouched=False).state == "unconfirmed"
    confirm(shop.services, shop.id, stranger.device)
    assert len(shop.greet(stranger).acks) == MOST_LINES + 2
    revoke(shop.services, shop.id, stranger.device)
    assert {row[0] for row in shop.rows(shops.device, "state")} == {"revoked"}
    assert all(row[0] for row in shop.rows(people.register, "left_n"))


def test_of_lines_that_are_here_whole_only_the_newest_is_told(shop: Shop) -> None:
    lines = aged(6)
    now = lines[-1]
    shop.join(now)
    for one in (*lines[:2], lines[3]):
        take_journal(shop.services, shop.id, now.device, one.push(signer=now))
    told = {ack.device: ack.seq for ack in shop.greet(now).acks}
    assert told == {
        now.device: 0, lines[4].device: 0, lines[3].device: 1, lines[2].device: 0,
    }  # fmt: skip


def test_a_line_that_another_went_on_with_is_told(shop: Shop) -> None:
    """The counter has to find out where they part."""
    lines = aged(4)
    now = lines[-1]
    shop.join(now)
    for one in lines[:3]:
        take_journal(shop.services, shop.id, now.device, one.push(signer=now))
    lines[1].write(added(fresh_id(), 1_000, 1_000))
    take_journal(shop.services, shop.id, now.device, lines[1].push(2, signer=now))
    told = {ack.device: ack.seq for ack in shop.greet(now).acks}
    assert told == {now.device: 0, lines[2].device: 1, lines[1].device: 2}


def test_more_lines_than_a_counter_can_have_are_refused_unread(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = Counter()
    hostile.older = [LineHead(fresh_id(), "K1", 1, NO_HASH) for _ in range(MOST_LINES)]
    monkeypatch.delattr(enrolling, "shop_of_code")
    with pytest.raises(Malformed):
        shop.join(hostile)


def test_the_long_codes_of_an_earlier_program_are_taken(shop: Shop) -> None:
    old = Counter(f"K1{'z' * 40}b7q")
    assert shop.join(old).register == old.register
