"""The published description, made of the same table that the router is built from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from server.http.problems import STATUS
from server.http.routes import MEDIA_TYPES, Problem, Route

_PLACE = re.compile(r"{(\w+)(?::\w+)?}")
_REF = "#/components/schemas/{name}"
_UNSIGNED = "bad_signature"
"""What a route that takes signed requests alone says of one that is not."""

_SIGNATURE = {
    "content-digest": "sha-256 of the body as it travels (RFC 9530)",
    "signature-input": "RFC 9421: @method, @path, @query and content-digest; created, nonce, keyid"
    " (the device's id) and alg",
    "signature": "Ed25519 by the device's key over what signature-input names",
}
"""The headers of a signed request."""


def describe(routes: Sequence[Route], version: str) -> dict[str, Any]:
    """An OpenAPI 3.1 document of the published routes."""
    published = [route for route in routes if route.is_published]
    types = [
        kind
        for route in published
        for kind in (_body_of(route), route.query, route.answer, route.problem_type)
        if kind is not None
    ]
    types = list(dict.fromkeys([*types, Problem]))
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    by_type = dict(zip(types, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in published:
        path = _PLACE.sub(r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route, by_type, components)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Huyula", "version": version},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                name: {"type": "apiKey", "in": "header", "name": name, "description": text}
                for name, text in _SIGNATURE.items()
            },
        },
    }


def _operation(route: Route, by_type: dict[Any, Any], components: dict[str, Any]) -> dict[str, Any]:
    medias = [MEDIA_TYPES[one] for one in (route.media, *route.also)]
    operation: dict[str, Any] = {
        "summary": route.summary,
        "parameters": [
            *(_parameter(name, "path", True, {"type": "string"}) for name in _places(route)),
            *_query_parameters(route, by_type, components),
        ],
        "responses": _responses(route, by_type, medias),
    }
    if _UNSIGNED in route.refusals:
        operation["security"] = [{name: [] for name in _SIGNATURE}]
    body = _body_of(route)
    if body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": _content(by_type[body], medias),
        }
    return operation


def _body_of(route: Route) -> Any:
    return route.body if route.body is not None else route.read_body


def _places(route: Route) -> list[str]:
    return _PLACE.findall(route.path)


def _parameter(name: str, place: str, required: bool, schema: Any) -> dict[str, Any]:
    return {"name": name, "in": place, "required": required, "schema": schema}


def _query_parameters(
    route: Route, by_type: dict[Any, Any], components: dict[str, Any]
) -> list[dict[str, Any]]:
    if route.query is None:
        return []
    schema = components[by_type[route.query]["$ref"].rpartition("/")[2]]
    required = schema.get("required", [])
    return [
        _parameter(name, "query", name in required, one)
        for name, one in schema["properties"].items()
    ]


def _content(schema: Any, medias: Sequence[str]) -> dict[str, Any]:
    return {media: {"schema": schema} for media in medias}


def _responses(route: Route, by_type: dict[Any, Any], medias: Sequence[str]) -> dict[str, Any]:
    problem = {"content": _content(by_type[route.problem_type], medias)}
    if route.answer is None:
        responses: dict[str, Any] = {"200": {"description": "Done"}, "204": {"description": "Done"}}
    else:
        answer = {"content": _content(by_type[route.answer], medias)}
        responses = {"200": {"description": "Done", **answer}}
    reads = {"malformed"} if route.body is not None or route.query is not None else set()
    reads |= {"too_large", "too_slow"} | ({"wrong_media"} if route.body is not None else set())
    codes: dict[int, list[str]] = {}
    for code in sorted({*route.refusals, *reads, "busy", "database_unreachable"}):
        codes.setdefault(route.refusals.get(code, STATUS.get(code, 422)), []).append(code)
    for status, names in sorted(codes.items()):
        responses[str(status)] = {"description": ", ".join(names), **problem}
    return responses
