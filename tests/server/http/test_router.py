"""The way of a request: read, checked, answered, refused; and what is described of it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from core.errors import Refused
from server.app.application import assemble
from server.config import Config
from server.db.store import Store
from server.failures import DatabaseBusy
from server.http.limits import BodyLimit
from server.http.openapi import describe
from server.http.problems import TooSlow
from server.http.routes import Call, Reply, Route
from server.services import Services
from tests.helpers.asgi import ask


class Greeting(msgspec.Struct):
    name: str
    times: int = 1


class Greeted(msgspec.Struct):
    text: str


class Page(msgspec.Struct):
    after: int
    limit: int = 50


class Unkind(Refused):
    code = "unkind"


def _greet(call: Call) -> Greeted:
    if call.data.name == "fault":
        raise ZeroDivisionError("a secret in here")
    if call.data.name == "busy":
        raise DatabaseBusy()
    if call.data.name == "unkind":
        raise Unkind(retry_s=7)
    return Greeted(" ".join([call.data.name] * call.data.times))


async def _waiting(call: Call) -> Greeted:
    return Greeted(await call.run(lambda: f"{call.places['n']} {call.query.after}"))


ROUTES = [
    Route(
        "POST",
        "/hello",
        "Greets",
        _greet,
        body=Greeting,
        answer=Greeted,
        refusals={"unkind": 409},
    ),
    Route("GET", "/page/{n}", "A page", _waiting, query=Page, answer=Greeted),
    Route("POST", "/packed", "Greets", _greet, body=Greeting, answer=Greeted, media="msgpack"),
    Route("DELETE", "/hello", "Goes", lambda _call: None),
    Route("GET", "/raw", "Bytes", lambda _call: Reply(b"x", "text/plain", 203, {"x-own": "1"})),
    Route("PUT", "/raw", "Takes", lambda call: Reply(str(len(call.raw)).encode())),
]


@pytest.fixture
def app() -> Any:
    return assemble(Services(Store("sqlite://")), Config(body_bytes=2_000), routes=ROUTES)


def test_a_body_is_read_as_its_type_and_the_answer_written(app: Any) -> None:
    done = ask(app, "POST", "/hello", json={"name": "Sri", "times": 2})
    assert (done.status_code, done.json()) == (200, {"text": "Sri Sri"})
    assert done.headers["content-type"] == "application/json"
    assert done.headers["content-length"] == str(len(done.content))


def test_messagepack_goes_both_ways(app: Any) -> None:
    body = msgspec.msgpack.encode(Greeting("Sri"))
    done = ask(
        app, "POST", "/packed", content=body, headers={"content-type": "application/msgpack"}
    )
    assert msgspec.msgpack.decode(done.content) == {"text": "Sri"}


def test_places_and_query_and_a_handler_that_waits(app: Any) -> None:
    assert ask(app, "GET", "/page/7?after=3").json() == {"text": "7 3"}
    for query in ("", "?after=x", "?after=1&limit=y", "?" + "&".join("a=1" for _ in range(99))):
        assert ask(app, "GET", f"/page/7{query}").status_code == 400


def test_an_answer_of_its_own_kind(app: Any) -> None:
    done = ask(app, "GET", "/raw")
    assert (done.status_code, done.content, done.headers["x-own"]) == (203, b"x", "1")
    assert ask(app, "DELETE", "/hello").status_code == 204
    head = ask(app, "HEAD", "/raw")
    assert (head.status_code, head.content, head.headers["content-length"]) == (203, b"", "1")


@pytest.mark.parametrize(
    ("given", "status", "error"),
    [
        ({"content": b"{"}, 400, "malformed"),
        ({"content": b""}, 400, "malformed"),
        ({"content": b"\xff\xfe"}, 400, "malformed"),
        ({"content": b"[" * 1_900}, 400, "malformed"),
        ({"json": {"name": 5}}, 400, "malformed"),
        ({"json": {"name": "x", "times": "many"}}, 400, "malformed"),
        ({"json": {"name": "unkind"}}, 409, "unkind"),
        ({"json": {"name": "busy"}}, 503, "busy"),
        ({"json": {"name": "fault"}}, 500, "internal"),
        ({"json": {"name": "x" * 3_000}}, 413, "too_large"),
        ({"data": {"name": "x"}}, 415, "wrong_media"),
    ],
)
def test_a_refusal_has_its_status_and_a_sentence(
    app: Any, given: dict[str, Any], status: int, error: str
) -> None:
    headers = {"content-type": "application/json"} if "content" in given else {}
    done = ask(app, "POST", "/hello", headers=headers, **given)
    body = done.json()
    assert (done.status_code, body["error"]) == (status, error)
    assert body["message"] and body["request_id"] == done.headers["x-request-id"]
    assert "secret" not in done.text and "Zero" not in done.text
    if error in ("busy", "unkind"):
        assert int(done.headers["retry-after"]) == body["retry_s"] > 0


def test_nothing_there_and_another_method(app: Any) -> None:
    assert ask(app, "GET", "/nowhere").json()["error"] == "not_found"
    refused = ask(app, "GET", "/hello")
    assert (refused.status_code, refused.headers["allow"]) == (405, "DELETE, POST")


@pytest.mark.parametrize(
    ("wish", "word"),
    [("en-GB, id;q=0.5", "nothing"), ("id, en", "apa"), ("", "apa"), ("fr", "apa")],
)
def test_a_refusal_speaks_the_language_that_is_asked_for(app: Any, wish: str, word: str) -> None:
    text = ask(app, "GET", "/nowhere", headers={"accept-language": wish}).json()["message"]
    assert word in text


def test_an_endless_body_is_cut(app: Any) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 100
            yield b"x" * 100

    done = ask(app, "PUT", "/raw", content=endless())
    assert done.status_code == 413
    assert done.headers["connection"] == "close"
    assert sent < 3_000


def test_a_body_that_trickles_in_is_not_waited_for() -> None:
    """However long it says that it is, and whatever of it has come, also much of it at once."""
    sent: list[Any] = []

    async def inner(_scope: Any, receive: Any, _send: Any) -> None:
        with pytest.raises(TooSlow):
            while True:
                await receive()
        sent.append("refused")

    for parts, size in ((0, 1), (3, 1), (1, 1_900)):
        left = [{"type": "http.request", "body": b"x" * size, "more_body": True}] * parts

        async def receive(left: list[Any] = left) -> Any:
            if left:
                return left.pop()
            await asyncio.Event().wait()

        scope = {"type": "http", "headers": [(b"content-length", b"1000")]}
        limited = BodyLimit(inner, 2_000, wait_s=0.02)(scope, receive, None)  # type: ignore[arg-type]
        asyncio.run(asyncio.wait_for(limited, 2.0))
    assert sent == ["refused"] * 3


def test_a_body_that_has_come_leaves_all_the_time_to_who_waits_for_news() -> None:
    """A long poll asks whether its caller is still there."""

    async def inner(_scope: Any, receive: Any, _send: Any) -> None:
        assert (await receive())["more_body"] is False
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(receive(), 0.1)

    given = [{"type": "http.request", "body": b"x", "more_body": False}]

    async def receive() -> Any:
        return given.pop() if given else await asyncio.Event().wait()

    scope = {"type": "http", "headers": [(b"content-length", b"1")]}
    asyncio.run(BodyLimit(inner, 2_000, wait_s=0.02)(scope, receive, None))  # type: ignore[arg-type]


@pytest.mark.parametrize("length", ["2001", "99999999999999999999999", "-1", "many"])
def test_a_length_that_is_too_large_or_no_number_is_refused_unread(app: Any, length: str) -> None:
    done = ask(app, "PUT", "/raw", content=b"x", headers={"content-length": length})
    assert done.status_code == 413


def test_a_body_of_the_most_is_taken(app: Any) -> None:
    assert ask(app, "PUT", "/raw", content=b"x" * 2_000).text == "2000"


def test_every_answer_carries_the_headers_that_protect(app: Any) -> None:
    for method, path in (("GET", "/raw"), ("GET", "/nowhere"), ("GET", "/healthz")):
        headers = ask(app, method, path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "server" not in headers


def test_a_request_keeps_the_id_it_brings_if_it_is_one(app: Any) -> None:
    brought = {"x-request-id": "abc-123-DEF"}
    assert ask(app, "GET", "/healthz", headers=brought).headers["x-request-id"] == "abc-123-DEF"
    for bad in ("short", "x" * 65, 'a"b<script>x', "a b c d e f g"):
        given = ask(app, "GET", "/healthz", headers={"x-request-id": bad}).headers["x-request-id"]
        assert given != bad and len(given) == 24


def test_a_request_is_logged_without_what_it_holds(
    app: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "huyula"):
        logging.getLogger("huyula").propagate = True
        ask(app, "GET", "/page/secret-a?after=77001", headers={"authorization": "secret-b"})
        ask(app, "POST", "/hello", json={"name": "secret-c"})
    lines = [record for record in caplog.records if record.name == "huyula.request"]
    assert [(one.route, one.status) for one in lines] == [("/page/{n}", 200), ("/hello", 200)]  # type: ignore[attr-defined]
    for one in lines:
        assert "secret" not in json.dumps(one.__dict__, default=str)
        assert "77001" not in json.dumps(one.__dict__, default=str)


def test_figures_count_by_route_and_never_by_what_was_asked(app: Any) -> None:
    for path in ("/page/1?after=1", "/page/2?after=1", "/x1", "/x2"):
        ask(app, "GET", path)
    ask(app, "HACK1", "/x1")
    text = ask(app, "GET", "/metrics").text
    assert 'huyula_requests_total{method="GET",route="/page/{n}",status="200"} 2.0' in text
    assert 'huyula_requests_total{method="GET",route="other",status="404"} 2.0' in text
    assert "x1" not in text and "HACK1" not in text


def test_the_description_says_what_the_router_does(app: Any) -> None:
    described = ask(app, "GET", "/openapi.json").json()
    assert described["openapi"] == "3.1.0"
    paths = described["paths"]
    assert set(paths) == {"/healthz", "/readyz", "/hello", "/page/{n}", "/packed", "/raw"}
    hello = paths["/hello"]["post"]
    schema = hello["requestBody"]["content"]["application/json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/Greeting"}
    assert {"200", "400", "409", "413", "415", "503"} <= set(hello["responses"])
    assert "unkind" in hello["responses"]["409"]["description"]
    names = [
        (one["in"], one["name"], one["required"]) for one in paths["/page/{n}"]["get"]["parameters"]
    ]
    assert names == [("path", "n", True), ("query", "after", True), ("query", "limit", False)]
    for path, methods in paths.items():
        for method in methods:
            status = ask(app, method.upper(), path).status_code
            assert status not in (404, 405), (method, path)
    assert "Greeting" in described["components"]["schemas"]


def test_the_description_says_which_requests_are_signed_and_how() -> None:
    def answer(_call: Any) -> None:
        return None

    routes = [
        Route("POST", "/signed", "By a key", answer, refusals={"bad_signature": 401}),
        Route("POST", "/open", "By anybody", answer),
    ]
    described = describe(routes, "1")
    (needed,) = described["paths"]["/signed"]["post"]["security"]
    schemes = described["components"]["securitySchemes"]
    assert list(needed) == ["content-digest", "signature-input", "signature"]
    assert all(schemes[name] | {"in": "header", "name": name} == schemes[name] for name in needed)
    assert "security" not in described["paths"]["/open"]["post"]


def test_a_fault_of_an_inner_layer_is_answered_too() -> None:
    async def broken(_scope: Any, _receive: Any, _send: Any) -> None:
        raise ZeroDivisionError

    app = assemble(Services(Store("sqlite://")), Config(), routes=[], pages=broken)
    done = ask(app, "GET", "/page")
    assert (done.status_code, done.json()["error"]) == (500, "internal")


def test_somebody_who_leaves_in_the_middle_is_no_fault(
    app: Any, caplog: pytest.LogCaptureFixture
) -> None:
    scope = {
        "type": "http",
        "method": "PUT",
        "path": "/raw",
        "query_string": b"",
        "headers": [],
        "client": None,
    }
    sent: list[Any] = []

    async def gone() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, gone, send))
    assert sent[0]["status"] == 400
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
