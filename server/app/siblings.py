"""Processes of one server on one machine tell each other whose feed grew.

By datagrams over sockets in a folder of theirs: what is lost is noticed a little later by looking
at the feeds' heads, and who has ended is not waited for.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from pathlib import Path
from typing import Final

from server.sync.waking import also_tell, tell_no_more, wake_here

_SHOP_BYTES: Final = 16


class Siblings:
    """One process's ear and voice among `count` of them, numbered from nought."""

    def __init__(self, folder: Path, number: int, count: int) -> None:
        """Its socket is made at once; nothing is heard before `listen`."""
        self._own = folder / f"{number}.socket"
        self._others = [str(folder / f"{one}.socket") for one in range(count) if one != number]
        # Left over from a process of this number that was killed.
        self._own.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(str(self._own))
        also_tell(self._tell)

    def listen(self) -> None:
        """Hear from now on, in the running event loop."""
        asyncio.get_running_loop().add_reader(self._socket.fileno(), self._hear)

    def close(self) -> None:
        """Neither hear nor tell any more; called in the loop of `listen`."""
        tell_no_more(self._tell)
        asyncio.get_running_loop().remove_reader(self._socket.fileno())
        self._socket.close()
        self._own.unlink(missing_ok=True)

    def _tell(self, shop: bytes) -> None:
        for other in self._others:
            # Gone, not there yet, or with a full ear: it looks by itself.
            with contextlib.suppress(OSError):
                self._socket.sendto(shop, other)

    def _hear(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                shop = self._socket.recv(_SHOP_BYTES)
                wake_here(shop)
