"""From what an area returns or refuses to the answer on its way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from core.errors import Refused
from core.sync.messages import Answer, Problem
from core.sync.wire import pack
from server.db.errors import as_refusal
from server.failures import DatabaseBusy
from server.http.problems import status_of
from server.http.routes import Asked, Call, Handler, Reply, Route
from server.messages import sentence
from server.sync.http.packing import answer_type, packed
from server.sync.refusals import SyncRefused

BASE: Final = "/api/v1"
EPOCH_HEADER: Final = "huyula-epoch"
CLOCK_HEADER: Final = "huyula-server-ms"
STATUS: Final[Mapping[str, int]] = {
    "malformed": 400,
    "bad_signature": 401,
    "key_taken": 403,
    "too_large": 413,
    "encoding": 415,
    "too_many_tries": 429,
    "busy": 503,
    "database_unreachable": 503,
    "outcome_unknown": 503,
    "restored_first": 503,
}
SIGNED: Final[Mapping[str, int]] = {
    **STATUS,
    "unknown_device": 401,
    "replayed": 401,
    "clock": 401,
    "too_many": 429,
}
"""Statuses of refusals of what a counter signs."""

PULLING: Final[Mapping[str, int]] = {**SIGNED, "revoked": 403, "unconfirmed": 403}
"""The same of what only a counter in good standing may ask."""

_RETRY_S: Final = 2


def frame(call: Asked, epoch: int) -> dict[str, Any]:
    """What every answer carries."""
    return {
        "epoch": epoch,
        "server_ms": call.services.now_ms(),
        "request_id": call.request_id,
    }


def reply(call: Asked, answer: Answer, status: int = 200) -> Reply:
    """An answer in the form that the counter speaks."""
    kind = answer_type(call.headers)
    body, headers = packed(pack(answer, kind), call.headers)
    headers[EPOCH_HEADER] = str(answer.epoch)
    headers[CLOCK_HEADER] = str(answer.server_ms)
    if isinstance(answer, Problem) and answer.retry_s:
        headers["retry-after"] = str(answer.retry_s)
    return Reply(body, kind, status, headers)


def nothing_new(call: Call, epoch: int) -> Reply:
    """204: nothing has come. Its headers say that it is the server's."""
    headers = {EPOCH_HEADER: str(epoch), CLOCK_HEADER: str(call.services.now_ms())}
    return Reply(status=204, headers=headers)


def refusal_of(error: Exception) -> Refused | None:
    """The refusal that an error is; None where it is a fault of the program."""
    return error if isinstance(error, Refused) else as_refusal(error)


def refused(call: Asked, refusal: Refused) -> Reply:
    """The answer to a request that is refused, by an area or before one was asked."""
    own = refusal.status if isinstance(refusal, SyncRefused) else 0
    status = own or STATUS.get(refusal.code) or status_of(refusal)
    details = refusal.details
    problem = Problem(
        **frame(call, int(details.get("epoch", 0))),
        error=refusal.code,
        message=sentence(refusal, call.language),
        seq=int(details.get("seq", 0)),
        hash=details.get("hash", b""),
        n=int(details.get("n", 0)),
        feed_hash=details.get("feed_hash", b""),
        retry_s=int(details.get("retry_s", _RETRY_S if status == 503 else 0)),
    )
    return reply(call, problem, status)


def answered(work: Callable[[Call], Answer]) -> Callable[[Call], Reply]:
    """What a counter is answered: what `work` returns, or why it refuses."""

    def answer(call: Call) -> Reply:
        try:
            return reply(call, work(call))
        except Exception as error:
            refusal = refusal_of(error)
            if refusal is None:
                raise
            return refused(call, refusal)

    return answer


def answering(
    work: Callable[[Call], Answer], *, opens: bool = False
) -> Callable[[Call], Awaitable[Reply]]:
    """A route's handler, which also tells a counter to come back where the server has too much
    to do. `opens`: other requests of the counter will follow this one.
    """

    answer = answered(work)

    async def handler(call: Call) -> Reply:
        run = call.opening if opens else call.run
        try:
            found: Reply = await run(answer, call)
            return found
        except DatabaseBusy as refusal:
            return refused(call, refusal)

    return handler


def protocol_route(
    method: str,
    path: str,
    summary: str,
    handler: Handler,
    refusals: Mapping[str, int],
    **more: Any,
) -> Route:
    """A route of the protocol below `BASE`: MessagePack or JSON, refused with a `Problem`. Bodies
    are read by the handlers, packed or not; `more` describes them."""
    return Route(
        method,
        f"{BASE}{path}",
        summary,
        handler,
        media="msgpack",
        refusals=refusals,
        refuse=refused,
        problem_type=Problem,
        **{"also": ("json",), **more},
    )
