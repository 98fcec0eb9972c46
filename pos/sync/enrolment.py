"""Joining a shop with the code that its owner reads out."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from core.errors import Refused
from core.sync.codes import check_digits, read_code
from core.sync.messages import Enrol, Enrolled
from pos.counter import Counter, read_head
from pos.opening import ensure_line
from pos.staff.people import require
from pos.sync.joining import join, join_again
from pos.sync.lines import own_lines
from pos.sync.memory import Server, is_forgotten, server
from pos.sync.rounds import PROGRAM
from pos.sync.wire import Key, Said, Send, Speaker

_LABEL: Final = re.compile(r"\w(?:[\w-]*\w)?")
"""A part of a host's name. A Windows network has names with underscores."""


class BadAddress(Refused):
    """The server's address is not one."""

    code = "bad_server_address"


class BadPairingCode(Refused):
    """The code is not one, is not known, or is too old."""

    code = "bad_pairing_code"


class AlreadyEnrolled(Refused):
    """This counter belongs to a shop at a server already, which knows it."""

    code = "already_enrolled"


class KeyMissing(Refused):
    """This line's key is not on this machine."""

    code = "key_missing"


class EnrolRefused(Refused):
    """The server did not let this counter join; `error` is its code."""

    code = "enrol_refused"


def server_address(text: str) -> str:
    """An address as it is kept: with its scheme, without what follows the host. A word alone is
    taken for one where a scheme or a port says that it names a computer of the shop's network.

    Raises:
        BadAddress.
    """
    typed = text.strip()
    clean = typed if "://" in typed else f"https://{typed}"
    try:
        parts = urlsplit(clean)
        good = parts.scheme in ("http", "https") and _is_host(parts.hostname or "")
        good = good and parts.port != 0
        is_word = clean != typed and parts.port is None and _is_word(parts.hostname or "")
    except ValueError as error:
        raise BadAddress(url=text) from error
    # "http:" alone would be a host of that name with its port left out.
    unfinished = parts.netloc.endswith(":")
    if not good or is_word or unfinished or parts.query or parts.fragment or parts.username:
        raise BadAddress(url=text)
    return clean.rstrip("/")


def _is_word(host: str) -> bool:
    return host != "localhost" and "." not in host and ":" not in host


def _is_host(host: str) -> bool:
    """Whether this can be a computer's name (RFC 1123, in any script), or is an address."""
    if ":" in host or host.rpartition(".")[2].isdigit():
        ip_address(host)
        return True
    labels = host.removesuffix(".").split(".")
    return all(len(label) < 64 and _LABEL.fullmatch(label) for label in labels)


def speaker(counter: Counter, send: Send) -> Speaker:
    """Who speaks for the line that is being written.

    Raises:
        KeyMissing: the key was lost; the next start opens a new line with a new one.
        KeyAway: the keyring does not hand it out now.
    """
    head = read_head(counter.db)
    key = counter.witness.key(head.device) if head is not None else None
    if head is None or key is None:
        raise KeyMissing()
    clock = counter.clock
    return Speaker(send, head.device, Key(key), now_ms=clock.now_ms, random=clock.random)


def enrol(counter: Counter, url: str, code: str, send: Send, *, name: str = "") -> Enrolled:
    """Join; what was written so far waits to be sent. Returns what the server answered.

    A counter that a restored server has forgotten joins again, in the same shop and with all that
    it holds.

    Raises:
        NeedsManager: only an owner may.
        BadAddress, BadPairingCode, AlreadyEnrolled, KeyMissing, EnrolRefused, NoAnswer.
    """
    require(counter, "settings")
    address, letters = server_address(url), read_code(code)
    if letters is None:
        raise BadPairingCode(code=code)
    before = server(counter.db)
    if before is not None and not is_forgotten(counter.db):
        raise AlreadyEnrolled(url=url)
    if counter.before_first_write is not None:
        counter.before_first_write = None
        ensure_line(counter)
    answer = _ask(counter, speaker(counter, send), letters, name, before)
    if before is None:
        join(counter, address, answer)
    else:
        join_again(counter, address, answer)
    return answer


def _ask(
    counter: Counter, who: Speaker, letters: str, name: str, before: Server | None
) -> Enrolled:
    lines = own_lines(counter.db)
    shop = counter.db.scalar("SELECT shop FROM journal WHERE device=? LIMIT 1", (lines[-1].device,))
    request = Enrol(
        letters,
        who.key.public,
        bytes(shop),
        tuple(line.head() for line in lines),
        name,
        PROGRAM,
        server_shop=before.shop if before is not None else b"",
    )
    try:
        answer = who.ask(Enrolled, "POST", "/enrol", request)
    except Said as said:
        if said.problem.error == "bad_code":
            raise BadPairingCode(code=letters) from said
        error = said.problem.error
        raise EnrolRefused(error=error, why=error, retry_s=said.problem.retry_s) from said
    assert answer is not None, "a request to join is always answered"
    if answer.check != check_digits(answer.server_key, who.key.public, letters):
        raise EnrolRefused(error="check", retry_s=0)
    if before is not None and (before.shop, before.key) != (answer.shop, answer.server_key):
        raise EnrolRefused(error="other_shop", why="other_shop", retry_s=0)
    return answer
