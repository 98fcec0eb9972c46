"""A request that was overheard is answered at no other process either."""

from __future__ import annotations

import hashlib
from typing import Any

import httpx
import msgspec
import pytest

from core.facts.catalog import ProductAdded
from core.sync.messages import Problem
from core.sync.pictures import PicturesAsked, PictureSent
from core.sync.snapshot import Manifest, SnapshotWanted, read_contents
from core.sync.wire import MSGPACK, pack
from server.devices.pairing import make_code
from server.sync.http import gate as gates
from tests.helpers.sync_client import Counter, fresh_id, product
from tests.server.pictures.conftest import jpeg
from tests.server.sync.conftest import Shop
from tests.server.sync.over_http import BASE, Http, message, run

pytestmark = pytest.mark.parametrize("engine_name", ["postgresql"])


def _elsewhere() -> None:
    """From here on another process answers, which has heard nothing yet."""
    gates.gate_of.cache_clear()


async def _twice(http: Http, counter: Counter, method: str, path: str, **what: Any) -> Any:
    """The same bytes sent to two processes; both answers."""
    body, query = what.get("body", b""), what.get("query", "")
    signed = counter.signed(method, BASE + path, query, body, now_ms=http.shop.clock[0])
    headers = {"content-type": MSGPACK} | signed
    first: httpx.Response = await http.ask(method, path, body, headers, query)
    _elsewhere()
    return first, await http.ask(method, path, body, headers, query)


def test_what_is_fetched_is_fetched_once(shop: Shop) -> None:
    counter = shop.joined()

    async def story() -> None:
        http = Http(shop)
        wanted = pack(SnapshotWanted())
        first, again = await _twice(http, counter, "POST", "/sync/snapshot", body=wanted)
        assert (first.status_code, again.status_code) == (200, 401)
        assert message(Problem, again).error == "replayed"
        contents = read_contents(message(Manifest, first).contents)
        _elsewhere()
        made = await http.post(counter, "/sync/snapshot", SnapshotWanted())
        assert made.status_code == 200
        name = contents.chunks[0].hash.hex()
        first, again = await _twice(http, counter, "GET", f"/sync/snapshot/{name}")
        assert first.status_code == 200 and again.status_code == 401
        query = f"epoch=1&after={contents.n}&hash={contents.feed_hash.hex()}&before=2"
        first, again = await _twice(http, counter, "GET", "/sync/past", query=query)
        assert (first.status_code, again.status_code) == (200, 401)

    run(story())


def test_who_joins_is_answered_once(shop: Shop) -> None:
    counter = Counter()
    code = make_code(shop.services, shop.id).code

    async def story() -> None:
        http = Http(shop)
        first, again = await _twice(http, counter, "POST", "/enrol", body=pack(counter.enrol(code)))
        assert (first.status_code, again.status_code) == (200, 401)
        assert message(Problem, again).error == "replayed"

    run(story())


def test_what_is_said_of_pictures_is_said_once(shop: Shop) -> None:
    counter, original = shop.joined(), jpeg()
    name = hashlib.sha256(original).digest()
    goods = ProductAdded(msgspec.structs.replace(product(fresh_id()), picture=name))
    counter.write(goods)
    shop.send(counter)

    async def story() -> None:
        http = Http(shop)
        sent = pack(PictureSent(name, 0, total=len(original), data=original[:100]))
        query = f"hash={name.hex()}&offset=0"
        for method, path, body, part, status in (
            ("POST", "/sync/pictures", pack(PicturesAsked(())), "", 200),
            ("POST", "/sync/picture", sent, "", 200),
            ("GET", "/sync/picture", b"", query, 404),
        ):
            first, again = await _twice(http, counter, method, path, body=body, query=part)
            assert (first.status_code, again.status_code) == (status, 401), path

    run(story())
