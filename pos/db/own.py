"""What of the shop is this counter's own."""

from __future__ import annotations


def own_first(device: str, newest: str) -> str:
    """The order that finds this counter's row before another's: for numbers on paper, which two
    counters may both have used before they joined one shop. Arguments are columns."""
    return f" ORDER BY {device} IN (SELECT device FROM own_line) DESC, {newest} DESC LIMIT 1"
