"""Listening for news: told once, calm where nothing comes, and never in a busy loop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from core.sync.feed import START
from core.sync.messages import FeedEntry, FeedPage
from pos.sync import ear as module
from pos.sync.ear import Ear, Question
from pos.sync.memory import Cursor
from pos.sync.wire import NoAnswer

PATIENCE_S = 10
ENTRY = FeedEntry(1, bytes(16), 1, "x", 1, bytes(32), bytes(32), 1, "ok", bytes(16), b"")
NEWS = FeedPage(1, 1, "r", 8, (ENTRY,), bytes(32), b"", 8)


class Asked:
    """Stands for a speaker: answers what the test says and counts the questions."""

    def __init__(self, answer: Callable[[int], FeedPage | None]) -> None:
        self._answer = answer
        self.count = 0
        self.queries: list[str] = []

    def ask(self, *_words: object, query: str, **_more: object) -> FeedPage | None:
        self.count += 1
        self.queries.append(query)
        return self._answer(self.count)


class Listening:
    """An ear and what it told."""

    def __init__(self) -> None:
        self.told = threading.Semaphore(0)
        self.ear = Ear(self.told.release, lambda: 0.0, wait_ms=1)

    def hears(self, answer: Callable[[int], FeedPage | None]) -> Asked:
        asked = Asked(answer)
        self.ear.hear(Question(asked, Cursor(3, 7, START)))  # type: ignore[arg-type]
        return asked


@pytest.fixture
def listening() -> Iterator[Listening]:
    made = Listening()
    yield made
    made.ear.stop()
    thread = made.ear._thread
    if thread is not None:
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


def test_news_are_told_once_and_then_it_rests(listening: Listening) -> None:
    asked = listening.hears(lambda _count: NEWS)
    assert listening.told.acquire(timeout=PATIENCE_S)
    assert not listening.told.acquire(timeout=0.1)
    assert asked.count == 1
    assert "epoch=3" in asked.queries[0] and "after=7" in asked.queries[0]


def test_it_asks_again_where_time_ended_the_question(
    listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "QUICK_S", 0.0)
    asked = listening.hears(lambda count: NEWS if count == 3 else None)
    assert listening.told.acquire(timeout=PATIENCE_S)
    assert asked.count == 3


def test_an_answer_that_comes_too_soon_is_not_asked_for_again_at_once(
    listening: Listening,
) -> None:
    began = threading.Event()

    def at_once(_count: int) -> None:
        began.set()

    asked = listening.hears(at_once)
    assert began.wait(PATIENCE_S)
    assert not listening.told.acquire(timeout=0.2)
    assert asked.count == 1


def test_a_connection_that_fails_is_told_and_left_alone_for_a_while(
    listening: Listening,
) -> None:
    def away(_count: int) -> FeedPage | None:
        raise NoAnswer(why="connection")

    asked = listening.hears(away)
    assert listening.told.acquire(timeout=PATIENCE_S)
    assert not listening.told.acquire(timeout=0.1)
    assert asked.count == 1


def test_a_new_question_takes_the_place_of_the_old(listening: Listening) -> None:
    held = threading.Event()
    asked = threading.Event()

    def holds(_count: int) -> FeedPage:
        asked.set()
        held.wait(PATIENCE_S)
        return NEWS

    first = listening.hears(holds)
    assert asked.wait(PATIENCE_S)
    second = listening.hears(lambda _count: NEWS)
    held.set()
    # What the old one hears, the round that put it away has fetched.
    assert listening.told.acquire(timeout=PATIENCE_S)
    assert not listening.told.acquire(timeout=0.1)
    assert (first.count, second.count) == (1, 1)


def test_while_a_round_runs_its_own_writing_is_no_news(listening: Listening) -> None:
    held, asked = threading.Event(), threading.Event()

    def holds(_count: int) -> FeedPage:
        asked.set()
        held.wait(PATIENCE_S)
        return NEWS

    listening.hears(holds)
    assert asked.wait(PATIENCE_S)
    listening.ear.hear(None)
    held.set()
    assert not listening.told.acquire(timeout=0.1)
    listening.hears(lambda _count: NEWS)
    assert listening.told.acquire(timeout=PATIENCE_S)


def test_after_the_end_nothing_is_asked(listening: Listening) -> None:
    listening.ear.stop()
    asked = listening.hears(lambda _count: NEWS)
    assert not listening.told.acquire(timeout=0.1)
    assert asked.count == 0
