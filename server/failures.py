"""What the surroundings can do to the server, as refusals that a person can read."""

from __future__ import annotations

from core.errors import Refused


class DatabaseUnreachable(Refused):
    """The database does not answer: not started, wrong address, wrong password."""

    code = "database_unreachable"


class DatabaseBusy(Refused):
    """A lock, a connection or a thread was waited for too long: come back in a moment."""

    code = "busy"


class CameTogether(DatabaseBusy):
    """Somebody wrote the same key at this moment. Nothing was changed; asked again it is found:
    `Store.in_shop` does so by itself."""


class OutcomeUnknown(Refused):
    """The connection broke while a transaction was being committed: ask again by its key."""

    code = "outcome_unknown"


class NotMigrated(Refused):
    """The tables are older than the program; `revision` is empty where there are none."""

    code = "not_migrated"


class NewerDatabase(Refused):
    """The tables were made by a newer program: refused rather than damaged."""

    code = "newer_database"


class ForeignDatabase(Refused):
    """The database has tables, but not of this program."""

    code = "foreign_database"


class UnsafeRole(Refused):
    """The service's role could pass by row-level security."""

    code = "unsafe_role"


class NotUnicode(Refused):
    """The database keeps its text in another encoding than UTF-8."""

    code = "not_unicode"


class NoRole(Refused):
    """The service's role does not exist in the database."""

    code = "no_role"
