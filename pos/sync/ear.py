"""Listening for news: one question at a time that the server holds until there is something.

It only says "there is news": fetching is the round's, and there is one round a counter at a time.
Nothing here touches the database, so the program may end while a question is still held.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final, NamedTuple
from urllib.parse import urlencode

from core.sync.limits import POLL_MS
from core.sync.messages import FeedPage
from pos.sync.memory import Cursor
from pos.sync.retry import Backoff
from pos.sync.wire import Speaker

QUICK_S: Final = 1.0
"""An empty answer that comes sooner was ended by the counter's own round, not by time."""


class Question(NamedTuple):
    """Who asks for entries after which point of the feed."""

    speaker: Speaker
    cursor: Cursor


class Ear:
    """A thread that holds the question; `news` is called on it, then it rests until asked anew."""

    def __init__(
        self, news: Callable[[], None], chance: Callable[[], float], *, wait_ms: int = POLL_MS
    ) -> None:
        """`chance` gives a number from 0 up to 1; `wait_ms` is how long the server may hold."""
        self._news = news
        self._wait_ms = wait_ms
        self._backoff = Backoff(chance)
        self._turn = threading.Condition()
        self._question: Question | None = None
        self._ended = False
        self._thread: threading.Thread | None = None

    def hear(self, question: Question | None) -> None:
        """Listen with this question from now on; None: rest."""
        with self._turn:
            if self._ended:
                return
            self._question = question
            self._turn.notify_all()
        if question is not None and self._thread is None:
            self._thread = threading.Thread(target=self._run, name="sync-ear", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Ask nothing any more. A question that the server still holds ends with the program."""
        with self._turn:
            self._ended = True
            self._question = None
            self._turn.notify_all()

    def _run(self) -> None:
        while (question := self._next()) is not None:
            began = time.monotonic()
            try:
                is_news = self._ask(question)
            except Exception:
                # Whatever is in the way, the round will meet it and say so.
                self._told(question)
                self._rest(question, self._backoff.failed())
                continue
            self._backoff.answered()
            if is_news:
                self._told(question)
            elif time.monotonic() - began < QUICK_S:
                self._rest(question, QUICK_S)

    def _next(self) -> Question | None:
        with self._turn:
            self._turn.wait_for(lambda: self._question is not None or self._ended)
            return self._question

    def _ask(self, question: Question) -> bool:
        speaker, at = question
        query = {
            "epoch": at.epoch,
            "after": at.n,
            "hash": at.feed_hash.hex(),
            "wait": self._wait_ms,
            "limit": 1,
        }
        page = speaker.ask(
            FeedPage,
            "GET",
            "/sync/feed",
            query=urlencode(query),
            timeout_s=30.0 + self._wait_ms / 1000,
        )
        return page is not None and bool(page.entries)

    def _told(self, question: Question) -> None:
        """A round is wanted, unless one has begun since the question was asked: that one fetches
        what there is, and asks anew from where it ends."""
        with self._turn:
            is_wanted = self._question is question and not self._ended
            if is_wanted:
                self._question = None
        if is_wanted:
            self._news()

    def _rest(self, question: Question, seconds: float) -> None:
        """Wait; a new question ends it early, but not that of a connection that keeps failing."""
        with self._turn:
            self._turn.wait_for(
                lambda: self._ended or self._question not in (question, None), timeout=seconds
            )
