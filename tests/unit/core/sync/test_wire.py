"""Messages read back in both forms; what is not a message is refused in one way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sync import limits, messages, wire

PUSH = messages.Push(
    3,
    b"d" * 16,
    7,
    b"p" * 32,
    b"l" * 32,
    b"s" * 64,
    (
        messages.PushedEntry("sale_completed", 1, b"\x00\xff"),
        messages.PushedEntry("x", 1, b"", b"c" * 32),
    ),
)


@pytest.mark.parametrize("kind", [wire.MSGPACK, wire.JSON])
def test_a_message_reads_back(kind: str) -> None:
    assert wire.unpack(messages.Push, wire.pack(PUSH, kind), f"{kind}; charset=utf-8") == PUSH


@pytest.mark.parametrize("kind", [wire.MSGPACK, wire.JSON])
def test_a_field_of_a_later_version_is_skipped(kind: str) -> None:
    import msgspec

    module = msgspec.json if kind == wire.JSON else msgspec.msgpack
    plain = module.decode(wire.pack(messages.Ack(b"d", 1, b"h"), kind))
    assert wire.unpack(messages.Ack, module.encode([*plain, "more"]), kind).seq == 1


@given(st.binary(max_size=200))
def test_other_bytes_are_refused_in_one_way(body: bytes) -> None:
    for kind in (wire.MSGPACK, wire.JSON):
        with pytest.raises(wire.Malformed):
            wire.unpack(messages.Push, body, kind)


def test_another_type_is_refused() -> None:
    with pytest.raises(wire.UnknownType):
        wire.unpack(messages.Push, b"", "text/html")


def test_what_may_come_out_of_a_compressed_body_is_bounded() -> None:
    assert wire.unpacked_bound(10) == 10 * limits.UNPACKED_RATIO
    assert wire.unpacked_bound(1) == 1024
    assert wire.unpacked_bound(limits.BODY_BYTES) == limits.UNPACKED_BYTES
