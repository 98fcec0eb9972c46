"""The protocol's addresses."""

from __future__ import annotations

from core.sync.messages import (
    Drill,
    Enrol,
    Enrolled,
    FeedPage,
    Hello,
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
from server.sync.http.answering import PULLING, SIGNED, answering, protocol_route
from server.sync.http.polling import follow_feed
from server.sync.http.queries import DigestQuery, FeedQuery, PastQuery


def sync_routes() -> list[Route]:
    """All of them but those of pictures."""
    return [*_sending(), *_fetching()]


def _sending() -> list[Route]:
    """A counter joins, greets and says what it has."""
    return [
        protocol_route(
            "POST",
            "/enrol",
            "A counter joins a shop with a one-time code",
            answering(requests.enrol_counter),
            {**SIGNED, "bad_code": 403, "other_shop": 409, "protocol": 426},
            read_body=Enrol,
            answer=Enrolled,
        ),
        protocol_route(
            "POST",
            "/sync/hello",
            "Clocks compared, what was acknowledged, where the feed stands",
            answering(requests.say_hello, opens=True),
            {**SIGNED, "epoch": 410, "protocol": 426},
            read_body=Hello,
            answer=Welcome,
        ),
        protocol_route(
            "POST",
            "/sync/journal",
            "Entries of a counter's journal",
            answering(requests.push_journal),
            {**SIGNED, "gap": 409, "forked": 409, "epoch": 410},
            read_body=Push,
            answer=Pushed,
        ),
        protocol_route(
            "POST",
            "/sync/witness",
            "Entries that a restored server lost",
            answering(requests.take_witness),
            PULLING,
            read_body=Witnessed,
            answer=WitnessTaken,
        ),
    ]


def _fetching() -> list[Route]:
    """A counter hears what there is."""
    return [
        protocol_route(
            "GET",
            "/sync/feed",
            "Entries of the shop's feed after a cursor, waited for",
            follow_feed,
            {**PULLING, "epoch": 410},
            query=FeedQuery,
            answer=FeedPage,
        ),
        protocol_route(
            "POST",
            "/sync/snapshot",
            "The shop as it stands, for a counter that begins",
            answering(snapshot.make_snapshot),
            {**PULLING, "protocol": 426},
            read_body=SnapshotWanted,
            answer=Manifest,
        ),
        protocol_route(
            "GET",
            "/sync/snapshot/{digest}",
            "A part of a snapshot by its SHA-256 (64 hexadecimal digits), whole or a range of it",
            snapshot.send_chunk,
            {**PULLING, "gone": 404, "range": 416},
            also=(),
        ),
        protocol_route(
            "GET",
            "/sync/past",
            "Entries from before those that a snapshot brought whole",
            answering(snapshot.send_past),
            {**PULLING, "epoch": 410},
            query=PastQuery,
            answer=Past,
        ),
        protocol_route(
            "GET",
            "/sync/digest",
            "The rows behind a digest",
            answering(requests.drill_digest),
            PULLING,
            query=DigestQuery,
            answer=Drill,
        ),
    ]
