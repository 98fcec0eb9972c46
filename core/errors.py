"""The family of refusals: what a rule says no to, by name."""

from __future__ import annotations

from typing import Any, ClassVar


class Refused(Exception):
    """A rule said no. Nothing was changed.

    `code` names the rule; `details` holds what a sentence about it needs (rupiah as int,
    quantities as thousandths). The sentence itself is made where the person's language is
    known, never here.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, **details: Any) -> None:
        """Keep what the sentence needs."""
        self.details: dict[str, Any] = details
        super().__init__(self.code, details)

    def __str__(self) -> str:
        """Code and details, for logs and tests."""
        shown = ", ".join(f"{key}={value!r}" for key, value in self.details.items())
        return f"{self.code}({shown})"
