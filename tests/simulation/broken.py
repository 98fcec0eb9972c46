"""How a run says that something did not hold."""

from __future__ import annotations

from typing import Any


class Broken(AssertionError):
    """An invariant does not hold; `number` says which."""

    def __init__(self, number: int, what: str) -> None:
        """Name it."""
        super().__init__(f"invariant {number}: {what}")
        self.number = number


def insist(number: int, holds: bool, what: Any) -> None:
    """Pass where it holds.

    Raises:
        Broken: it does not.
    """
    if not holds:
        raise Broken(number, str(what))
