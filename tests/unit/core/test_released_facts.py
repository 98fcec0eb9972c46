"""A kind and version, once written, is read for ever as what it was: bytes of each are kept here.

`tests/golden/facts.json` has a line for each kind and version: a body, the hash of an entry that
holds it, and what it says by the names of its fields. A line that is there never changes, but for
the name of a field that got another. A new kind gets its own with HUYULA_GOLDEN=write, which leaves
the others as they are.
"""

from __future__ import annotations

import json
import os
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import inspect

from core.contract import KINDS, decode_body, encode_body
from core.facts.base import Fact, Header
from core.facts.shifts import ShiftOpened
from core.journal import NO_HASH, entry_hash

FILE = Path(__file__).parents[2] / "golden" / "facts.json"
SHOP, DEVICE = bytes(range(16)), bytes(range(16, 32))


def _example(kind: inspect.Type, numbers: count[int]) -> Any:
    """A value of a type, other than every other one of the same fact where the type lets it."""
    match kind:
        case inspect.StructType(cls=cls, fields=fields):
            return cls(**{one.name: _example(one.type, numbers) for one in fields})
        case inspect.VarTupleType(item_type=item):
            return (_example(item, numbers), _example(item, numbers))
        case inspect.UnionType(types=types):
            return _example(next(t for t in types if type(t) is not inspect.NoneType), numbers)
        case inspect.LiteralType(values=values):
            return values[-1]
        case inspect.BoolType():
            return True
        case inspect.IntType():
            return next(numbers)
        case inspect.StrType():
            return f"kata {next(numbers)}"
        case inspect.BytesType():
            return next(numbers).to_bytes(16, "big")
    raise AssertionError(f"no example of {kind}")


def _said(value: Any) -> Any:
    """A value in JSON's own kinds, by the names of its fields."""
    if isinstance(value, msgspec.Struct):
        return {name: _said(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, tuple):
        return [_said(one) for one in value]
    return value.hex() if isinstance(value, bytes) else value


def _line(cls: type[Fact]) -> dict[str, Any]:
    kind, version = str(cls.KIND), int(cls.VERSION)  # type: ignore[attr-defined]
    numbers = count(1)
    header: Header = _example(inspect.type_info(Header), numbers)
    fact: Fact = _example(inspect.type_info(cls), numbers)
    body = encode_body(header, fact)
    return {
        "kind": kind,
        "version": version,
        "body": body.hex(),
        "hash": entry_hash(SHOP, DEVICE, 1, kind, version, NO_HASH, body).hex(),
        "header": _said(header),
        "fact": _said(fact),
    }


def _written() -> dict[tuple[str, int], dict[str, Any]]:
    text = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
    lines = {(one["kind"], one["version"]): one for one in map(json.loads, text.splitlines())}
    if os.environ.get("HUYULA_GOLDEN") == "write":
        lines = {key: lines.get(key) or _line(cls) for key, cls in KINDS.items()} | lines
        FILE.write_text("".join(f"{json.dumps(one)}\n" for one in lines.values()), "utf-8")
    return lines


WRITTEN = _written()


def _reads_as(now: Any, then: Any) -> bool:
    """Whether a value says what it said; fields that its kind got since are beside the point."""
    if isinstance(then, dict):
        return isinstance(now, dict) and all(
            name in now and _reads_as(now[name], value) for name, value in then.items()
        )
    if isinstance(then, list):
        return len(now) == len(then) and all(map(_reads_as, now, then))
    return bool(now == then)


def test_each_kind_has_a_body_that_is_kept_and_none_is_gone() -> None:
    assert WRITTEN.keys() == KINDS.keys()


@pytest.mark.parametrize("key", WRITTEN, ids=lambda key: f"{key[0]} {key[1]}")
def test_a_body_says_what_it_said_when_it_was_written(key: tuple[str, int]) -> None:
    kept = WRITTEN[key]
    body = bytes.fromhex(kept["body"])
    header, fact = decode_body(*key, body)
    assert _reads_as(_said(header), kept["header"])
    assert _reads_as(_said(fact), kept["fact"])
    assert entry_hash(SHOP, DEVICE, 1, *key, NO_HASH, body).hex() == kept["hash"]


def test_a_field_in_another_place_or_of_another_name_would_be_noticed() -> None:
    key = (ShiftOpened.KIND, ShiftOpened.VERSION)
    kept = WRITTEN[key]["fact"]
    _, fact = decode_body(*key, bytes.fromhex(WRITTEN[key]["body"]))
    first, second, *_ = kept
    assert not _reads_as({**_said(fact), first: kept[second], second: kept[first]}, kept)
    assert not _reads_as({"another": kept[first], second: kept[second]}, kept)
    assert _reads_as({**_said(fact), "later": 0}, kept)
