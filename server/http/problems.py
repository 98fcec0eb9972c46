"""Which status a refusal has, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.errors import Refused
from server.http.routes import Problem, Route
from server.messages import sentence

STATUS: Final[Mapping[str, int]] = {
    "malformed": 400,
    "wrong_sign_in": 401,
    "code_needed": 401,
    "wrong_code": 401,
    "sign_in_again": 401,
    "buyer_wrong": 401,
    "buyer_wrong_code": 401,
    "buyer_signed_out": 401,
    "not_signed_in": 401,
    "not_allowed": 403,
    "codes_first": 403,
    "wrong_csrf": 403,
    "not_found": 404,
    "unknown_shop": 404,
    "no_picture": 404,
    "unknown_device": 404,
    "method_not_allowed": 405,
    "too_slow": 408,
    "key_taken": 409,
    "too_large": 413,
    "wrong_media": 415,
    "too_many_tries": 429,
    "internal": 500,
    "stopping": 503,
    "busy": 503,
    "database_unreachable": 503,
    "outcome_unknown": 503,
}
"""A code that is not here has 422, unless its route says otherwise."""

RETRY_S: Final = 2


class Malformed(Refused):
    """The request cannot be read; `why` says where it stops making sense."""

    code = "malformed"


class WrongMedia(Refused):
    """The body is of another kind than this route takes."""

    code = "wrong_media"


class NotFound(Refused):
    """Nothing is at this address."""

    code = "not_found"


class MethodNotAllowed(Refused):
    """Something is at this address, but not for this method."""

    code = "method_not_allowed"


class TooLarge(Refused):
    """The body is larger than `most` bytes."""

    code = "too_large"


class TooSlow(Refused):
    """The body came so slowly that it was not waited for any longer."""

    code = "too_slow"


class ShuttingDown(Refused):
    """The server is about to end: ask another one, or again in a moment."""

    code = "stopping"


class Internal(Refused):
    """A fault of the program: logged, with the request's id."""

    code = "internal"


def status_of(refusal: Refused, route: Route | None = None) -> int:
    """The HTTP status of a refusal."""
    own = route.refusals if route is not None else {}
    return own.get(refusal.code, STATUS.get(refusal.code, 422))


def problem_of(refusal: Refused, status: int, *, language: str, request_id: str) -> Problem:
    """The body that says it."""
    retry_s = int(refusal.details.get("retry_s", RETRY_S if status == 503 else 0))
    return Problem(refusal.code, sentence(refusal, language), request_id, retry_s)


def headers_of(problem: Problem, details: Mapping[str, Any]) -> dict[str, str]:
    """Headers that a refusal's answer carries."""
    headers: dict[str, str] = {}
    if problem.retry_s:
        headers["retry-after"] = str(problem.retry_s)
    if "allow" in details:
        headers["allow"] = str(details["allow"])
    return headers
