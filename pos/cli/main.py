"""`huyula-pos`: the counter from a terminal.

Exit 0 done, 1 refused by a rule, 2 wrong usage or unreadable input, 3 data folder in use or
damaged. An error is one sentence on stderr, with `--json` also an object on stdout.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from core.errors import Refused
from pos.cli.exits import DONE, FOLDER, REFUSED, USAGE
from pos.cli.streams import speak_utf8
from pos.cli.window import open_window

_FOLDER_CODES = frozenset(
    {
        "folder_in_use",
        "damaged_database",
        "newer_database",
        "no_shop",
        "witness_unwritable",
        "storage_full",
        "storage_failed",
    }
)
_USAGE_CODES = frozenset(
    {
        "usage",
        "bad_amount",
        "amount_too_large",
        "bad_quantity",
        "file_missing",
        "file_is_folder",
        "file_unreadable",
        "file_empty",
        "file_too_large",
        "file_protected",
        "file_not_table",
        "no_heading",
        "no_goods",
        "mapping_wrong",
        "not_a_backup",
        "bad_date",
        "bad_connection",
        "bad_exchange",
        "bad_order_tender",
    }
)


def exit_code(refusal: Refused) -> int:
    """Which exit code a refusal has."""
    if refusal.code in _FOLDER_CODES:
        return FOLDER
    return USAGE if refusal.code in _USAGE_CODES else REFUSED


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. Without a command the window opens.

    The grammar and what it needs are imported for commands only: the window must be seen first.
    """
    given = sys.argv[1:] if argv is None else list(argv)
    if not given:
        return open_window(None)
    if len(given) == 2 and given[0] == "--data":
        return open_window(Path(given[1]))
    return _run_command(given)


def _run_command(argv: Sequence[str]) -> int:
    from pos.cli import arguments
    from pos.cli.session import Session
    from pos.failures import as_refusal

    speak_utf8()
    try:
        options = arguments.parse(argv)
    except arguments.BadArguments as error:
        return _fail(error, "--json" in argv, "id")
    if options.run is None:
        return open_window(options.data)
    session = Session(options)
    try:
        code = options.run(session)
        sys.stdout.flush()
        return int(code or DONE)
    except KeyboardInterrupt:
        return REFUSED
    except BrokenPipeError:
        # Whoever read our answers has gone; there is nobody left to tell.
        sys.stdout = None
        return REFUSED
    except Exception as error:
        return _fail(as_refusal(error), session.json, session.language)
    finally:
        session.close()


def _fail(refusal: Refused, as_json: bool, language: str) -> int:
    from pos.cli.session import to_json
    from pos.messages import sentence

    text = sentence(refusal, language)
    if as_json:
        try:
            print(to_json({"error": refusal.code, "message": text}), flush=True)
        except OSError:
            # Who reads has gone, or has no room: the sentence and the exit code still tell it.
            sys.stdout = None
    print(text, file=sys.stderr)
    return exit_code(refusal)


if __name__ == "__main__":
    sys.exit(main())
