"""Snapshots as they travel: the manifest, its chunks whole or in ranges (RFC 9110), and what is
fetched of older entries afterwards."""

from __future__ import annotations

import re
from typing import Final

from core.sync.past import Past, read_places
from core.sync.snapshot import Manifest, SnapshotWanted
from core.sync.wire import Malformed
from server.http.routes import Call, Reply
from server.sync.http.answering import CLOCK_HEADER, EPOCH_HEADER, frame, refusal_of, refused
from server.sync.http.gate import gate_of
from server.sync.http.packing import read
from server.sync.http.queries import PastQuery, read_hash
from server.sync.past import Asked, Base, read_past
from server.sync.refusals import BadRange
from server.sync.snapshots import chunk_of, take_snapshot

MEDIA: Final = "application/zstd"
MOST_TEXT: Final = 64
_CUSTOMER: Final = re.compile("[0-9a-f]{32}", re.ASCII)
_RANGE: Final = re.compile(r"bytes=([0-9]{1,12})-([0-9]{0,12})", re.ASCII)


def make_snapshot(call: Call) -> Manifest:
    """The shop as it stands now; its chunks are asked for one by one."""
    gate = gate_of(call.services)
    caller = gate.check(call)
    gate.use_up_reading(caller)
    wanted = read(SnapshotWanted, call.raw, call.headers)
    found = take_snapshot(
        call.services, gate.shelf, gate.key, caller.shop, caller.device, wanted.contract
    )
    return Manifest(
        **frame(call, found.head.epoch), contents=found.contents, signature=found.signature
    )


def send_chunk(call: Call) -> Reply:
    """A chunk's bytes. They are what their name says for ever, so a counter may keep them."""
    try:
        gate = gate_of(call.services)
        caller = gate.check(call)
        gate.use_up_reading(caller)
        name = call.places["digest"]
        kept = chunk_of(call.services, gate.shelf, caller.shop, caller.device, read_hash(name))
        return _part_of(call, kept.body, kept.epoch, f'"{name.lower()}"')
    except Exception as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        return refused(call, refusal)


def send_past(call: Call) -> Past:
    """Old entries: a stretch of the feed, or what somebody looks for."""
    gate = gate_of(call.services)
    caller = gate.check(call)
    gate.use_up_reading(caller)
    query: PastQuery = call.query
    base = Base(query.epoch, query.after, read_hash(query.hash))
    asked = Asked(
        query.before, _receipt(query.receipt), _customer(query.customer), _places(query.places)
    )
    found = read_past(call.services, gate.key, caller.shop, caller.device, base, asked)
    return Past(**frame(call, query.epoch), rows=found.rows, signature=found.signature)


def _receipt(text: str) -> str:
    if "\0" in text:
        raise Malformed(why="receipt")
    return text[:MOST_TEXT]


def _customer(text: str) -> bytes:
    if text and _CUSTOMER.fullmatch(text) is None:
        raise Malformed(why="customer")
    return bytes.fromhex(text)


def _places(text: str) -> tuple[tuple[bytes, int], ...]:
    try:
        return tuple(read_places(text)) if text else ()
    except ValueError:
        raise Malformed(why="places") from None


def _part_of(call: Call, body: bytes, epoch: int, tag: str) -> Reply:
    headers = {
        "etag": tag,
        "accept-ranges": "bytes",
        "cache-control": "private, immutable",
        EPOCH_HEADER: str(epoch),
        CLOCK_HEADER: str(call.services.now_ms()),
    }
    if tag in call.headers.get("if-none-match", ""):
        return Reply(b"", MEDIA, 304, headers)
    asked = _RANGE.fullmatch(call.headers.get("range", ""))
    # A range of something else than is here: the whole is sent.
    if asked is None or call.headers.get("if-range", tag) != tag:
        return Reply(body, MEDIA, 200, headers)
    start, end = int(asked[1]), int(asked[2] or len(body) - 1)
    end = min(end, len(body) - 1)
    if start > end:
        raise BadRange(size=len(body))
    headers["content-range"] = f"bytes {start}-{end}/{len(body)}"
    return Reply(body[start : end + 1], MEDIA, 206, headers)
