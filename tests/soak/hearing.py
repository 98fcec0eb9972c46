"""What the server said, heard on its way out: its promises, and that it tells one history only."""

from __future__ import annotations

import threading
import traceback

from core.errors import Refused
from core.sync.messages import FeedPage, Problem, Pushed
from core.sync.wire import MSGPACK, unpack
from server.sync.http.packing import unpacked
from tests.soak.log import Log
from tests.soak.office import Office
from tests.soak.proxy import header


class Hearing:
    """Listens to whole answers; `shops` gives each door's place of a shop."""

    def __init__(self, office: Office, log: Log, shops: dict[str, int]) -> None:
        """Nothing was said yet."""
        self._office, self._log, self._shops = office, log, shops
        self._told: dict[tuple[int, int, int], bytes] = {}
        self._lock = threading.Lock()

    def heard(self, name: str, kind: str, answer: bytes) -> None:
        """An answer left the server for a counter; what cannot be read ends the run."""
        try:
            self._heard(name, kind, answer)
        except Exception:
            self._log.fail("server", f"{kind}: {answer[:300]!r}\n{traceback.format_exc()}")

    def _heard(self, name: str, kind: str, answer: bytes) -> None:
        head, _, body = answer.partition(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
        if status < 400:
            if status == 200 and kind in ("journal", "feed"):
                self._keep(name, kind, unpacked(body, header(head, b"content-encoding").decode()))
            return
        try:
            plain = unpacked(body, header(head, b"content-encoding").decode())
            error = unpack(Problem, plain, MSGPACK).error
        except Refused:
            error = body[:200].decode(errors="replace")
        self._log.count(f"said {status} {error}")
        if status >= 500 and error != "busy":
            self._log.tell("server", f"{kind}: {status} {error}")
        if status == 500:
            self._log.fail("server", f"{kind}: {status} {error}")

    def _keep(self, name: str, kind: str, body: bytes) -> None:
        if kind == "journal":
            ack = unpack(Pushed, body, MSGPACK).ack
            self._office.promised(bytes(ack.device), ack.seq, bytes(ack.hash))
            return
        page = unpack(FeedPage, body, MSGPACK)
        shop = self._shops[name]
        with self._lock:
            for one in page.entries:
                place = (shop, page.epoch, one.n)
                before = self._told.setdefault(place, bytes(one.hash))
                if before != one.hash:
                    self._log.fail("server", f"told two histories: epoch {page.epoch}, {one.n}")
                    return
