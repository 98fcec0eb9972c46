"""The published description is true: Schemathesis asks every address what it says, signed and not.

Near to what counters send (a true message with one part that was made up) and far from it; each
answer has a status, a type and a body that the description names, and none is a server error.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import jsonschema_rs
import msgspec
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.openapi import from_dict
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    status_code_conformance,
)

from core.sync.messages import Enrol, Hello, Message, Push, Witnessed
from core.sync.pictures import PicturesAsked, PictureSent
from core.sync.snapshot import SnapshotWanted
from core.sync.wire import MSGPACK
from server.db.store import Store
from server.devices.pairing import make_code
from server.services import PasswordCost, Services
from server.shops.adding import add_shop
from server.sync.enrolling import enrol
from server.sync.keys import ServerKey
from server.sync.revoking import revoke
from tests.helpers.sync_client import Counter, added, fresh_id
from tests.helpers.web_server import served

EXAMPLES: Final = settings().max_examples // 8
"""Of each kind at each address; `HYPOTHESIS_PROFILE=thorough` makes twenty times as many."""
COUNTERS: Final = 40
"""A counter may ask ten times a second only."""
LONGEST_WAIT_MS: Final = 5
CHECKS: Final = [not_a_server_error, status_code_conformance, content_type_conformance]
MESSAGES: Final[dict[str, type[Message]]] = {
    "/api/v1/enrol": Enrol,
    "/api/v1/sync/hello": Hello,
    "/api/v1/sync/journal": Push,
    "/api/v1/sync/witness": Witnessed,
    "/api/v1/sync/pictures": PicturesAsked,
    "/api/v1/sync/picture": PictureSent,
    "/api/v1/sync/snapshot": SnapshotWanted,
}

schemathesis.openapi.format(
    "base64", st.binary(max_size=40).map(lambda one: base64.b64encode(one).decode())
)


@schemathesis.serializer(MSGPACK)
def to_msgpack(ctx: schemathesis.SerializationContext, value: Any) -> bytes:
    """A message's bytes stay bytes; what is no message is packed as it is."""
    kind = MESSAGES.get(ctx.case.operation.path)
    try:
        return msgspec.msgpack.encode(msgspec.convert(value, kind) if kind else value)
    except (msgspec.ValidationError, TypeError, OverflowError, ValueError):
        return msgspec.msgpack.encode(str(value))


@schemathesis.deserializer(MSGPACK)
def from_msgpack(ctx: schemathesis.DeserializationContext, response: schemathesis.Response) -> Any:
    """As JSON would say it."""
    return msgspec.to_builtins(msgspec.msgpack.decode(response.content))


class Description:
    """The published document, and the judge of answers by it.

    Schemathesis' own judge of bodies brings `prefixItems` that lie inside another list into the
    form of an older draft of JSON Schema, and then cannot read it.
    """

    def __init__(self, url: str) -> None:
        self.document: dict[str, Any] = requests.get(f"{url}/openapi.json", timeout=10).json()
        self._validators: dict[tuple[str, ...], Any] = {}

    def judge(self, case: schemathesis.Case, response: schemathesis.Response) -> None:
        """Fail where the answer's body is not what the document says of its status and type."""
        if response.status_code == 204:
            assert response.content == b""
            return
        media = response.headers["content-type"][0].partition(";")[0]
        key = (case.operation.path, case.method.lower(), str(response.status_code), media)
        path, method, status, _ = key
        if key not in self._validators:
            found = self.document["paths"][path][method]["responses"][status]["content"][media]
            whole = {**found["schema"], "components": self.document["components"]}
            self._validators[key] = jsonschema_rs.Draft202012Validator(whole)
        packed = response.content
        decode = msgspec.msgpack.decode if media == MSGPACK else msgspec.json.decode
        self._validators[key].validate(msgspec.to_builtins(decode(packed)))

    def for_asking(self) -> dict[str, Any]:
        """The same, where made-up bytes are more likely to be some."""

        def walk(part: Any) -> Any:
            if isinstance(part, list):
                return [walk(one) for one in part]
            if not isinstance(part, dict):
                return part
            more = {"format": "base64"} if part.get("contentEncoding") == "base64" else {}
            return {name: walk(one) for name, one in part.items()} | more

        return dict(walk(self.document))


class Signer(requests.auth.AuthBase):
    """Signs what leaves, as a counter does: over the bytes that travel."""

    def __init__(self, counter: Counter, now_ms: Callable[[], int]) -> None:
        self.counter = counter
        self.now_ms = now_ms

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        address = urlsplit(str(request.url))
        signed = self.counter.signed(
            str(request.method), address.path, address.query, body, now_ms=self.now_ms()
        )
        request.headers.update(signed)
        return request


class Place(NamedTuple):
    """A server with a shop, and its counters; the last was revoked."""

    url: str
    services: Services
    shop: bytes
    counters: list[Counter]


@pytest.fixture
def place(store: Store) -> Iterator[Place]:
    services = Services(store, password_cost=PasswordCost(1, 8, 1))
    shop = add_shop(services, "Toko Uji").id
    key = ServerKey(services).public
    counters = [Counter(f"K{at}") for at in range(1, COUNTERS + 1)]
    for counter in counters:
        enrol(
            services, key, counter.enrol(make_code(services, shop).code), address=counter.register
        )
        counter.write(added(fresh_id(), 5_000, 50_000))
    revoke(services, shop, counters[-1].device, "hilang")
    with served(services) as url:
        yield Place(url, services, shop, counters)


def true_message(path: str, counter: Counter, place: Place) -> Message | None:
    """What this counter would say there."""
    if path.endswith("/enrol"):
        return counter.enrol(make_code(place.services, place.shop).code)
    if path.endswith("/hello"):
        return counter.hello()
    if path.endswith("/journal"):
        return counter.push()
    return None


def graft(true: Any, made_up: Any, draw: Callable[[Any], Any]) -> Any:
    """The true message with one part of the made-up one, if they have a part in common."""
    if isinstance(true, dict) and isinstance(made_up, dict):
        common = sorted(true.keys() & made_up.keys())
    elif isinstance(true, list) and isinstance(made_up, list):
        common = list(range(min(len(true), len(made_up))))
    else:
        return made_up
    if not common:
        return true
    part = draw(st.sampled_from(common))
    value = graft(true[part], made_up[part], draw) if draw(st.booleans()) else made_up[part]
    return (
        {**true, part: value}
        if isinstance(true, dict)
        else [*true[:part], value, *true[part + 1 :]]
    )


def prepare(case: schemathesis.Case, place: Place, draw: Callable[[Any], Any]) -> Counter:
    """Bring a case near to what counters send, or leave it; returns who signs it."""
    path = case.operation.path
    counter = draw(st.sampled_from(place.counters))
    if path.endswith("/enrol"):
        counter = Counter("K1")
    query = case.query or {}
    if str(query.get("wait", "")).lstrip("+").isdigit():
        query["wait"] = min(int(query["wait"]), LONGEST_WAIT_MS)
    if draw(st.booleans()):
        return counter
    true = true_message(path, counter, place)
    if true is not None:
        whole = msgspec.to_builtins(true)
        case.body = graft(whole, case.body, draw) if draw(st.integers(0, 3)) else whole
    elif path.endswith("/feed"):
        cursor = {"epoch": 1, "after": 0, "hash": bytes(32).hex(), "wait": 0}
        case.query = {**query, **cursor} if draw(st.booleans()) else {**cursor, **query}
    elif path.endswith("/snapshot/{digest}"):
        case.path_parameters = {"digest": bytes(32).hex()}
    elif path.endswith("/digest"):
        group = draw(st.sampled_from(["stock", "debt", "cash", "sales", "heads"]))
        case.query = {**query, "group": group}
    return counter


def test_every_address_answers_as_described(place: Place) -> None:
    description = Description(place.url)
    schema = from_dict(description.for_asking())
    operations = [one.ok() for one in schema.get_all_operations()]
    signed = {one.path for one in operations if "security" in one.definition.raw}
    assert signed == {one.path for one in operations if one.path.startswith("/api/")}
    assert {one.path for one in operations} >= MESSAGES.keys() | {"/healthz", "/api/v1/sync/feed"}
    seen: dict[str, set[int]] = {}
    for operation in operations:
        seen[operation.label] = ask(operation, place, GenerationMode.POSITIVE, description)
        if operation.query or operation.body:
            seen[operation.label] |= ask(operation, place, GenerationMode.NEGATIVE, description)
    # Far from it and near to it: not only refusals were seen, and not only of the signature.
    assert set().union(*seen.values()) >= {200, 400, 401}, seen
    assert all(statuses - {401} for statuses in seen.values()), {
        label: statuses for label, statuses in seen.items() if not statuses - {401}
    }


def ask(
    operation: APIOperation, place: Place, mode: GenerationMode, description: Description
) -> set[int]:
    """Ask one address many times; gives the statuses that came."""
    seen: set[int] = set()
    session = requests.Session()

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    def one(case: schemathesis.Case, data: st.DataObject) -> None:
        counter = prepare(case, place, data.draw)
        auth = Signer(counter, place.services.now_ms) if data.draw(st.integers(0, 9)) else None
        response = case.call(base_url=place.url, session=session, auth=auth)
        case.validate_response(response, checks=CHECKS)
        description.judge(case, response)
        seen.add(response.status_code)

    one()
    return seen
