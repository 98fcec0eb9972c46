"""Snapshots of a shop: of one moment, whole, in parts, for its own trusted counters only."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import pytest
import zstandard

from core.facts.base import FieldChange
from core.facts.catalog import ProductChanged
from core.facts.orders import OrderStep, OrderStepped
from core.facts.shifts import ShiftOpened
from core.facts.shop import PinChanged
from core.orders.steps import StepName
from core.sync.carrying import carry
from core.sync.messages import Problem
from core.sync.snapshot import (
    SOLD,
    Contents,
    Early,
    Manifest,
    Product,
    SnapshotWanted,
    Stock,
    Whole,
    read_contents,
    read_rows,
    signed_bytes,
)
from server.services import Services
from server.sync import snapshots
from server.sync.allotments import append_server_fact
from server.sync.http.gate import gate_of
from server.sync.keys import ServerKey, is_signed
from server.sync.refusals import OldProtocol, Revoked, TooMany
from server.sync.revoking import revoke
from server.sync.snapshots import Shelf, Snapshot, take_snapshot
from server.sync.standing import head_of
from tests.helpers.orders import order, stock_up
from tests.helpers.sync_client import Counter, added, fresh_id, line, sale
from tests.helpers.web_gerai import set_gerai
from tests.server.sync.conftest import Shop
from tests.server.sync.over_http import Http, message, run

DAY_MS = 86_400_000


def sold(shop: Shop, counter: Counter, sales: int = 3) -> bytes:
    """A product and some sales of it."""
    product_id, shift = fresh_id(), fresh_id()
    counter.write(added(product_id, 100_000, 800_000))
    counter.write(ShiftOpened(shift, 0))
    for number in range(1, sales + 1):
        counter.write(sale(number, shift, [line(product_id)]))
    shop.send(counter)
    return product_id


def taken(shop: Shop, counter: Counter, shelf: Shelf | None = None) -> Snapshot:
    """The shop's snapshot for a counter."""
    return take_snapshot(shop.services, shelf or Shelf(), shop.key, shop.id, counter.device, 1)


def rows(snapshot: Snapshot) -> dict[str, list[Any]]:
    """Its rows by group."""
    found: dict[str, list[Any]] = {}
    for chunk in read_contents(snapshot.contents).chunks:
        body = zstandard.decompress(snapshot.chunks[chunk.hash], max_output_size=1 << 24)
        assert hashlib.sha256(snapshot.chunks[chunk.hash]).digest() == chunk.hash
        found.setdefault(chunk.group, []).extend(read_rows(chunk.group, body))
    return found


def stock_of(snapshot: Snapshot) -> int:
    """What all movements in it come to."""
    groups = rows(snapshot)
    before = sum(one.qty for one in groups.get("stock", ()) if isinstance(one, Stock))
    return before + sum(move.qty for one in groups["entry"] for move in one.stock)


def test_it_is_of_the_shop_as_it_stands(shop: Shop) -> None:
    counter = shop.joined()
    product_id = sold(shop, counter)
    found = taken(shop, counter)
    contents = read_contents(found.contents)
    with shop.services.store.reading_shop(shop.id) as tx:
        head = head_of(tx)
    assert (contents.n, contents.feed_hash) == (head.n, head.hash)
    assert is_signed(shop.key.public, found.signature, signed_bytes(found.contents))
    groups = rows(found)
    (goods,) = groups["product"]
    assert isinstance(goods, Product)
    assert (goods.id, goods.qty, goods.sold) == (product_id, 97_000, 3)
    assert [one.n for one in groups["entry"]] == list(range(1, head.n + 1))
    assert stock_of(found) == 97_000 == contents.digest["stock"].total


def test_what_is_older_than_ninety_days_comes_in_sums(shop: Shop, clock: list[int]) -> None:
    counter = shop.joined()
    sold(shop, counter)
    clock[0] += 91 * DAY_MS
    later = sold(shop, counter, 2)
    groups = rows(taken(shop, counter))
    contents = read_contents(taken(shop, counter).contents)
    assert contents.after > 0
    kinds = {one.kind for one in groups["entry"] if one.n <= contents.after}
    assert {"register_joined", "shift_opened", "sale_completed"} <= kinds  # of an open shift
    assert "product_added" not in kinds
    assert [one.qty for one in groups["stock"]] == [100_000]
    assert later in {move.product_id for one in groups["entry"] for move in one.stock}
    assert {one.device for one in groups["head"]} >= {counter.device}


def test_what_lasts_comes_whole_also_inside_another_entry(shop: Shop, clock: list[int]) -> None:
    """After a server was restored: fetched afterwards it would come over what is newer."""
    counter = shop.joined()
    entry = Counter("K9", counter.shop).write(PinChanged(fresh_id(), b"p" * 32))
    with shop.services.store.shop(shop.id) as tx:
        append_server_fact(tx, carry(entry), now_ms=clock[0])
    sold(shop, counter)
    clock[0] += 91 * DAY_MS
    sold(shop, counter)
    whole = rows(taken(shop, counter))["entry"]
    assert [one.kind for one in whole if isinstance(one, Whole)].count("carried") == 1


def test_orders_that_are_not_over_come_whole_however_old(shop: Shop, clock: list[int]) -> None:
    counter = shop.joined()
    set_gerai(shop.services, shop.id, gerai_open=True)
    sugar = stock_up(shop.services, shop.id, "Gula", 10)
    names: tuple[StepName, ...] = ("accept", "decline")
    for name in names:
        placed = order(shop.services, shop.id, [(sugar, 1)])
        counter.write(OrderStepped(placed.order_id, "shop", (OrderStep(name),)))
    shop.send(counter)
    sold(shop, counter)
    clock[0] += 91 * DAY_MS
    sold(shop, counter)
    kinds = [one.kind for one in rows(taken(shop, counter))["entry"] if isinstance(one, Whole)]
    assert (kinds.count("order_placed"), kinds.count("order_stepped")) == (1, 1)


def test_what_is_known_of_goods_that_are_held_comes_for_when_they_are_let_in(shop: Shop) -> None:
    one, lost, goods = shop.joined("K1"), fresh_id(), fresh_id()
    one.write(added(goods))
    change = FieldChange("price", "15000", "17000")
    for product_id in (goods, lost):
        one.write(ProductChanged(product_id, (change,)))
        one.write(sale(len(one.entries), fresh_id(), [line(product_id)]))
    shop.send(one)
    early = rows(taken(shop, one))["early"]
    assert early == [Early("product", lost, "price", "17000"), Early("product", lost, SOLD, "1")]
    one.write(added(lost))
    shop.send(one)
    assert "early" not in rows(taken(shop, one))


def test_the_same_number_is_made_once(shop: Shop) -> None:
    counter, shelf = shop.joined(), Shelf()
    sold(shop, counter)
    first = taken(shop, counter, shelf)
    assert taken(shop, counter, shelf) is first
    again = taken(shop, counter)
    assert again.chunks == first.chunks  # another process makes the same bytes
    sold(shop, counter)
    assert taken(shop, counter, shelf) is not first


def test_only_so_many_at_a_time(shop: Shop) -> None:
    counter, shelf = shop.joined(), Shelf()
    with shelf.pull(shop.id), shelf.pull(shop.id), shelf.pull(shop.id):
        with pytest.raises(TooMany):
            taken(shop, counter, shelf)
        with shelf.pull(fresh_id()):
            pass  # another shop does not wait
    assert taken(shop, counter, shelf)


def test_who_may_not_pull_gets_none(shop: Shop) -> None:
    counter, other = shop.joined(), shop.joined("K2")
    revoke(shop.services, shop.id, other.device)
    with pytest.raises(Revoked):
        taken(shop, other)
    with pytest.raises(OldProtocol):
        take_snapshot(shop.services, Shelf(), shop.key, shop.id, counter.device, 0)


def in_between(shop: Shop, counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """A counter sends a sale right after the snapshot's number was read."""

    def read(tx: Any) -> Any:
        found = head_of(tx)
        monkeypatch.setattr(snapshots, "head_of", head_of)
        _elsewhere(lambda: sold(shop, counter, 1))
        return found

    monkeypatch.setattr(snapshots, "head_of", read)


def _elsewhere(work: Any) -> None:
    """Run in another thread, as another request would."""
    import threading

    failed: list[BaseException] = []

    def guarded() -> None:
        try:
            work()
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=guarded)
    thread.start()
    thread.join()
    assert not failed, failed


def test_number_and_rows_are_of_one_moment(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    counter = shop.joined()
    sold(shop, counter)
    in_between(shop, counter, monkeypatch)
    found = taken(shop, counter)
    contents: Contents = read_contents(found.contents)
    assert contents.digest["stock"].total == stock_of(found) == 97_000
    assert max(one.n for one in rows(found)["entry"] if isinstance(one, Whole)) == contents.n


# -- over HTTP


def manifest(http: Http, counter: Counter) -> tuple[Manifest, Contents]:
    """Ask for a snapshot."""
    answer = run(http.post(counter, "/sync/snapshot", SnapshotWanted()))
    assert answer.status_code == 200, answer.content
    found = message(Manifest, answer)
    return found, read_contents(found.contents)


def test_chunks_come_whole_and_in_ranges(shop: Shop) -> None:
    counter, http = shop.joined(), Http(shop)
    sold(shop, counter)
    found, contents = manifest(http, counter)
    assert is_signed(shop.key.public, found.signature, signed_bytes(found.contents))
    name = contents.chunks[-1].hash.hex()
    path = f"/sync/snapshot/{name}"
    whole = run(http.get(counter, path, ""))
    assert whole.status_code == 200
    assert hashlib.sha256(whole.content).hexdigest() == name
    assert whole.headers["etag"] == f'"{name}"'
    assert "huyula-epoch" in whole.headers
    size = len(whole.content)
    cases = {
        "bytes=0-9": (206, whole.content[:10]),
        "bytes=10-": (206, whole.content[10:]),
        f"bytes=5-{size + 99}": (206, whole.content[5:]),
        f"bytes={size}-": (416, None),
        "bytes=-5": (200, whole.content),
        "lines=1-2": (200, whole.content),
    }
    for asked, (status, body) in cases.items():
        answer = run(part(http, counter, path, {"range": asked}))
        assert answer.status_code == status, asked
        assert body is None or answer.content == body
    same = run(part(http, counter, path, {"if-none-match": f'"{name}"'}))
    assert (same.status_code, same.content) == (304, b"")
    other = run(part(http, counter, path, {"range": "bytes=0-9", "if-range": '"other"'}))
    assert other.content == whole.content


async def part(http: Http, counter: Counter, path: str, headers: dict[str, str]) -> Any:
    """A signed question with more headers."""
    signed = counter.signed("GET", f"/api/v1{path}", "", b"", now_ms=http.shop.clock[0])
    return await http.ask("GET", path, b"", signed | headers)


def test_what_is_not_there_is_gone(shop: Shop) -> None:
    counter, http = shop.joined(), Http(shop)
    for name, status, code in (
        ("ab" * 32, 404, "gone"),
        ("xy" * 32, 400, "malformed"),
        ("ab", 400, "malformed"),
    ):
        answer = run(http.get(counter, f"/sync/snapshot/{name}", ""))
        assert (answer.status_code, message(Problem, answer).error) == (status, code)


def test_no_shop_gets_anothers_chunks(shop: Shop, services: Services, clock: list[int]) -> None:
    counter, http = shop.joined(), Http(shop)
    sold(shop, counter)
    _, contents = manifest(http, counter)
    stranger = Shop(services, clock)
    other = stranger.joined()
    for chunk in contents.chunks:
        answer = run(http.get(other, f"/sync/snapshot/{chunk.hash.hex()}", ""))
        assert message(Problem, answer).error == "gone"
    _, theirs = manifest(http, other)
    assert theirs.shop == stranger.id
    assert not {one.hash for one in theirs.chunks if one.group == "product"}


def test_an_unsigned_question_is_refused(shop: Shop) -> None:
    counter, http = shop.joined(), Http(shop)
    _, contents = manifest(http, counter)
    path = f"/sync/snapshot/{contents.chunks[0].hash.hex()}"
    assert run(http.ask("GET", path)).status_code == 401
    body = msgspec.msgpack.encode(SnapshotWanted())
    kind = {"content-type": "application/msgpack"}
    assert run(http.ask("POST", "/sync/snapshot", body, kind)).status_code == 401
    assert isinstance(gate_of(shop.services).key, ServerKey)
