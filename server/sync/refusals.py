"""Why a counter's request is refused: each becomes a `Problem` with its status."""

from __future__ import annotations

from core.errors import Refused


class SyncRefused(Refused):
    """The base; `status` is the answer's HTTP status."""

    status = 400


class UnknownLine(SyncRefused):
    """No shop knows this device."""

    code = "unknown_device"
    status = 401


class Replayed(SyncRefused):
    """A signature's nonce was used before."""

    code = "replayed"
    status = 401


class WrongClock(SyncRefused):
    """The request was signed with a time too far from the server's."""

    code = "clock"
    status = 401


class Revoked(SyncRefused):
    """The counter was revoked: it sells on, its journal waits for the owner."""

    code = "revoked"
    status = 403


class Unconfirmed(SyncRefused):
    """Nobody vouched for this line: the owner confirms it with a pairing code."""

    code = "unconfirmed"
    status = 403


class BadCode(SyncRefused):
    """The pairing code does not hold."""

    code = "bad_code"
    status = 403


class OtherShop(SyncRefused):
    """The pairing code is of another shop than the one that the counter belonged to."""

    code = "other_shop"
    status = 409


class Gap(SyncRefused):
    """Entries are missing before these; `seq` and `hash` say where the chain stands."""

    code = "gap"
    status = 409


class Forked(SyncRefused):
    """Another entry stands at that place; `seq` and `hash` say where the chain stands."""

    code = "forked"
    status = 409


class EpochChanged(SyncRefused):
    """The cursor is not of this feed: `n` and `feed_hash` say up to where it may still be."""

    code = "epoch"
    status = 410


class Gone(SyncRefused):
    """Part of a snapshot that is not kept here (any more): ask for the snapshot again."""

    code = "gone"
    status = 404


class BadRange(SyncRefused):
    """A range that begins behind the end."""

    code = "range"
    status = 416


class OldProtocol(SyncRefused):
    """None of the protocols that were offered is spoken here any more."""

    code = "protocol"
    status = 426


class TooMany(SyncRefused):
    """Too many requests: again in `retry_s` seconds."""

    code = "too_many"
    status = 429
