"""`huyula-server`: the server from a terminal.

Exit 0 done, 1 refused by a rule, 2 wrong usage or unreadable input, 3 the database (or the port)
cannot be used. An error is one sentence on stderr, with `--json` also an object on stdout.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from core.errors import Refused
from server.cli.arguments import parse
from server.cli.exits import DONE, REFUSED, exit_code
from server.cli.session import Session, to_json
from server.cli.streams import speak_utf8
from server.db.errors import as_refusal
from server.messages import sentence


class Fault(Refused):
    """A fault of the program; its trace is shown to whoever asks for it."""

    code = "fault"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    given = sys.argv[1:] if argv is None else list(argv)
    session: Session | None = None
    speak_utf8()
    try:
        options = parse(given)
        session = Session(options)
        options.run(session)
        sys.stdout.flush()
        return DONE
    except KeyboardInterrupt:
        return REFUSED
    except BrokenPipeError:
        # Whoever read our answers has gone; there is nobody left to tell.
        sys.stdout = None
        return REFUSED
    except Exception as error:
        return _fail(error, session, "--json" in given)
    finally:
        if session is not None:
            session.close()


def _fail(error: Exception, session: Session | None, as_json: bool) -> int:
    refusal = error if isinstance(error, Refused) else as_refusal(error)
    if refusal is None:
        if session is None or session.config.log_level == "debug":
            raise error
        refusal = Fault(kind=type(error).__name__)
    language = os.environ.get("HUYULA_LANG", "id") if session is None else session.config.language
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
