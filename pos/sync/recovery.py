"""A server that went back in time: the last page both agree on, and what it is offered back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from itertools import chain
from typing import Final
from urllib.parse import urlencode

from core.sync.feed import START
from core.sync.messages import FeedPage, Problem, Witnessed, WitnessTaken
from pos.db.base import BadChunk, base_of
from pos.db.database import Database
from pos.journal.lost import forget_accepted, has_lost, lost_pages
from pos.sync.goback import common_candidates, go_back, offers, pull_whole
from pos.sync.wire import NoAnswer, Said, Speaker

_log = logging.getLogger(__name__)
_NO_TRUST: Final = ("revoked", "unconfirmed")
"""Whoever is not trusted may neither pull nor offer; what it wrote itself still goes up."""


def recover(
    db: Database, speaker: Speaker, problem: Problem, breathe: Callable[[], None] = lambda: None
) -> None:
    """Offer what the server lost, then go back; `problem` says where its feed stands now, `breathe`
    is called between slices of writing.

    Gone back is also when the network fails in the midst of offering: what others wrote is kept by
    that and offered on in each round (`offer_again`). To begin anew would never end where some
    requests are lost, and what this counter wrote would wait behind it. Where the snapshot that it
    began with is damaged on the disk, a counter goes back to the feed's start.

    Raises:
        NoAnswer, Said: not all could be offered now, or it could not be found out where to go.
    """
    common = _common(db, speaker, problem)
    cut: NoAnswer | Said | None = None
    try:
        # One after the other: it may be the whole history, with all its bytes.
        for offer in chain(lost_pages(db), offers(db, common)):
            _offer(speaker, offer)
    except (NoAnswer, Said) as error:
        cut = error
    try:
        go_back(db, common, problem.epoch, breathe)
    except BadChunk:
        _log.warning("the snapshot that this counter began with is damaged", exc_info=True)
        pull_whole(db, problem.epoch, breathe)
    if cut is not None:
        raise cut


def offer_again(db: Database, speaker: Speaker) -> bool:
    """Offer what a server lost before the last time it went back, as far as it still waits here.

    Returns whether there was anything to offer.

    Raises:
        NoAnswer, Said: it could not be done now.
    """
    if not has_lost(db):
        return False
    forget_accepted(db)
    is_any = False
    for page in lost_pages(db):
        _offer(speaker, page)
        is_any = True
    return is_any


def _common(db: Database, speaker: Speaker, problem: Problem) -> int:
    found = _last_common(db, speaker, problem)
    base = base_of(db)
    return found if base is None or found >= base.n else 0


def _last_common(db: Database, speaker: Speaker, problem: Problem) -> int:
    if problem.feed_hash and _hash_of_feed(db, problem.n) == problem.feed_hash:
        return problem.n
    for n, digest in common_candidates(db, problem.n):
        query = urlencode(
            {"epoch": problem.epoch, "after": n, "hash": digest.hex(), "wait": 0, "limit": 1}
        )
        try:
            speaker.ask(FeedPage, "GET", "/sync/feed", query=query)
        except Said as said:
            if said.problem.error == "epoch":
                continue
            if said.problem.error in _NO_TRUST:
                break
            raise
        return n
    return 0


def _offer(speaker: Speaker, offer: Witnessed) -> None:
    try:
        speaker.ask(WitnessTaken, "POST", "/sync/witness", offer)
    except Said as said:
        # What a server does not recognise as its own is no reason to stand still.
        if said.problem.error not in ("bad_signature", "malformed", "too_large", *_NO_TRUST):
            raise


def _hash_of_feed(db: Database, n: int) -> bytes:
    if not n:
        return START
    return bytes(db.scalar("SELECT feed_hash FROM feed WHERE n=?", (n,)) or b"")
