"""The sample marketplace's payment gateway: the sandbox as a process of its own, and the gerai's
accounts with it. No money moves there."""

from __future__ import annotations

import json
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterable, Sequence
from threading import Timer
from typing import Final

from core.errors import Refused
from server.payments.accounts import Account, accounts_of, set_account
from server.services import Services

_START_S: Final = 60
_STOP_S: Final = 5
_SANDBOX: Final = (
    sys.executable, "-m", "server.cli.main", "--json", "sandbox",
    "--host", "127.0.0.1", "--port", "0",
)  # fmt: skip
_PR_SET_PDEATHSIG: Final = 1


class GatewayNotStarted(Refused):
    """The gateway ended, or did not take requests within `seconds`."""

    code = "demo_gateway_not_started"


class DemoGateway:
    """`huyula-server sandbox` on a free port of this computer, until `stop`."""

    def __init__(self, command: Sequence[str] = _SANDBOX, start_s: float = _START_S) -> None:
        """Start it; from the main thread, for it ends with the thread that began it. `start_s`: so
        long is waited for it (seconds)."""
        self._url = ""
        self._start_s = start_s
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )

    def url(self) -> str:
        """Where it is, once it takes requests.

        Raises:
            GatewayNotStarted: it says nothing for too long, or ended.
        """
        if not self._url:
            self._url = self._said()
        return self._url

    def _said(self) -> str:
        assert self._process.stdout is not None, "asked for"
        # Its end is the end of what it says, so a gateway that hangs keeps nobody waiting.
        late = Timer(self._start_s, self._process.kill)
        late.start()
        try:
            line = self._process.stdout.readline()
        finally:
            late.cancel()
        if not line.startswith('{"url"'):
            raise GatewayNotStarted(seconds=int(self._start_s))
        return str(json.loads(line)["url"])

    def stop(self) -> None:
        """End the process."""
        self._process.terminate()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


def connect(services: Services, shops: Iterable[bytes], url: str) -> None:
    """Let shops take payments through the gateway. One that has an account of its own keeps it: a
    database that is given may be anybody's."""
    for shop_id in shops:
        with services.store.reading_shop(shop_id) as tx:
            is_own = any(one.base == "" for one in accounts_of(tx))
        if not is_own:
            key = f"SB-Mid-server-{secrets.token_hex(12)}"
            set_account(services, shop_id, Account("sandbox", key, base=url))


def _end_with_parent() -> None:
    """In the new process, on Linux: a killed demo takes its gateway along (prctl(2))."""
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
