"""Joining, following lines, copies of a disk, quarantine and what becomes of it."""

from __future__ import annotations

from unittest.mock import Mock

import msgspec
import pytest

from core.errors import Refused
from core.facts.shifts import ShiftOpened
from core.facts.sync import EntryJudged
from core.ids import line_code
from core.sync.messages import LineHead
from core.sync.wire import Malformed
from server.db.errors import DatabaseBusy
from server.db.schema import catalog, journal, people, shops, trade
from server.devices.pairing import make_code, shop_of_code
from server.services import Services
from server.sync import enrolling
from server.sync.allotments import append_server_fact
from server.sync.enrolling import enrol
from server.sync.feed import Step
from server.sync.greeting import register_line
from server.sync.journal import take_journal
from server.sync.refusals import BadCode, Forked, OldProtocol, OtherShop, Unconfirmed, UnknownLine
from server.sync.restoring import begin_epochs
from server.sync.revoking import revoke
from tests.helpers.sync_client import Counter, added, fresh_id, line, sale
from tests.server.sync.conftest import Shop, selling


def test_the_first_counter_founds_a_later_one_gets_a_code_of_its_own(shop: Shop) -> None:
    first, second = Counter("K1"), Counter("K1")
    assert shop.join(first)[2:4] == ("K1", True)
    joined = shop.join(second)
    assert (joined.register, joined.first) == ("K2", False)
    assert len(joined.check) == 6
    assert [row[0] for row in shop.rows(people.register, "register")] == ["K1", "K2"]


def test_a_lost_answer_to_joining_is_given_again(shop: Shop) -> None:
    counter = Counter()
    message = counter.enrol(make_code(shop.services, shop.id).code)
    first = enrol(shop.services, shop.key.public, message, address="test")
    again = enrol(shop.services, shop.key.public, message, address="test")
    assert first == again
    assert len(shop.rows(journal.entry, "n")) == 1


def test_a_code_with_which_a_join_failed_holds_still(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter, other = Counter(), Counter()
    code = make_code(shop.services, shop.id).code
    with monkeypatch.context() as broken, pytest.raises(DatabaseBusy):
        broken.setattr(Step, "close", Mock(side_effect=DatabaseBusy))
        enrol(shop.services, shop.key.public, counter.enrol(code), address="test")
    assert shop.rows(shops.device) == []
    assert enrol(shop.services, shop.key.public, counter.enrol(code), address="test").first
    with pytest.raises(BadCode):
        enrol(shop.services, shop.key.public, other.enrol(code), address="test")


def test_a_code_that_another_uses_meanwhile_lets_nobody_else_in(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both were found to bring a code that holds."""
    quick, slow = Counter(), Counter()
    code = make_code(shop.services, shop.id).code

    def overtaken(services: Services, text: str, *, address: str) -> bytes:
        found = shop_of_code(services, text, address=address)
        monkeypatch.undo()
        enrol(shop.services, shop.key.public, quick.enrol(code), address="test")
        return found

    monkeypatch.setattr(enrolling, "shop_of_code", overtaken)
    with pytest.raises(BadCode):
        enrol(shop.services, shop.key.public, slow.enrol(code), address="test")
    assert [row[0] for row in shop.rows(shops.device, "device")] == [quick.device]


def test_a_wrong_code_lets_nobody_in(shop: Shop) -> None:
    with pytest.raises(Refused) as refused:
        enrol(shop.services, shop.key.public, Counter().enrol("22222222"), address="test")
    assert refused.value.code == "bad_code"


def test_a_counter_of_months_joins_with_all_its_lines(shop: Shop) -> None:
    shop.joined("K1")
    old = Counter("K5")
    goods = fresh_id()
    old.write(added(goods, 4_000, 40_000))
    now = old.child("K5b")
    now.older = [old.line_head()]
    now.write(sale(1, goods, [line(goods)]))
    shop.join(now)
    acks = shop.greet(now).acks
    assert [(ack.device, ack.seq) for ack in acks] == [(now.device, 0), (old.device, 0)]
    message = old.push(signer=now)
    take_journal(shop.services, shop.id, now.device, message)
    shop.push(now)
    assert shop.one(catalog.product_stock, "qty") == (3_000,)


def test_a_counter_that_joins_again_keeps_the_code_that_others_had_before(shop: Shop) -> None:
    """Every counter is a K1 until it joins: that past gives no claim to the code."""
    second = Counter("K2")
    second.older = [LineHead(fresh_id(), "K1", 3, b"h" * 32)]
    shop.join(second)
    first = Counter("K1")
    code = make_code(shop.services, shop.id).code
    again = msgspec.structs.replace(first.enrol(code), server_shop=shop.id)
    joined = enrol(shop.services, shop.key.public, again, address="test")
    assert joined.register == "K1"
    assert shop.join(Counter("K1")).register == "K3"


def test_two_forgotten_counters_do_not_both_keep_a_code(shop: Shop) -> None:
    """The one that came first may print by a newer line meanwhile: its code is still its own."""
    one, other = Counter("K2b7q"), Counter("K2")
    one.older = [LineHead(fresh_id(), "K1", 3, b"h" * 32), LineHead(fresh_id(), "K2", 3, b"h" * 32)]
    codes = []
    for counter in (one, other):
        code = make_code(shop.services, shop.id).code
        again = msgspec.structs.replace(counter.enrol(code), server_shop=shop.id)
        codes.append(enrol(shop.services, shop.key.public, again, address="test").register)
    assert codes == ["K2b7q", "K3"]


def test_after_a_restore_nobody_new_is_given_a_code_that_a_forgotten_counter_prints(
    shop: Shop,
) -> None:
    shop.joined("K1")
    begin_epochs(shop.services, "restored")
    new, forgotten = Counter("K1"), Counter("K2")
    given = shop.join(new).register
    assert given == line_code("K2", new.device)
    code = make_code(shop.services, shop.id).code
    again = msgspec.structs.replace(forgotten.enrol(code), server_shop=shop.id)
    assert enrol(shop.services, shop.key.public, again, address="test").register == "K2"
    assert shop.join(new).register == given


def test_a_forgotten_counter_whose_code_is_taken_gets_none_that_another_prints(shop: Shop) -> None:
    """K1 went to another meanwhile; the next free code may be on the papers of a third."""
    shop.joined("K1")
    begin_epochs(shop.services, "restored")
    taken, third = Counter("K1"), Counter("K2")
    for counter, register in ((taken, line_code("K2", taken.device)), (third, "K2")):
        code = make_code(shop.services, shop.id).code
        again = msgspec.structs.replace(counter.enrol(code), server_shop=shop.id)
        assert enrol(shop.services, shop.key.public, again, address="test").register == register


def test_after_a_restore_a_copy_is_given_no_code_that_a_forgotten_counter_prints(
    shop: Shop,
) -> None:
    counter, _ = selling(shop)
    shop.push(counter)
    begin_epochs(shop.services, "restored")
    child, copy = counter.child("K1"), counter.child("K1")
    assert shop.adopt(child).register == "K1"
    assert shop.adopt(copy).register == line_code("K2", copy.device)
    forgotten, code = Counter("K2"), make_code(shop.services, shop.id).code
    again = msgspec.structs.replace(forgotten.enrol(code), server_shop=shop.id)
    assert enrol(shop.services, shop.key.public, again, address="test").register == "K2"


def test_a_line_whose_code_another_has_is_not_given_its_parents(shop: Shop) -> None:
    """The parent's numbers are on paper, and the new line counts from one again."""
    counter, _ = selling(shop)
    shop.push(counter)
    assert shop.adopt(counter.child("K1bc4")).register == "K1bc4"
    assert shop.adopt(counter.child("K1bc4")).register == "K2"


def test_a_counter_that_joins_is_given_no_code_of_its_older_lines(shop: Shop) -> None:
    shop.joined("K2")
    counter = Counter("K2")
    counter.older = [LineHead(fresh_id(), "K1", 3, b"h" * 32)]
    assert shop.join(counter).register == "K3"


def test_a_forgotten_counter_is_let_into_its_own_shop_alone(shop: Shop) -> None:
    code = make_code(shop.services, shop.id).code
    counter = Counter("K1")
    other = msgspec.structs.replace(counter.enrol(code), server_shop=fresh_id())
    with pytest.raises(OtherShop):
        enrol(shop.services, shop.key.public, other, address="test")
    assert shop.rows(shops.device, "device") == []
    short = msgspec.structs.replace(counter.enrol(code), server_shop=b"short")
    with pytest.raises(Malformed):
        enrol(shop.services, shop.key.public, short, address="test")


def test_a_line_that_its_parent_vouches_for_is_trusted_once(shop: Shop) -> None:
    counter, goods = selling(shop)
    shop.push(counter)
    child, copy = counter.child(), counter.child("K1c")
    assert shop.adopt(child).state == "trusted"
    assert shop.adopt(copy).state == "unconfirmed"
    copy.write(sale(1, goods, [line(goods)]))
    taken = shop.push(copy)
    assert [one.code for one in taken.quarantined] == ["unconfirmed"]
    with pytest.raises(Unconfirmed):
        shop.page(copy)
    assert len(shop.rows(trade.sale, "n")) == 2


def test_a_copy_that_joined_before_leaves_the_counter_its_line(shop: Shop) -> None:
    """It named the line as one that it goes on from, and had no key of it."""
    counter, goods = selling(shop)
    shop.push(counter)
    now = counter.child()
    copy = now.child("K1c")
    copy.older = [counter.line_head(), now.line_head()]
    shop.join(copy)
    now.write(sale(3, goods, [line(goods)]))
    with pytest.raises(UnknownLine):
        shop.greet(now)
    with pytest.raises(UnknownLine):
        register_line(shop.services, now.hello(vouched=False))
    assert shop.adopt(now).state == "trusted"
    assert shop.push(now).stored == 1
    assert len(shop.rows(trade.sale, "n")) == 3


def test_nobody_can_join_by_naming_a_parent(shop: Shop) -> None:
    counter, _ = selling(shop)
    stranger = counter.child()
    assert shop.adopt(stranger, vouched=False).state == "unconfirmed"
    with pytest.raises(UnknownLine):
        register_line(shop.services, Counter().child().hello())
    for _ in range(7):
        shop.adopt(counter.child(), vouched=False)
    with pytest.raises(UnknownLine):
        register_line(shop.services, counter.child().hello(vouched=False))


def test_the_owner_confirms_a_line_and_what_waited_counts(shop: Shop) -> None:
    counter, goods = selling(shop)
    shop.push(counter)
    lost_key = counter.child()
    shop.adopt(lost_key, vouched=False)
    lost_key.write(sale(3, goods, [line(goods)]))
    shop.push(lost_key)
    shop.join(lost_key)
    assert len(shop.rows(trade.sale, "n")) == 3
    assert shop.one(journal.quarantine, "decision") == ("released",)
    assert shop.greet(lost_key).state == "trusted"
    assert shop.one(catalog.product_stock, "qty") == (7_000,)


def test_a_released_entry_counts_from_its_release_on_and_once(shop: Shop) -> None:
    counter, goods = selling(shop, 1)
    shop.push(counter)
    revoke(shop.services, shop.id, counter.device)
    waits = counter.write(sale(2, goods, [line(goods, 2_000)]))
    shop.push(counter, 3)
    fact = EntryJudged(waits.hash, "released", "benar dari toko")
    for _ in range(2):
        with shop.services.store.shop(shop.id) as tx:
            append_server_fact(tx, fact, now_ms=shop.clock[0])
    assert shop.one(catalog.product_stock, "qty") == (7_000,)
    assert len(shop.rows(trade.sale, "n")) == 2


def test_set_aside_stays_aside(shop: Shop) -> None:
    counter, goods = selling(shop, 1)
    shop.push(counter)
    revoke(shop.services, shop.id, counter.device)
    waits = counter.write(sale(2, goods, [line(goods)]))
    shop.push(counter, 3)
    for decision in ("set_aside", "released"):
        with shop.services.store.shop(shop.id) as tx:
            append_server_fact(tx, EntryJudged(waits.hash, decision), now_ms=shop.clock[0])
    assert len(shop.rows(trade.sale, "n")) == 1


def test_what_a_fork_carries_counts_once_however_often_it_comes(shop: Shop) -> None:
    counter, goods = selling(shop, 2)
    shop.push(counter, 1, 2)
    shared, lost = counter.entries[:2], counter.entries[2]
    counter.entries = [*shared]
    other = counter.write(sale(2, goods, [line(goods, 5_000)]))
    shop.push(counter, 3)
    counter.entries = [*shared, lost]
    with pytest.raises(Forked):
        shop.push(counter, 3)
    counter.entries = shared
    child = counter.child()
    assert shop.adopt(child).state == "trusted"
    child.carry(lost)
    child.carry(lost)
    child.carry(other)
    shop.push(child)
    assert sorted(shop.rows(trade.sale, "device", "seq")) == [
        (counter.device, 2),
        (counter.device, 3),
        (counter.device, 3),
    ]
    assert shop.one(catalog.product_stock, "qty") == (10_000 - 1_000 - 1_000 - 5_000,)
    verdicts = [one.verdict for one in shop.feed(child) if one.device == child.device]
    assert verdicts == ["flagged:number_again", "", ""]


def test_the_original_after_the_carried_one_counts_not_again(shop: Shop) -> None:
    counter, _ = selling(shop, 2)
    shop.push(counter, 1, 2)
    child = counter.child()
    shop.adopt(child)
    child.carry(counter.entries[2])
    shop.push(child)
    message = counter.push(3, signer=child)
    take_journal(shop.services, shop.id, child.device, message)
    assert shop.one(catalog.product_stock, "qty") == (8_000,)
    assert len(shop.rows(trade.sale, "n")) == 2


def test_an_older_protocol_is_told_so(shop: Shop) -> None:
    import msgspec

    from server.sync.greeting import greet

    counter, _ = selling(shop)
    hello = msgspec.structs.replace(counter.hello(), protocols=(0, 99))
    with pytest.raises(OldProtocol):
        greet(shop.services, shop.id, hello)


def test_the_clock_of_a_boot_is_corrected_by_what_the_server_saw(shop: Shop) -> None:
    counter = shop.joined()
    shop.greet(counter, wall_ms=5)
    shift = fresh_id()
    counter.write(ShiftOpened(shift, 0), at_ms=5, anchored=True)
    shop.clock[0] += 3_600_000
    shop.push(counter)
    (entry,) = [one for one in shop.feed(counter) if one.device == counter.device]
    assert entry.at_ms == shop.clock[0] - 3_600_000 + 1_000
    seen = shop.rows(shops.device, "clock_offset_ms")
    assert seen == [(5 - (shop.clock[0] - 3_600_000),)]


def test_a_line_of_another_shop_is_no_ancestor_here(shop: Shop) -> None:
    theirs = shop.joined("K1")
    other = Shop(shop.services, shop.clock)
    thief = Counter("K9")
    seq, digest = theirs.head
    thief.older = [LineHead(theirs.device, "K1", seq, digest)]
    other.join(thief)
    theirs.write(added(fresh_id(), 1000, 1))
    message = theirs.push(signer=thief)
    with pytest.raises(UnknownLine):
        take_journal(shop.services, shop.id, thief.device, message)
