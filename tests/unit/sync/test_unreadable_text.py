"""A damaged byte inside a text is an unreadable fact like any other damage."""

from __future__ import annotations

import pytest

from core.contract import UnreadableFact, decode_body, encode_body
from core.facts.base import Header
from core.facts.shifts import DrawerOpened


def test_text_that_is_not_utf8_is_an_unreadable_fact() -> None:
    body = encode_body(Header(1, b"boot", 1, "2026-11-24"), DrawerOpened(b"", "uji"))
    damaged = body.replace(b"uji", b"u\xd2i")
    with pytest.raises(UnreadableFact):
        decode_body("drawer_opened", 1, damaged)
