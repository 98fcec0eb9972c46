"""Reviews: who may write one of an order, and how its stars come out in sum."""

from __future__ import annotations

from typing import Final

from core.errors import Refused
from core.orders.standing import Standing

LEAST: Final = 1
MOST: Final = 5
MOST_WORDS: Final = 600
MOST_NAME: Final = 40
EDIT_MS: Final = 7 * 24 * 3_600_000
"""So long after it was first written it may be changed."""


class NotReviewable(Refused):
    """Only what was handed over and is completed is reviewed."""

    code = "review_not_yet"


class ReviewClosed(Refused):
    """It was written too long ago to be changed."""

    code = "review_closed"


class BadStars(Refused):
    """One to five stars are given."""

    code = "review_bad_stars"


def may_review(at: Standing) -> bool:
    """Whether an order that stands so may be reviewed: its goods are with the buyer, and nothing
    of it is open."""
    return at.order == "completed" and at.handover == "done"


def may_change(written_ms: int, now_ms: int) -> bool:
    """Whether a review that was first written then may still be changed."""
    return now_ms < written_ms + EDIT_MS


def check_stars(text: str) -> int:
    """Stars as a form has them.

    Raises:
        BadStars.
    """
    if not (len(text) == 1 and text.isascii() and text.isdigit()):
        raise BadStars()
    stars = int(text)
    if not LEAST <= stars <= MOST:
        raise BadStars()
    return stars


def tenths(stars: int, count: int) -> int:
    """The average in tenths of a star, halves rounded up; 0 where there is none."""
    return (20 * stars + count) // (2 * count) if count else 0
