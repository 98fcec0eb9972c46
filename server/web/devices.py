"""Counters: what each is doing, a new one's code, vouching for a line, revoking one."""

from __future__ import annotations

from typing import Final, NamedTuple

from core.sync.codes import check_digits, read_code, show_code
from server.devices.lineage import goes_on
from server.devices.listing import AlreadyRevoked, UnknownDevice
from server.devices.overview import Line, line_of, lines_of
from server.devices.pairing import make_code
from server.http.problems import Malformed, NotFound
from server.http.routes import Reply
from server.sync.confirming import confirm
from server.sync.keys import ServerKey
from server.sync.revoking import revoke
from server.web.qr import qr
from server.web.rendering import page
from server.web.routing import Page
from server.web.today import QUIET_MS
from server.web.view import View, redirect

_WRONG_CLOCK_MS: Final = 120_000
_HERE: Final = ("localhost", "127.0.0.1", "[::1]")


class Joined(NamedTuple):
    """A counter that joined since a code was made, with the six digits that it should show."""

    register: str
    name: str
    check: str


def _devices(view: View) -> Reply:
    now_ms = view.services.now_ms()
    with view.services.store.reading_shop(view.here.id) as tx:
        lines = lines_of(tx)
    current = [one for one in lines if one.is_current and one.state != "revoked"]
    return page(
        view,
        "devices.html",
        current=current,
        older=[one for one in lines if one not in current],
        quiet={one.device for one in lines if one.is_quiet(now_ms, QUIET_MS)},
        clock_off={one.device for one in lines if abs(one.clock_offset_ms or 0) > _WRONG_CLOCK_MS},
        done=view.query.get("ya", ""),
    )


def _new_code(view: View) -> Reply:
    made = make_code(view.services, view.here.id)
    return _code_page(view, made.code, view.services.now_ms(), made.expires_ms, [])


def _code_page(view: View, code: str, made_ms: int, expires_ms: int, joined: list[Joined]) -> Reply:
    server = _address(view)
    words = view.words
    return page(
        view,
        "code.html",
        code=show_code(code),
        made_ms=made_ms,
        expires_ms=expires_ms,
        left_s=max(0, (expires_ms - view.services.now_ms()) // 1000),
        server=server,
        picture=qr(f"{server} {show_code(code)}", words._("Kode QR: alamat server dan kode")),
        joined=joined,
    )


def _address(view: View) -> str:
    host = view.call.headers.get("host", "localhost")
    is_here = host.rpartition(":")[0] in _HERE or host in _HERE
    scheme = view.call.headers.get("x-forwarded-proto", "http" if is_here else "https")
    return f"{'http' if scheme == 'http' else 'https'}://{host}"


def _check_code(view: View) -> Reply:
    """Who joined since the code was made: both screens show the same six digits."""
    code = read_code(view.form.get("kode", ""))
    times = [view.form.get(name, "") for name in ("dibuat", "sampai")]
    # Thirteen digits reach to the year 2286.
    if code is None or not all(one.isascii() and one.isdigit() and len(one) < 14 for one in times):
        raise Malformed(why="code")
    made_ms, expires_ms = map(int, times)
    with view.services.store.reading_shop(view.here.id) as tx:
        new = [one for one in lines_of(tx) if one.created_ms >= made_ms and any(one.public_key)]
    key = ServerKey(view.services).public
    joined = [
        Joined(one.register, one.name, check_digits(key, one.public_key, code)) for one in new
    ]
    return _code_page(view, code, made_ms, expires_ms, joined)


def _line(view: View) -> Line:
    with view.services.store.reading_shop(view.here.id) as tx:
        found = line_of(tx, view.id_of("device"))
    if found is None:
        raise NotFound()
    return found


def _newer(view: View, line: Line) -> str:
    """Where to ask about the counter instead: it began a newer line since the page was made, and to
    revoke the old one alone would leave it trusted. Empty where it writes on in this one."""
    with view.services.store.reading_shop(view.here.id) as tx:
        now = goes_on(lines_of(tx), line)
    if now == [line]:
        return ""
    if len(now) > 1:
        return view.place("/kasir", ya="pilih")
    return view.place(f"/kasir/{now[0].device.hex()}/cabut")


def _ask_revoke(view: View) -> Reply:
    found = _line(view)
    if newer := _newer(view, found):
        return redirect(newer)
    if found.state == "revoked":
        return redirect(view.place("/kasir", ya="sudah"))
    return page(view, "device_revoke.html", line=found)


def _revoke(view: View) -> Reply:
    found = _line(view)
    if newer := _newer(view, found):
        return redirect(newer)
    try:
        revoke(view.services, view.here.id, found.device, "web")
    except AlreadyRevoked:
        return redirect(view.place("/kasir", ya="sudah"))
    return redirect(view.place("/kasir", ya="cabut"))


def _ask_confirm(view: View) -> Reply:
    found = _line(view)
    if found.state != "unconfirmed":
        return redirect(view.place("/kasir"))
    with view.services.store.reading_shop(view.here.id) as tx:
        parent = line_of(tx, found.parent) if found.parent else None
    return page(view, "device_confirm.html", line=found, parent=parent)


def _confirm(view: View) -> Reply:
    device = _line(view).device
    try:
        confirm(view.services, view.here.id, device, view.by)
    except UnknownDevice:
        # Pressed twice, or decided by another owner since the page was made.
        is_done = _line(view).state == "trusted"
        return redirect(view.place("/kasir", ya="pastikan" if is_done else "sudah"))
    return redirect(view.place("/kasir", ya="pastikan"))


PAGES = (
    Page("GET", "/kelola/{shop}/kasir", "Counters", _devices),
    Page("POST", "/kelola/{shop}/kasir/kode", "A code for a new counter", _new_code, "manager"),
    Page("POST", "/kelola/{shop}/kasir/kode/periksa", "Six digits", _check_code, "manager"),
    Page("GET", "/kelola/{shop}/kasir/{device}/cabut", "Revoke?", _ask_revoke, "owner"),
    Page("POST", "/kelola/{shop}/kasir/{device}/cabut", "Revoke", _revoke, "owner"),
    Page("GET", "/kelola/{shop}/kasir/{device}/pastikan", "Confirm?", _ask_confirm, "owner"),
    Page("POST", "/kelola/{shop}/kasir/{device}/pastikan", "Confirm", _confirm, "owner"),
)
