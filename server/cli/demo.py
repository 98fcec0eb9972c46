"""`demo`: a server with a sample shop to look at, gone without a trace when it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from core.errors import Refused
from core.sync.codes import pairing_code, show_code
from server.accounts.people import add_user, set_password
from server.app.opening import open_services
from server.cli.arguments import command
from server.cli.demo_gateway import DemoGateway, connect
from server.cli.demo_gerai import Gerai, open_market
from server.cli.session import Session
from server.config import Config
from server.db.types import show_id
from server.devices.pairing import make_code
from server.sealed import add_key
from server.services import Services
from server.shops.adding import UnknownShop, add_shop, find_shop

OWNER: Final = "pemilik@contoh.id"
NAME: Final = "Warung Huyula"
WEEKS: Final = 4
MOST_WEEKS: Final = 52
_STOP_S: Final = 10


class DemoFailed(Refused):
    """The sample counter could not fill the shop; `why` is what it said."""

    code = "demo_failed"


class BadWeeks(Refused):
    """So many weeks of sales are not made up."""

    code = "bad_weeks"


class Prepared(NamedTuple):
    """The sample shop and who may look at it; `is_new`: nothing was sold in it yet."""

    shop_id: bytes
    password: str
    is_new: bool


def add_commands(commands: Any) -> None:
    """Add this module's command."""
    demo = command(
        commands,
        "demo",
        "Server contoh: toko, pemilik, berminggu penjualan / a sample shop to look at",
        run_demo,
    )
    demo.add_argument("--host", metavar="H")
    demo.add_argument("--port", metavar="P", default="0")
    demo.add_argument("--weeks", metavar="N", default=str(WEEKS))
    demo.add_argument("--name", metavar="NAME", default=NAME)


def run_demo(session: Session) -> None:
    """Serve a sample shop until told to stop.

    Without `--db` everything lies in a folder that is removed at the end, whatever the settings
    say: a real database is never filled with made-up sales.
    """
    text = session.options.weeks
    if not (text.isascii() and text.isdigit() and int(text) <= MOST_WEEKS):
        raise BadWeeks(most=MOST_WEEKS)
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="huyula-demo-")))
        address = session.options.db or f"sqlite:///{folder / 'server.db'}"
        # One log line for each request is for operators, not for who looks around.
        quiet = {"log_level": "warning"} if session.config.log_level == "info" else {}
        keys = session.config.sealing_keys or str(folder / "sealing.keys")
        if not session.config.sealing_keys:
            add_key(Path(keys))
        config = msgspec.structs.replace(
            session.config, db=address, db_owner="", sealing_keys=keys, **quiet
        )
        services = open_services(config)
        ends.callback(services.store.close)
        made = prepare(services, session.options.name)
        gateway = DemoGateway()
        ends.callback(gateway.stop)
        weeks = int(text) if made.is_new else 0
        Demo(session, services, config, made, folder, weeks, gateway).run()


def prepare(services: Services, name: str) -> Prepared:
    """The sample shop with its owner, whose password is another one each time."""
    try:
        shop_id, is_new = find_shop(services, name).id, False
    except UnknownShop:
        shop_id, is_new = add_shop(services, name).id, True
    password = "-".join(show_code(pairing_code(services.random(32))) for _ in range(2))
    added = add_user(services, OWNER, password, shop_id, "owner")
    if not added.is_new:
        set_password(services, added.account_id, password)
    return Prepared(shop_id, password, is_new)


class Demo:
    """Serves, lets a real counter live through some weeks, then says how to come in."""

    def __init__(
        self,
        session: Session,
        services: Services,
        config: Config,
        made: Prepared,
        folder: Path,
        weeks: int,
        gateway: DemoGateway,
    ) -> None:
        """`folder` is for the counter's own data."""
        self._session = session
        self._services = services
        self._config = config
        self._made = made
        self._folder = folder
        self._weeks = weeks
        self._gateway = gateway
        self._counter: subprocess.Popen[str] | None = None
        self._market: list[Gerai] = []
        self._failure: Refused | None = None
        self._ended = threading.Event()

    def run(self) -> None:
        """Serve until told to stop.

        Raises:
            PortTaken: the address cannot be used.
            DemoFailed: the counter could not fill the shop.
        """
        from server.app.serving import serve

        filling: list[threading.Thread] = []

        def begin(host: str, port: int) -> None:
            shown = f"[{host}]" if ":" in host else host
            thread = threading.Thread(target=self._fill, args=(f"http://{shown}:{port}", port))
            filling.append(thread)
            thread.start()

        try:
            serve(self._services, self._config, begin)
        finally:
            self._ended.set()
            self._stop_counter()
            for thread in filling:
                thread.join()
        if self._failure is not None:
            raise self._failure

    def _fill(self, url: str, port: int) -> None:
        try:
            if self._weeks:
                self._live_through(url)
            self._market = open_market(
                self._services, self._made.shop_id, OWNER, self._made.password
            )
            paid_at = self._gateway.url()
            connect(self._services, [one.shop_id for one in self._market], paid_at)
            code = make_code(self._services, self._made.shop_id)
        except Exception as error:
            if not self._ended.is_set():
                self._failure = error if isinstance(error, Refused) else DemoFailed(why=str(error))
                os.kill(os.getpid(), signal.SIGTERM)
            return
        shown = show_code(code.code)
        self._session.say(
            {
                "url": url,
                "port": port,
                "shop": show_id(self._made.shop_id),
                "email": OWNER,
                "password": self._made.password,
                "code": code.code,
                "expires_ms": code.expires_ms,
                "market": f"{url}/pasar",
                "gateway": paid_at,
                "gerai": [{"shop": one.name, "url": url + one.path} for one in self._market],
            },
            f"Halaman pemilik / the owner's pages: {url}\n"
            f"Surel / e-mail: {OWNER}\nKata sandi / password: {self._made.password}\n"
            f"Pasar / the market: {url}/pasar\n"
            + "".join(f"Gerai {one.name}: {url}{one.path}\n" for one in self._market)
            + f"Gerbang bayar coba / the gateway to try: {paid_at}\n"
            + f"Kasir lain / another counter: huyula-pos enrol {url} {shown}\n"
            "Ctrl+C: selesai / end",
        )

    def _live_through(self, url: str) -> None:
        """A counter of its own process, which founds the catalog and sells for some weeks.

        In a session of its own, so that Ctrl+C ends the server first.
        """
        code = make_code(self._services, self._made.shop_id).code
        words = ["--data", str(self._folder / "counter"), "--json", "demo", "--join", url, code]
        self._counter = subprocess.Popen(
            [sys.executable, "-m", "pos.cli.main", *words, "--weeks", str(self._weeks)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**os.environ, "HUYULA_STATE": str(self._folder / "state")},
        )
        out, said = self._counter.communicate()
        if self._counter.returncode:
            raise DemoFailed(why=_said(out) or said.strip().rpartition("\n")[2] or "?")

    def _stop_counter(self) -> None:
        if self._counter is None or self._counter.poll() is not None:
            return
        self._counter.terminate()
        try:
            self._counter.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._counter.kill()


def _said(out: str) -> str:
    """The sentence of an answer that is an error."""
    try:
        return str(json.loads(out.strip().splitlines()[-1]).get("message", ""))
    except (ValueError, IndexError, AttributeError):
        return ""
