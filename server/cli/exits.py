"""Exit codes of the command line; the counter's are the same."""

from __future__ import annotations

from typing import Final

from core.errors import Refused

DONE: Final = 0
REFUSED: Final = 1
"""Refused by a rule."""

USAGE: Final = 2
"""Wrong usage or unreadable input."""

PLACE: Final = 3
"""The database cannot be used: unreachable, of another form, an unsafe role; or the port."""

_PLACE_CODES: Final = frozenset(
    {
        "database_unreachable",
        "busy",
        "outcome_unknown",
        "not_migrated",
        "newer_database",
        "foreign_database",
        "unsafe_role",
        "not_unicode",
        "no_role",
        "not_distributed",
        "restored_first",
        "port_taken",
        "worker_failed",
    }
)
_USAGE_CODES: Final = frozenset(
    {
        "usage",
        "bad_database_address",
        "bad_setting",
        "workers_need_postgresql",
        "workers_not_here",
        "bad_config_file",
        "no_password",
        "bad_email",
        "unknown_role",
        "unknown_zone",
        "bad_weeks",
        "bad_sealing_keys",
        "no_provider_key",
    }
)


def exit_code(refusal: Refused) -> int:
    """Which exit code a refusal has."""
    if refusal.code in _PLACE_CODES:
        return PLACE
    return USAGE if refusal.code in _USAGE_CODES else REFUSED
