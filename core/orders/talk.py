"""How a counter and the server exchange what buyer and shop say on orders; no fact holds the words.

A counter sends what was written there and gets what is new to it in one question, so that a round
costs one answer and what was sent twice is kept once.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from core.sync.messages import Answer, Message

MOST_TEXT: Final = 500
"""Characters of one message."""

MOST_WORDS: Final = 50
"""So many messages are sent at a time."""

MOST_SAID: Final = 200
"""So many are told at a time."""

Speaks = Literal["buyer", "shop"]


class Word(msgspec.Struct, frozen=True, array_like=True):
    """A message of the shop on its way; `key` (16 bytes) makes sure that it is kept once."""

    key: bytes
    order_id: bytes
    text: str


class SaidWord(msgspec.Struct, frozen=True, array_like=True):
    """A message as the server keeps it: the order's `i`-th, with the feed number of its note."""

    n: int
    order_id: bytes
    i: int
    at_ms: int
    who: Speaks
    text: str


class TalkWanted(Message, frozen=True):
    """What the counter has to say, and from which feed number on it wants to hear."""

    after: int
    words: tuple[Word, ...] = ()


class Talk(Answer, frozen=True):
    """`said` in the feed's order, `more` where there are still others. `refused` has, for each key
    that was sent and not kept, the code of the rule that it broke."""

    said: tuple[SaidWord, ...] = ()
    more: bool = False
    refused: tuple[tuple[bytes, str], ...] = ()
