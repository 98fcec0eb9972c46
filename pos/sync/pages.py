"""Whether a page of the feed follows from what is here and is what its hashes say."""

from __future__ import annotations

from collections.abc import Callable

from core.errors import Refused
from core.journal import entry_hash
from core.sync.feed import counts, next_hash
from core.sync.messages import FeedEntry, FeedPage
from pos.sync.memory import Cursor

CHECKED_AT_ONCE = 16


class PageRefused(Refused):
    """A page that does not follow from what is here; nothing of it was applied."""

    code = "page_refused"


def check_page(at: Cursor, page: FeedPage, breathe: Callable[[], None] = lambda: None) -> None:
    """Insist that a page follows the cursor and that its entries are what their hashes say;
    `breathe` is called now and then.

    Raises:
        PageRefused: `why` is first, order, entry or feed_hash.
    """
    if page.first != at.n + 1 and page.entries:
        raise PageRefused(why="first")
    before = at.feed_hash
    for n, entry in enumerate(page.entries, at.n + 1):
        if entry.n != n:
            raise PageRefused(why="order")
        if n % CHECKED_AT_ONCE == 0:
            breathe()
        if entry.body is not None and counts(entry.verdict) and entry.hash != _hash_of(entry):
            raise PageRefused(why="entry")
        before = next_hash(before, n, entry.hash, entry.at_ms, entry.verdict)
    if before != page.feed_hash:
        raise PageRefused(why="feed_hash")


def _hash_of(entry: FeedEntry) -> bytes:
    return entry_hash(
        entry.shop,
        entry.device,
        entry.seq,
        entry.kind,
        entry.version,
        entry.prev_hash,
        entry.body or b"",
    )
