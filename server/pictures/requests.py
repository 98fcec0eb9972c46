"""The requests about pictures: each checked, handed to its area function, answered."""

from __future__ import annotations

from typing import Final

import msgspec

from core.sync.pictures import (
    PART_BYTES,
    PicturePart,
    PicturesAsked,
    PictureSent,
    PicturesTold,
    PictureTaken,
    copy_bytes,
)
from core.sync.wire import Malformed
from server.http.routes import Call, Route
from server.pictures import keeping
from server.pictures.taking import take_part
from server.sync.http.answering import PULLING, answering, frame, protocol_route
from server.sync.http.gate import gate_of
from server.sync.http.packing import read
from server.sync.http.queries import read_hash
from server.sync.pages import check_may_pull
from server.sync.standing import epoch_of, head_of


class PartQuery(msgspec.Struct, frozen=True):
    """A picture's name (hexadecimal), where the part begins and how long it is at most."""

    hash: str
    offset: int = 0
    most: int = PART_BYTES


def ask_pictures(call: Call) -> PicturesTold:
    """Which pictures can be fetched, which ones the server lacks."""
    gate = gate_of(call.services)
    caller = gate.check(call)
    asked = read(PicturesAsked, call.raw, call.headers)
    keeping.check_names(asked.wanted)
    keeping.check_names((asked.after,) if asked.after else ())
    gate.use_up_reading(caller)
    with call.services.store.reading_shop(caller.shop) as tx:
        check_may_pull(tx, caller.device)
        ready, refused = keeping.known(tx, asked.wanted)
        lacking, more = keeping.lacking(tx, caller.device, asked.after)
        epoch = head_of(tx).epoch
    return PicturesTold(
        **frame(call, epoch), ready=ready, refused=refused, lacking=lacking, more=more
    )


def take_picture(call: Call) -> PictureTaken:
    """A part of a picture comes up."""
    gate = gate_of(call.services)
    caller = gate.check(call)
    sent = read(PictureSent, call.raw, call.headers)
    gate.use_up(caller)
    taken = take_part(call.services, caller.shop, caller.device, gate.key.public, sent)
    return PictureTaken(
        **frame(call, epoch_of(call.services, caller.shop)),
        received=taken.received,
        kept=taken.kept,
    )


def give_picture(call: Call) -> PicturePart:
    """A part of a copy goes down, with the server's word whose copy it is."""
    gate = gate_of(call.services)
    caller = gate.check(call)
    gate.use_up_reading(caller)
    query: PartQuery = call.query
    name = read_hash(query.hash)
    if query.offset < 0 or not 0 < query.most <= PART_BYTES:
        raise Malformed(why="part")
    with call.services.store.reading_shop(caller.shop, snapshot=True) as tx:
        check_may_pull(tx, caller.device)
        kept = keeping.copy_of(tx, name)
        data = keeping.copy_data(tx, name)
        epoch = head_of(tx).epoch
    return PicturePart(
        **frame(call, epoch),
        copy=kept.copy,
        size=kept.size,
        signature=gate.key.sign(copy_bytes(caller.shop, name, kept.copy)),
        offset=query.offset,
        data=data[query.offset : query.offset + query.most],
    )


_REFUSALS: Final = {**PULLING, "no_picture": 404}


def picture_routes() -> list[Route]:
    """The addresses under which counters exchange pictures."""
    return [
        protocol_route(
            "POST",
            "/sync/pictures",
            "Which pictures can be fetched, and which ones the server lacks",
            answering(ask_pictures),
            PULLING,
            read_body=PicturesAsked,
            answer=PicturesTold,
        ),
        protocol_route(
            "POST",
            "/sync/picture",
            "A part of a picture, up",
            answering(take_picture),
            {**_REFUSALS, "wrong_picture": 409, "bad_picture": 422, "pictures_full": 507},
            read_body=PictureSent,
            answer=PictureTaken,
        ),
        protocol_route(
            "GET",
            "/sync/picture",
            "A part of a picture's copy, down",
            answering(give_picture),
            _REFUSALS,
            query=PartQuery,
            answer=PicturePart,
        ),
    ]
