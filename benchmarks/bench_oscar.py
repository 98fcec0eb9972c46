"""A gerai's page against django-oscar's category page, pages a second, both on PostgreSQL.

django-oscar is the shop that is usually built in this language: installed from PyPI into an
environment of its own under `build/`, set up as its documentation says, served by gunicorn with as
many processes as ours. Its page shows twenty products, ours twenty-four; both are looked at before
they are counted. Ours is kept in memory as long as nothing of the shop changed, which is asked for
each page; oscar keeps no pages by itself. Where it cannot be installed the figure is left out.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks.big_market import fill
from benchmarks.figure import Figure, at_least
from benchmarks.pages_client import as_fast
from benchmarks.serving import serving
from server.db.migrate import migrate
from server.db.store import Store
from server.services import Services
from tests.helpers.postgres import Cluster, running_cluster

BAR: Final = 50
PRODUCTS, SHOWN, WORKERS, CONNECTIONS = 100, 20, 2, 8
SECONDS, QUICK_SECONDS = 10.0, 4.0
# The last version whose category page asks the database; Treebeard's later ones do not fit it.
_PACKAGES: Final = (
    "django-oscar==3.2.2",
    "Django==4.2.30",
    "django-treebeard==4.7.1",
    "gunicorn==27.0.1",
    "psycopg[binary]==3.3.9",
)
_HERE: Final = Path(__file__).resolve().parent
_PLACE: Final = _HERE.parent / "build" / "oscar"


def measure(seconds: float = SECONDS) -> list[Figure]:
    """How many times as many pages a second at full load."""
    if not _install():
        print("left out: django-oscar cannot be installed here", file=sys.stderr)
        return []
    with running_cluster(durable=True) as cluster:
        theirs = _theirs(cluster, seconds)
        ours = _ours(cluster, seconds)
    name = f"gerai's pages against django-oscar's ({ours:.0f} and {theirs:.1f} a second)"
    return [at_least(name, ours / theirs, BAR, "times")]


def _install() -> bool:
    python = _PLACE / "bin" / "python"
    if python.exists() and _runs([str(python), "-c", "import oscar, gunicorn, psycopg"]):
        return True
    made = _runs([sys.executable, "-m", "venv", str(_PLACE)])
    return made and _runs([str(python), "-m", "pip", "install", "-q", *_PACKAGES])


def _runs(words: list[str]) -> bool:
    return subprocess.run(words, capture_output=True).returncode == 0


def _ours(cluster: Cluster, seconds: float) -> float:
    addresses = cluster.create()
    migrate(addresses.owner)
    services = Services(Store(addresses.app))
    (name, *_) = fill(addresses.superuser, services, 3)
    services.store.close()
    with serving(addresses.app, workers=WORKERS) as port:
        return _rate(port, f"/toko/{name}", 'class="what"', seconds)


def _theirs(cluster: Cluster, seconds: float) -> float:
    addresses = cluster.create()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment.update(
        OSCAR_DATABASE=addresses.owner.partition("@/")[2].partition("?")[0],
        OSCAR_USER=addresses.owner.partition("://")[2].partition("@")[0],
        OSCAR_HOST=str(cluster.folder),
    )
    script = [str(_PLACE / "bin" / "python"), str(_HERE / "oscar_shop.py"), "fill", str(PRODUCTS)]
    made = subprocess.run(script, env=environment, capture_output=True, text=True, check=True)
    with _gunicorn(environment) as port:
        return _rate(port, made.stdout.strip(), "product_pod", seconds)


@contextmanager
def _gunicorn(environment: dict[str, str]) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [str(_PLACE / "bin" / "gunicorn"), "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(WORKERS), "--threads", "4", "--chdir", str(_HERE)]
    process = subprocess.Popen(
        [*command, "oscar_shop:application"], env=environment, stderr=subprocess.DEVNULL
    )
    try:
        yield port
    finally:
        process.terminate()
        process.wait(60)


def _rate(port: int, path: str, mark: str, seconds: float) -> float:
    """Pages a second, once the page is there and shows its goods."""
    text = _page(port, path)
    assert text.count(mark) >= SHOWN, f"{text.count(mark)} goods on {path}"
    as_fast(port, [path], 2, CONNECTIONS)
    full = as_fast(port, [path], seconds, CONNECTIONS)
    assert full.failed == 0
    return full.rate


def _page(port: int, path: str) -> str:
    for _ in range(100):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.3)
    raise RuntimeError(f"no page at {path}")


if __name__ == "__main__":
    for figure in measure(QUICK_SECONDS if "--quick" in sys.argv else SECONDS):
        print(figure)
