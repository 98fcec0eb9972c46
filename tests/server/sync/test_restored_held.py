"""What was held in quarantine when a server went back in time is held there again."""

from __future__ import annotations

import pytest

from core.contract import encode_body, kind_of
from core.facts.base import FieldChange, Header
from core.facts.customers import CustomerAdded, CustomerRecord, DebtRepaid
from core.facts.selling import TenderPart
from core.facts.shop import SettingsChanged
from core.facts.sync import EntryJudged, RegisterJoined
from core.journal import NO_HASH, Entry, link
from core.sync.carrying import carry
from core.sync.feed import cursor_bytes, next_hash
from core.sync.messages import FeedEntry, Witnessed
from server.db.schema import catalog, journal, people, trade
from server.sync.feed import Step
from server.sync.judging import NotWaiting, judge_entry
from server.sync.witnessing import take_witnessed
from tests.helpers.sync_client import Counter, added, fresh_id, line, sale
from tests.server.sync.conftest import Shop


def _offer(shop: Shop, after: int, before: bytes, entry: Entry, verdict: str) -> Witnessed:
    """A page of one entry, as the server signed it before it went back."""
    one = FeedEntry(
        after + 1, entry.device, entry.seq, entry.kind, entry.version, entry.prev_hash,
        entry.hash, shop.clock[0], verdict, entry.shop, entry.body,
    )  # fmt: skip
    end = next_hash(before, one.n, one.hash, one.at_ms, one.verdict)
    sign = shop.key.sign(cursor_bytes(shop.id, 1, one.n, end))
    return Witnessed(1, after, before, (one,), end, sign)


def _take(shop: Shop, counter: Counter, offer: Witnessed) -> int:
    return take_witnessed(shop.services, shop.id, counter.device, shop.key.public, offer)


def _parted(shop: Shop) -> tuple[Counter, Counter, Entry]:
    """Two counters, and a sale of the first whose line went on otherwise."""
    one, two, goods = shop.joined("K1"), shop.joined("K2"), fresh_id()
    one.write(added(goods, 10_000, 100_000))
    shop.push(one)
    lost = one.write(sale(1, goods, [line(goods)]))
    one.entries.pop()
    one.write(sale(1, goods, [line(goods, 4_000)]))
    shop.push(one, 2)
    return one, two, lost


def test_a_held_entry_whose_line_went_on_otherwise_waits_for_the_owner_again(shop: Shop) -> None:
    _, two, lost = _parted(shop)
    at = shop.page(two).head
    offer = _offer(shop, at.n, at.hash, lost, "quarantined:unconfirmed")
    assert [_take(shop, two, offer) for _ in range(3)] == [1, 0, 0]
    assert shop.one(catalog.product_stock, "qty") == (6_000,)
    ((held, code),) = shop.rows(journal.quarantine, "hash", "code")
    assert code == "unconfirmed"
    judge_entry(shop.services, shop.id, held, "released")
    assert shop.one(catalog.product_stock, "qty") == (5_000,)
    assert len(shop.rows(trade.sale, "n")) == 2
    assert _take(shop, two, offer) == 0


def test_what_was_damaged_inside_a_carrier_is_held_as_damaged_again(shop: Shop) -> None:
    """The carrier is whole, the sale inside is not: nobody may release it."""
    one, two, lost = _parted(shop)
    spoilt = lost._replace(body=lost.body[:-1] + b"\xc1")
    carrier = one.write(carry(spoilt))
    one.entries.pop()
    one.write(sale(1, fresh_id(), []))
    shop.push(one)
    at = shop.page(two).head
    offer = _offer(shop, at.n, at.hash, carrier, "quarantined:damaged")
    assert [_take(shop, two, offer) for _ in range(2)] == [1, 0]
    held, code = next(row for row in shop.rows(journal.quarantine, "hash", "code"))
    assert code == "damaged"
    with pytest.raises(NotWaiting):
        judge_entry(shop.services, shop.id, held, "released")
    judge_entry(shop.services, shop.id, held, "set_aside")


def test_receipts_that_came_before_the_code_of_their_line_get_it(shop: Shop) -> None:
    """A server that went back has forgotten a register; its receipts come back before it does."""
    one, goods, lost = shop.joined("K1"), fresh_id(), Counter("K9", shop.id)
    other, who = Counter("K8", shop.id), fresh_id()
    one.write(added(goods, 10_000, 100_000))
    one.write(CustomerAdded(CustomerRecord(who, "Pak Udin", "", "", 100_000, "", 0)))
    shop.push(one)
    sold = lost.write(sale(7, fresh_id(), [line(goods)]))
    tender = TenderPart("cash", 9_000, 9_000)
    repaid = lost.write(DebtRepaid(8, who, "credit", 9_000, (tender,)))
    for facts, code in (
        ([carry(sold), carry(repaid)], "?"), ([RegisterJoined(other.device, "K8", "")], "?"),
        ([RegisterJoined(lost.device, "K9", "")], "K9"),
    ):  # fmt: skip
        with shop.services.store.shop(shop.id) as tx:
            step = Step(tx, shop.clock[0])
            for fact in facts:
                step.say(fact)
            step.close()
        assert shop.rows(trade.sale, "receipt") == [(f"{code}-000007",)]
        assert shop.rows(trade.repayment, "receipt") == [(f"{code}-000008",)]


def test_an_entry_that_is_left_damaged_alone_is_taken_as_damaged(shop: Shop) -> None:
    """Whoever pulled it has only damaged bytes left; its line goes on after it."""
    one, two, goods = shop.joined("K1"), shop.joined("K2"), fresh_id()
    one.write(added(goods, 10_000, 100_000))
    shop.push(one)
    at = shop.page(two).head
    sold = one.write(sale(1, goods, [line(goods)]))
    spoilt = sold._replace(body=sold.body.replace(b"Beras", b"Beraz"))
    offer = _offer(shop, at.n, at.hash, spoilt, "")
    assert [_take(shop, two, offer) for _ in range(2)] == [1, 0]
    assert [row[0] for row in shop.rows(journal.quarantine, "code")] == ["damaged"]
    assert shop.rows(trade.sale, "n") == []
    # Its own counter has it whole and brings it back inside another entry.
    one.write(carry(sold))
    assert shop.send(one).stored == 1
    assert len(shop.rows(trade.sale, "n")) == 1
    assert _take(shop, two, offer) == 0


def test_a_decision_inside_another_entry_decides_once(shop: Shop) -> None:
    _, two, lost = _parted(shop)
    at = shop.page(two).head
    assert _take(shop, two, _offer(shop, at.n, at.hash, lost, "quarantined:unconfirmed")) == 1
    ((held,),) = shop.rows(journal.quarantine, "hash")

    # The decision of a line that the server wrote before it went back.
    fact = EntryJudged(held, "released")
    body = encode_body(Header(shop.clock[0], bytes(16), 0, "2026-11-24"), fact)
    kind, version = kind_of(fact)
    other = link(shop.id, fresh_id(), 1, kind, version, NO_HASH, body)
    with shop.services.store.shop(shop.id) as tx:
        step = Step(tx, shop.clock[0])
        for _ in range(2):
            step.say(carry(other))
        step.close()
    assert [row[0] for row in shop.rows(journal.quarantine, "decision")] == ["released"]
    assert len(shop.rows(trade.sale, "n")) == 2


def test_what_a_counter_said_about_settings_before_it_joined_stays_past(shop: Shop) -> None:
    """Also where it comes back inside another entry, since its line went on otherwise."""
    one, two = shop.joined("K1"), Counter("K2")
    lost = two.write(SettingsChanged((FieldChange("footer", "null", '"Mine"'),)))
    shop.join(two)
    two.entries.pop()
    two.write(added(fresh_id()))
    shop.push(two)
    at = shop.page(one).head
    assert _take(shop, one, _offer(shop, at.n, at.hash, lost, "joined")) == 1
    assert [row[0] for row in shop.rows(people.setting, "name") if row[0] == "footer"] == []
    last = shop.feed(one)[-1]
    assert (last.kind, last.verdict) == ("carried", "joined")
