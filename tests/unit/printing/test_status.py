"""Telling a printer's answers apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.printing.status import Replies, Reply, Talk, ask_job
from tests.printing_tools.fake_printer import PrinterModel, WireLink


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        (b"\x12", [Reply("realtime", 0x12)]),
        (b"\x7e", [Reply("realtime", 0x7E)]),
        (b"\x00", [Reply("after", 0)]),
        (b"\x0c", [Reply("after", 0x0C)]),
        (b"\x37\x220042\x00", [Reply("job", 42)]),
        (b"\x37\x25\x00", []),
        (b"\x5fTM-T82\x00", []),
        (b"\x14\x00\x00\x0f", []),
        (b"\x14\x00\x00\x0f\x00", [Reply("after", 0)]),
        (b"\x10\x00\x12\x00", [Reply("realtime", 0x12), Reply("after", 0)]),
        (b"\x11\x13", []),
        (b"\x37\x22\x00\x12", [Reply("realtime", 0x12)]),
    ],
)
def test_answers_are_told_apart(said: bytes, heard: list[Reply]) -> None:
    assert Replies().feed(said) == heard


@given(st.lists(st.sampled_from([b"\x12", b"\x00", b"\x37\x221234\x00", b"\x14\x00\x00\x0f"])))
def test_how_the_network_cuts_makes_no_difference(parts: list[bytes]) -> None:
    whole = b"".join(parts)
    single = Replies()
    assert [r for byte in whole for r in single.feed(bytes([byte]))] == Replies().feed(whole)


@given(st.binary(max_size=300))
def test_no_noise_breaks_the_ear(noise: bytes) -> None:
    replies = Replies()
    replies.feed(noise)
    replies.feed(b"\xff" * 96)
    assert replies.feed(b"\x12")[-1:] == [Reply("realtime", 0x12)]


def _talk(model: PrinterModel) -> Talk:
    clock = [0.0]
    return Talk(WireLink(model, clock), lambda: clock[0])


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("none", (True, "")),
        ("paper", (True, "paper_out")),
        ("cover", (True, "cover_open")),
        ("silent", (False, "")),
    ],
)
def test_what_is_wrong_is_found_out(fault: str, expected: tuple[bool, str]) -> None:
    model = PrinterModel("C")
    model.paper_left = 0 if fault == "paper" else None
    model.cover = fault == "cover"
    model.silent = fault == "silent"
    assert _talk(model).trouble() == expected


def test_evidence_heard_between_two_questions_is_kept() -> None:
    model = PrinterModel("B")
    talk = _talk(model)
    model.garbage(b"\x00")
    assert talk.trouble() == (True, "")
    assert talk.evidence == [Reply("after", 0)]


def test_what_was_said_before_is_forgotten() -> None:
    model = PrinterModel("B")
    talk = _talk(model)
    model.garbage(b"\x00\x37\x220001\x00")
    talk.forget()
    talk.listen(0.1)
    assert talk.evidence == []


def test_a_job_is_named_by_four_digits() -> None:
    assert ask_job(123_456) == b"\x1d(H\x06\x00003456"
