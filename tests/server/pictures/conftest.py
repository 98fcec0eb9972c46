"""A shop whose goods have pictures, on both engines, reached over HTTP in this process."""

from __future__ import annotations

import asyncio
import hashlib
import io
from typing import Any

import msgspec
import pytest

from core.facts.catalog import ProductAdded
from core.sync.messages import Message, Problem
from core.sync.pictures import (
    PicturePart,
    PicturesAsked,
    PictureSent,
    PicturesTold,
    PictureTaken,
)
from core.sync.wire import unpack
from tests.helpers.picture_files import photo
from tests.helpers.sync_client import Counter, fresh_id, product
from tests.server.sync.conftest import Shop, clock, services, shop
from tests.server.sync.over_http import Http

__all__ = ["clock", "services", "shop"]


def jpeg(image: Any = None, **options: Any) -> bytes:
    """A JPEG file's bytes."""
    out = io.BytesIO()
    (image or photo()).save(out, "JPEG", **options)
    return out.getvalue()


def name_of(original: bytes) -> bytes:
    """The name that facts give a picture."""
    return hashlib.sha256(original).digest()


class Teller:
    """A counter of a shop that speaks about pictures."""

    def __init__(self, shop: Shop, counter: Counter, http: Http) -> None:
        """Join as that counter."""
        self.shop = shop
        self.counter = counter
        self.http = http

    def name(self, *names: bytes) -> list[bytes]:
        """Write goods down that show these pictures; their ids."""
        ids = [fresh_id() for _ in names]
        for key, name in zip(ids, names, strict=True):
            self.counter.write(ProductAdded(msgspec.structs.replace(product(key), picture=name)))
        self.shop.send(self.counter)
        return ids

    def ask(self, *wanted: bytes, after: bytes = b"") -> PicturesTold:
        """Which are ready, which lacking."""
        found = self.post("/sync/pictures", PicturesAsked(wanted, after), PicturesTold)
        assert isinstance(found, PicturesTold), found
        return found

    def lacking(self) -> dict[bytes, int]:
        """What the server lacks, with how much of it this counter has sent."""
        return {one.hash: one.received for one in self.ask().lacking}

    def send(
        self, original: bytes, *, offset: int = 0, most: int = 0, name: bytes = b"", **more: Any
    ) -> PictureTaken | Problem:
        """One part of a picture (the whole of it where `most` is 0)."""
        part = original[offset : offset + most] if most else original[offset:]
        values = {"total": len(original)} | more
        sent = PictureSent(name or name_of(original), offset, data=part, **values)
        return self.post("/sync/picture", sent, PictureTaken)

    def get(self, name: bytes, offset: int = 0, most: int = 0) -> PicturePart | Problem:
        """A part of a copy."""
        query = f"hash={name.hex()}&offset={offset}" + (f"&most={most}" if most else "")
        self.shop.clock[0] += 1_000
        response = asyncio.run(self.http.get(self.counter, "/sync/picture", query))
        return _read(response, PicturePart)

    def post(self, path: str, message: Message, cls: type[Any]) -> Any:
        """Any message."""
        self.shop.clock[0] += 1_000
        return _read(asyncio.run(self.http.post(self.counter, path, message)), cls)


def _read(response: Any, cls: type[Any]) -> Any:
    kind = response.headers["content-type"]
    if response.status_code == 200:
        return unpack(cls, response.content, kind)
    problem = unpack(Problem, response.content, kind)
    assert problem.message and "{" not in problem.message
    return problem


@pytest.fixture
def teller(shop: Shop) -> Teller:
    """The shop's first counter."""
    return Teller(shop, shop.joined(), Http(shop))
