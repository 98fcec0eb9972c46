"""A counter's questions lie with whichever process the proxy gives them to: each finds the parts of
a snapshot that another one made."""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import os
from pathlib import Path

import pytest

from core.sync.messages import Problem
from core.sync.snapshot import Contents
from server.services import Services
from server.sync import snapshot_files
from server.sync.http.buckets import make_file
from server.sync.http.gate import BUCKETS_FILE, gate_of
from server.sync.snapshot_files import SnapshotFiles
from tests.helpers.sync_client import Counter, line, sale
from tests.server.sync.conftest import Shop
from tests.server.sync.over_http import Http, message, run
from tests.server.sync.test_snapshot import manifest, sold


@pytest.fixture
def services(services: Services, tmp_path: Path) -> Services:
    """Of one process of several."""
    make_file(tmp_path / BUCKETS_FILE)
    return dataclasses.replace(services, shared=tmp_path)


def _processes(shop: Shop) -> tuple[Http, Http]:
    """Two of them: what makes a gate of its own is a source of chance of its own."""
    other = copy.copy(shop)
    other.services = dataclasses.replace(shop.services, random=lambda size: os.urandom(size))
    assert gate_of(shop.services) is not gate_of(other.services)
    return Http(shop), Http(other)


def _are_there(http: Http, counter: Counter, contents: Contents) -> bool:
    for chunk in contents.chunks:
        answer = run(http.get(counter, f"/sync/snapshot/{chunk.hash.hex()}", ""))
        if answer.status_code == 404:
            assert message(Problem, answer).error == "gone"
            return False
        assert hashlib.sha256(answer.content).digest() == chunk.hash
        assert answer.headers["huyula-epoch"] == "1"
    return True


def test_another_process_hands_out_its_parts(shop: Shop) -> None:
    counter, (one, other) = shop.joined(), _processes(shop)
    sold(shop, counter)
    _, contents = manifest(one, counter)
    assert _are_there(other, counter, contents)
    stranger = Shop(shop.services, shop.clock)
    assert not _are_there(other, stranger.joined(), contents)


def test_parts_are_there_also_after_the_shop_has_gone_on(shop: Shop) -> None:
    counter, (one, other) = shop.joined(), _processes(shop)
    goods = sold(shop, counter)
    _, contents = manifest(one, counter)
    counter.write(sale(9, goods, [line(goods)]))
    shop.send(counter)
    for http in (one, other):
        _, newer = manifest(http, counter)
        assert newer.n > contents.n
        assert _are_there(http, counter, contents) and _are_there(http, counter, newer)


def test_those_that_were_asked_for_longest_ago_give_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot_files, "MOST_BYTES", 100)
    files, shop = SnapshotFiles(tmp_path), b"s" * 16
    bodies = {bytes([n]) * 32: bytes(30) for n in range(3)}
    files.keep(shop, bodies)
    assert [files.find(shop, name) for name in bodies] == [bytes(30)] * 3
    for age, name in enumerate(bodies):
        os.utime(tmp_path / "snapshots" / shop.hex() / name.hex(), (1_000 - age, 1_000 - age))
    files.keep(b"t" * 16, {b"n" * 32: bytes(60)})
    found = [files.find(shop, name) for name in bodies]
    assert found == [bytes(30), None, None]
    assert files.find(b"t" * 16, b"n" * 32) == bytes(60)


def test_a_folder_that_takes_nothing_keeps_nobody_from_a_snapshot(tmp_path: Path) -> None:
    (tmp_path / "snapshots").write_bytes(b"")
    files = SnapshotFiles(tmp_path)
    files.keep(b"s" * 16, {b"n" * 32: b"body"})
    assert files.find(b"s" * 16, b"n" * 32) is None


def test_one_process_alone_writes_no_files() -> None:
    files = SnapshotFiles(None)
    files.keep(b"s" * 16, {b"n" * 32: b"body"})
    assert files.find(b"s" * 16, b"n" * 32) is None
