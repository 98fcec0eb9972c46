"""The protocol's addresses."""

from __future__ import annotations

from typing import Final

from core.sync.messages import (
    Drill,
    Enrol,
    Enrolled,
    FeedPage,
    Hello,
    Problem,
    Push,
    Pushed,
    Welcome,
    Witnessed,
    WitnessTaken,
)
from core.sync.past import Past
from core.sync.snapshot import Manifest, SnapshotWanted
from server.http.routes import Route
from server.sync.http import requests, snapshot
from server.sync.http.answering import STATUS, answering, refused
from server.sync.http.polling import follow_feed
from server.sync.http.queries import DigestQuery, FeedQuery, PastQuery

_SIGNED: Final = {
    **STATUS,
    "unknown_device": 401,
    "replayed": 401,
    "clock": 401,
    "too_many": 429,
}
PULLING: Final = {**_SIGNED, "revoked": 403, "unconfirmed": 403}
"""Statuses of refusals of what only a counter in good standing may ask."""

BASE: Final = "/api/v1"


def sync_routes() -> list[Route]:
    """All of them. Bodies are MessagePack or JSON, packed or not: they are read by the handlers."""
    return [
        Route(
            "POST",
            f"{BASE}/enrol",
            "A counter joins a shop with a one-time code",
            answering(requests.enrol_counter),
            read_body=Enrol,
            answer=Enrolled,
            media="msgpack",
            also=("json",),
            refusals={**_SIGNED, "bad_code": 403, "other_shop": 409, "protocol": 426},
            refuse=refused,
            problem_type=Problem,
        ),
        Route(
            "POST",
            f"{BASE}/sync/hello",
            "Clocks compared, what was acknowledged, where the feed stands",
            answering(requests.say_hello, opens=True),
            read_body=Hello,
            answer=Welcome,
            media="msgpack",
            also=("json",),
            refusals={**_SIGNED, "epoch": 410, "protocol": 426},
            refuse=refused,
            problem_type=Problem,
        ),
        Route(
            "POST",
            f"{BASE}/sync/journal",
            "Entries of a counter's journal",
            answering(requests.push_journal),
            read_body=Push,
            answer=Pushed,
            media="msgpack",
            also=("json",),
            refusals={**_SIGNED, "gap": 409, "forked": 409, "epoch": 410},
            refuse=refused,
            problem_type=Problem,
        ),
        Route(
            "GET",
            f"{BASE}/sync/feed",
            "Entries of the shop's feed after a cursor, waited for",
            follow_feed,
            query=FeedQuery,
            answer=FeedPage,
            media="msgpack",
            also=("json",),
            refusals={**PULLING, "epoch": 410},
            refuse=refused,
            problem_type=Problem,
        ),
        Route(
            "POST",
            f"{BASE}/sync/witness",
            "Entries that a restored server lost",
            answering(requests.take_witness),
            read_body=Witnessed,
            answer=WitnessTaken,
            media="msgpack",
            also=("json",),
            refusals=PULLING,
            refuse=refused,
            problem_type=Problem,
        ),
        Route(
            "POST",
            f"{BASE}/sync/snapshot",
            "The shop as it stands, for a counter that begins",
            answering(snapshot.make_snapshot),
            read_body=SnapshotWanted,
            answer=Manifest,
            media="msgpack",
            also=("json",),
            refusals={**PULLING, "protocol": 426},
            refuse=refused,
            problem_type=Problem,
        ),
        Route(
            "GET",
            f"{BASE}/sync/snapshot/{{digest}}",
            "A part of a snapshot by its SHA-256 (64 hexadecimal digits), whole or a range of it",
            snapshot.send_chunk,
            media="msgpack",
            refusals={**PULLING, "gone": 404, "range": 416},
            refuse=refused,
            problem_type=Problem,
        ),
        Route(
            "GET",
            f"{BASE}/sync/past",
            "Entries from before those that a snapshot brought whole",
            answering(snapshot.send_past),
            query=PastQuery,
            answer=Past,
            media="msgpack",
            also=("json",),
            refusals={**PULLING, "epoch": 410},
            refuse=refused,
            problem_type=Problem,
        ),
        Route(
            "GET",
            f"{BASE}/sync/digest",
            "The rows behind a digest",
            answering(requests.drill_digest),
            query=DigestQuery,
            answer=Drill,
            media="msgpack",
            also=("json",),
            refusals=PULLING,
            refuse=refused,
            problem_type=Problem,
        ),
    ]
