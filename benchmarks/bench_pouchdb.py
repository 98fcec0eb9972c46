"""Ingest of 10,000 sales against replicating as many equal documents to a PouchDB server.

The reference is what a program of this kind is otherwise built on: PouchDB at the counter,
express-pouchdb as the server, a process each, LevelDB below both, batches of 500 as ours. It keeps
a document a sale and does not wait for the disk; ours are rows in PostgreSQL that are durable.
npm installs it into a folder that is removed afterwards; where there is no npm, or nothing to
install it from, the figure is left out.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import msgspec

from benchmarks.bench_ingest import BATCH, LINES, SALES, batches_of, send, shop_with_sales
from benchmarks.figure import Figure, times
from benchmarks.serving import serving
from core.contract import decode_body
from core.journal import Entry
from server.db.migrate import migrate
from server.db.store import Store
from server.services import Services
from tests.helpers.postgres import running_cluster

ROUNDS: Final = 3
QUICK_SALES: Final = 2_000
BAR: Final = 1 / 1.5
_SCRIPT: Final = Path(__file__).parent / "pouchdb.js"
_PACKAGES: Final = ("pouchdb@9.0.0", "express-pouchdb@4.2.0", "express@4.22.1")
# Nothing is built or fetched beside the packages; LevelDB comes built inside one of them.
_INSTALL: Final = ("install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts")


def measure(sales: int = SALES, rounds: int = ROUNDS) -> list[Figure]:
    """Milliseconds for all, the middle of some rounds in turn."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        return _left_out("there is no npm here")
    ours: list[float] = []
    theirs: list[float] = []
    with TemporaryDirectory() as place, running_cluster(durable=True) as cluster:
        folder = Path(place)
        if not _install(folder):
            return _left_out("npm could not install PouchDB")
        addresses = cluster.create()
        migrate(addresses.owner)
        services = Services(Store(addresses.app))
        with serving(addresses.app) as port:
            for number in range(rounds):
                _, counter, first = shop_with_sales(services, number, sales)
                _write(folder / "sales.json", counter.entries[first - 1 :])
                ours.append(send(port, counter, list(batches_of(counter, first, sales))))
                # Gone again before ours is measured: its database tidies up for seconds.
                with _pouch(folder, number) as url:
                    theirs.append(_replicate(folder, number, url))
        services.store.close()
    name = f"ingest of {sales:,} sales of {LINES} lines over HTTP (reference: PouchDB)"
    return [times(name, statistics.median(ours), statistics.median(theirs), BAR)]


def _left_out(why: str) -> list[Figure]:
    print(f"PouchDB was not measured: {why}.", file=sys.stderr)
    return []


def _install(folder: Path) -> bool:
    shutil.copy(_SCRIPT, folder / _SCRIPT.name)
    command = ["npm", *_INSTALL, *_PACKAGES]
    return subprocess.run(command, cwd=folder, capture_output=True, timeout=300).returncode == 0


def _node(folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["node", _SCRIPT.name, *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


@contextmanager
def _pouch(folder: Path, number: int) -> Iterator[str]:
    """A server with an empty folder; gives its address."""
    place = folder / f"server{number}"
    place.mkdir()
    process = _node(folder, "serve", str(place))
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.terminate()
        process.wait(30)


def _replicate(folder: Path, number: int, url: str) -> float:
    """Milliseconds from the first request until all documents are there."""
    own = folder / f"counter{number}"
    own.mkdir()
    process = _node(folder, "replicate", str(own), "sales.json", f"{url}/shop{number}")
    out, _ = process.communicate(timeout=300)
    return float(out)


def _write(file: Path, entries: Sequence[Entry]) -> None:
    """The sales as documents: what their facts say, by the names of the fields."""
    with file.open("wb") as lines:
        for entry in entries:
            header, fact = decode_body(entry.kind, entry.version, entry.body)
            document = {"_id": f"{entry.seq:012d}", **_named(header), **_named(fact)}
            lines.write(msgspec.json.encode(document) + b"\n")


def _named(value: Any) -> Any:
    """A fact as it would be written by hand: objects with names, ids as text."""
    if isinstance(value, msgspec.Struct):
        return {name: _named(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, tuple):
        return [_named(one) for one in value]
    return value.hex() if isinstance(value, bytes) else value


if __name__ == "__main__":
    assert BATCH == 500, "as the script's"
    for figure in measure():
        print(figure)
