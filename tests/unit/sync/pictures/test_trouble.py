"""Pictures cut off, refused, spoiled or without room: nothing is lost, nothing waits for them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import bindparam, delete, select, update

from core.sync.pictures import COPY_BYTES
from pos.catalog.pictures import picture_hash
from pos.catalog.products import change_product, product_record
from pos.journal.verify import verify
from pos.sync.enrolment import speaker
from pos.sync.memory import server
from pos.sync.picture_memory import picture_state
from pos.sync.picture_parts import Parts
from pos.sync.pictures import MOST_FAULTS, Moved
from pos.sync.wire import NoAnswer, Received, Said, Wire
from server.app.application import assemble
from server.config import Config
from server.db.schema import SHOP
from server.db.schema.pictures import picture, picture_part
from server.pictures import reading
from server.services import PictureRules
from tests.helpers.counter import add_goods
from tests.helpers.real_server import RealServer, offline
from tests.unit.sync.pictures.conftest import Till, meet, rich


@pytest.mark.parametrize("lost", ["request", "answer"])
def test_cut_off_at_every_exchange_it_goes_on_and_nothing_is_doubled(
    tills: list[Till], house: RealServer, lost: str
) -> None:
    """Of three exchanges the network spoils one; each time the program starts anew, remembering
    nothing."""
    first, second = tills
    data = rich()
    name = first.show(add_goods(first.counter), data)
    meet(tills)
    count, cut, bytes_up = 0, 0, 0

    def weather(wire: Wire, go: Callable[[], Received]) -> Received:
        nonlocal count, cut, bytes_up
        count += 1
        is_cut = count % 3 == 1
        cut += is_cut
        if is_cut and lost == "request":
            raise NoAnswer(why="connection")
        bytes_up += len(wire.body) if wire.path.endswith("/sync/picture") else 0
        answer = go()
        if is_cut:
            raise NoAnswer(why="connection")
        return answer

    house.weather = weather
    for till in (first, second):
        for _ in range(60):
            till.begin()
            till.pictures._pace._bytes = 5_000
            try:
                till.step()
            except NoAnswer:
                continue
            if not picture_state(till.counter.db).waiting:
                break
        else:
            raise AssertionError("never got there")
    house.weather = lambda wire, go: go()
    assert cut > 8
    # Each part travels once: what had arrived is asked for, also where its answer was lost.
    assert bytes_up < len(data) + 20 * 300
    assert second.has(name) and verify(second.counter.db).ok
    with house.store.reading_shop(house.shop) as tx:
        kept = tx.rows(select(picture.c.hash).where(picture.c.shop_id == SHOP))
        parts = tx.rows(select(picture_part.c.hash).where(picture_part.c.shop_id == SHOP))
    assert ([row.hash for row in kept], list(parts)) == ([name], [])


@pytest.mark.parametrize("spoil", ["cut", "zeros", "other", "long", "empty"])
def test_a_part_file_that_a_power_cut_spoiled_does_no_harm(tills: list[Till], spoil: str) -> None:
    first, second = tills
    name = first.show(add_goods(first.counter), rich())
    meet(tills)
    first.steps()
    second.pictures._pace._bytes = 9_000
    left = iter([True, True, False])
    second.go_on = lambda: next(left, False)
    assert second.step().received == 0
    (file,) = (second.counter.folder / "picture-parts").glob("*.part")
    good = file.read_bytes()
    assert len(good) > 9_000
    file.write_bytes(
        {
            "cut": good[:-100],
            "zeros": good[:100] + bytes(len(good) - 100),
            "other": bytes(32) + good[32:],
            "long": good + bytes(COPY_BYTES),
            "empty": b"",
        }[spoil]
    )
    second.begin()
    second.go_on = lambda: True
    assert second.steps().received == 1
    assert second.has(name) and verify(second.counter.db).ok
    assert not file.exists()


def test_a_picture_that_the_server_cannot_read_is_told_once_and_stops_nothing(
    tills: list[Till], house: RealServer
) -> None:
    first, second = tills
    bad = b"\xff\xd8\xff" + bytes(range(256)) * 8
    goods = add_goods(first.counter, "Sagela")
    record = product_record(first.counter.db, goods)
    change_product(first.counter, record, picture=bad)
    good_name = first.show(add_goods(first.counter, "Kopi"), rich())
    meet(tills)
    assert first.steps() == Moved(sent=1)
    state = picture_state(first.counter.db)
    assert (state.waiting, state.refused) == (0, ("Sagela",))
    assert first.has(picture_hash(bad)) == bad  # kept where it is
    asked: list[str] = []

    def noting(wire: Wire, go: Callable[[], Received]) -> Received:
        asked.append(f"{wire.method} {wire.path}")
        return go()

    house.weather = noting
    first.begin()
    assert first.steps() == Moved()
    assert asked == ["POST /api/v1/sync/pictures"]
    # The other counter learns that it will not come, and fetches what does.
    assert second.steps() == Moved(received=1)
    assert second.has(good_name)
    state = picture_state(second.counter.db)
    assert (state.waiting, state.refused) == (0, ("Sagela",))
    # Another photo, and it is forgotten.
    first.show(goods, rich(3))
    first.sync(), first.steps()
    assert picture_state(first.counter.db).refused == ()


def test_what_comes_out_wrong_is_tried_a_few_times_and_not_for_ever(
    tills: list[Till], house: RealServer
) -> None:
    first, second = tills
    name = first.show(add_goods(first.counter), rich())
    other = first.show(add_goods(first.counter, "Teh"), rich(2))
    meet(tills)
    first.steps()
    spoiled = (
        update(picture)
        .where(picture.c.shop_id == SHOP, picture.c.hash == bindparam("name"))
        .values(data=b"\xff\xd8\xff" + bytes(40_000), size=40_003)
    )
    with house.store.shop(house.shop) as tx:
        assert tx.run(spoiled, name=name) == 1
    fetched: list[str] = []

    def noting(wire: Wire, go: Callable[[], Received]) -> Received:
        if f"hash={name.hex()}&offset=0" in wire.query:
            fetched.append(wire.query)
        return go()

    house.weather = noting
    second.steps()
    for _ in range(2 * MOST_FAULTS):
        second.step()
    assert second.has(other) and not second.has(name)
    assert len(fetched) == MOST_FAULTS


def test_the_servers_word_is_needed(tills: list[Till], house: RealServer) -> None:
    first, second = tills
    name = first.show(add_goods(first.counter), rich())
    meet(tills)
    first.steps()
    db = second.counter.db
    found = server(db)
    assert found is not None
    second.clock.forward(4)
    stranger = found._replace(key=bytes(32))
    second.pictures.step(db, stranger, speaker(second.counter, house.send))
    assert not second.has(name)
    assert second.steps().received == 1


def test_a_full_disk_or_no_network_costs_nothing_but_time(
    tills: list[Till], house: RealServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tills
    name = first.show(add_goods(first.counter), rich())
    meet(tills)
    first.steps()
    second.pictures._pace._bytes = 9_000

    def full(*_given: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Parts, "begin", full)
        with pytest.raises(OSError, match="No space"):
            second.step()
    house.weather = offline
    with pytest.raises(NoAnswer):
        second.step()
    house.weather = lambda wire, go: go()
    assert second.steps().received == 1 and second.has(name)


def test_a_server_that_lost_its_pictures_gets_them_back_also_from_a_copy(
    tills: list[Till], house: RealServer
) -> None:
    first, second = tills
    name = first.show(add_goods(first.counter), rich())
    meet(tills)
    first.steps(), second.steps()
    with house.store.shop(house.shop) as tx:
        assert tx.run(delete(picture).where(picture.c.shop_id == SHOP)) == 1
    second.begin()
    assert second.steps() == Moved(sent=1)
    with first.counter.db.transaction():
        first.counter.db.run("DELETE FROM picture")
    first.begin()
    assert first.steps() == Moved(received=1)
    assert first.has(name) and verify(first.counter.db).ok


def test_other_worries_of_the_server_end_the_step(tills: list[Till], house: RealServer) -> None:
    first, _second = tills
    first.show(add_goods(first.counter), rich())
    meet(tills)
    for _ in range(reading.AT_ONCE):
        reading._room.acquire()
    wait_s, reading.WAIT_S = reading.WAIT_S, 0.0  # type: ignore[misc]
    try:
        with pytest.raises(Said) as said:
            first.steps()
        assert said.value.problem.error == "busy"
    finally:
        reading.WAIT_S = wait_s  # type: ignore[misc]
        for _ in range(reading.AT_ONCE):
            reading._room.release()
    assert first.steps().sent == 1


def test_a_full_shop_is_told_and_asked_seldom(tills: list[Till], house: RealServer) -> None:
    first, _second = tills
    first.show(add_goods(first.counter), rich())
    meet(tills)
    roomy = house.app
    tight = dataclasses.replace(house.services, picture_rules=PictureRules(quota_bytes=10))
    house.app = assemble(tight, Config())
    assert first.step() == Moved()
    state = picture_state(first.counter.db)
    assert (state.full, state.to_send) == (True, 1)
    assert first.pictures.due_s(first.counter.db) > 3_000
    house.app = roomy
    assert first.step().sent == 1
    assert picture_state(first.counter.db).full is False
