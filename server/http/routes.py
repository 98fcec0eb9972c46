"""A table of routes: from it the router is built, and the description that is published."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import msgspec

from core.errors import Refused
from server.services import Services

Media = Literal["json", "msgpack"]
MEDIA_TYPES: Mapping[Media, str] = {"json": "application/json", "msgpack": "application/msgpack"}


class Runner(Protocol):
    """Runs a plain function beside the event loop, or inline in tests and the simulator."""

    async def __call__(self, work: Callable[..., Any], *given: Any) -> Any:
        """Run `work` and return what it returns.

        Raises:
            DatabaseBusy: too much is waiting already.
        """


class Stopping(Protocol):
    """Whether the server is about to end."""

    def is_set(self) -> bool:
        """True once it is: whoever waits should answer now."""


@dataclass(frozen=True)
class Call:
    """One request, read whole.

    `raw` is the body as it came, `data` and `query` are of the types that the route asks for,
    `places` the named parts of the path. `address` is where it comes from, `language` "id" or "en"
    as its sender prefers. `run` reaches what is not for the event loop; `opening` does the same
    for the first call of a visit, which is refused sooner than the others where much waits.
    `gerai` is the name of the gerai whose own host was asked.
    """

    services: Services
    request_id: str
    method: str
    path: str
    query_text: str
    headers: Mapping[str, str]
    address: str
    language: str
    raw: bytes
    data: Any
    query: Any
    places: Mapping[str, str]
    run: Runner
    opening: Runner
    stopping: Stopping
    gerai: str = ""


class Asked(Protocol):
    """What is known of a request before it was read: enough to say why it is refused."""

    @property
    def services(self) -> Services:
        """The database, the clock, chance."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Its headers, by their names in small letters."""

    @property
    def request_id(self) -> str:
        """Its id, as the logs have it."""

    @property
    def language(self) -> str:
        """The sender's: "id" or "en"."""


@dataclass(frozen=True)
class Reply:
    """An answer with its own bytes, status or headers."""

    body: bytes = b""
    media_type: str = "application/octet-stream"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """A request was refused: `error` names the rule, `message` says it to a person.

    `retry_s`: come again in so many seconds.
    """

    error: str
    message: str
    request_id: str
    retry_s: int = 0


Handler = Callable[[Call], Any] | Callable[[Call], Awaitable[Any]]


@dataclass(frozen=True)
class Route:
    """One way in. `handler` is a plain function, run beside the event loop; only one that waits
    for something (a long poll) is `async`, and reaches the database by `call.run`.

    It returns `answer`, a `Reply`, or None (204). `body` and `query` are msgspec types that are
    checked before it is called; `refusals` gives the status of refusals by their code.
    `refuse` answers what was refused before the handler was called otherwise than with `Problem`.
    `read_body` is the type of a body that the handler reads itself. `media` is what is answered to
    whoever does not say; `also` are further forms that are read and answered.
    """

    method: str
    path: str
    summary: str
    handler: Handler
    body: Any = None
    read_body: Any = None
    query: Any = None
    answer: Any = None
    media: Media = "json"
    refusals: Mapping[str, int] = field(default_factory=dict)
    also: tuple[Media, ...] = ()
    refuse: Callable[[Asked, Refused], Reply] | None = None
    problem_type: Any = Problem
    is_published: bool = True
