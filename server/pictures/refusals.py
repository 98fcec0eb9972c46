"""Why a picture is not taken or given."""

from __future__ import annotations

from server.sync.refusals import SyncRefused


class BadPicture(SyncRefused):
    """The original is no picture that is taken; `why` is type, pixels, animated, unreadable."""

    code = "bad_picture"
    status = 422


class WrongPicture(SyncRefused):
    """The bytes that came are not those that the name stands for."""

    code = "wrong_picture"
    status = 409


class NoPicture(SyncRefused):
    """No goods of the shop name this picture, or it is not here."""

    code = "no_picture"
    status = 404


class PicturesFull(SyncRefused):
    """The shop's pictures take all the room that is theirs."""

    code = "pictures_full"
    status = 507


class DecodersBusy(SyncRefused):
    """Other pictures are being read: again in `retry_s` seconds."""

    code = "busy"
    status = 503
