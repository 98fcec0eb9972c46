"""The way back that docs/operations.md writes down: an archived log, a whole copy, a restore to an
instant, `huyula-server restored`, and a counter that sends again what the database lost.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from server.app.opening import open_store
from server.cli.main import main
from server.config import Config
from server.db.migrate import migrate
from server.db.schema import trade
from server.db.store import Store
from server.failures import DatabaseBusy
from server.services import Services
from server.sync.refusals import EpochChanged
from server.sync.restoring import RestoredFirst, check_not_restored
from server.sync.verifying import verify
from tests.helpers import postgres
from tests.helpers.sync_client import Counter, added, fresh_id, line, sale
from tests.server.sync.conftest import Shop

DEPLOY = Path(__file__).resolve().parents[3] / "deploy"
_KEPT = ("fsync=off", "shared_buffers=16MB", "archive_mode=on")
NOW_MS = 1_796_000_000_000


class Machine:
    """One computer with PostgreSQL, the scripts of `deploy/backup`, and a folder for backups."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        self.scripts, self.backup = folder / "scripts", folder / "backup"
        self.prefix = postgres._as_other_user(folder)
        self.programs = postgres._programs()
        # Where the checkout lies PostgreSQL's user may not look.
        shutil.copytree(DEPLOY / "backup", self.scripts)
        shutil.copy(DEPLOY / "postgres" / "roles.sh", self.scripts)
        self.run("mkdir", "-p", str(self.backup / "base"), str(self.backup / "wal"))
        initdb = [str(self.programs / "initdb"), "-D", str(self.data), "-U", "postgres", "-N"]
        self.run(*initdb, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")

    def run(self, *words: str, code: int = 0, **settings: str) -> str:
        """Run a program as PostgreSQL's user; what it said."""
        given = {
            **os.environ,
            "BACKUP_FOLDER": str(self.backup),
            "PGHOST": str(self.folder),
            "PGUSER": "postgres",
            "PATH": f"{os.environ['PATH']}:{self.programs}",
        }
        done = subprocess.run(
            [*self.prefix, *words],
            env={**given, **settings},
            cwd=self.folder,
            capture_output=True,
            text=True,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    @contextmanager
    def running(self) -> Iterator[postgres.Cluster]:
        """PostgreSQL, until the end of the block; what is not archived yet is when it stops."""
        archiving = f"archive_command=BACKUP_FOLDER={self.backup} {self.scripts}/archive-wal %p %f"
        settings = ("listen_addresses=", *_KEPT, archiving)
        with postgres._process(self.prefix, self.programs, self.folder, settings):
            cluster = postgres.Cluster(self.folder)
            postgres._wait(cluster)
            yield cluster

    def copies(self) -> list[str]:
        """The whole copies that are there."""
        return sorted(one.name for one in (self.backup / "base").iterdir())

    def log(self) -> list[str]:
        """The archived pieces of the log; 24 digits each."""
        return sorted(one.name for one in (self.backup / "wal").glob("?" * 24 + ".gz"))


@pytest.fixture
def machine() -> Iterator[Machine]:
    # Not tmp_path: the path of a socket is short, and PostgreSQL's user must reach it.
    folder = Path(tempfile.mkdtemp(prefix="huyula-way-"))
    yield Machine(folder)
    shutil.rmtree(folder, ignore_errors=True)


def _shop(addresses: postgres.Addresses) -> Shop:
    return Shop(Services(Store(addresses.app), now_ms=lambda: NOW_MS), [NOW_MS])


def _sell(shop: Shop, counter: Counter, receipt: int, goods: bytes) -> None:
    counter.write(sale(receipt, goods, [line(goods)]))
    shop.push(counter, counter.head[0])


def _instant(cluster: postgres.Cluster) -> str:
    with cluster._super() as connection:
        row = connection.execute("SELECT clock_timestamp()::text").fetchone()
    assert row is not None
    return str(row[0])


def _promote(cluster: postgres.Cluster) -> None:
    """End the recovery where it pauses: at once, while its checkpoint is still to be written."""
    with cluster._super() as connection:
        paused = "SELECT pg_get_wal_replay_pause_state() = 'paused'"
        while connection.execute(paused).fetchone() != (True,):
            time.sleep(0.02)
        connection.execute("SELECT pg_wal_replay_resume()")
        while connection.execute("SELECT pg_is_in_recovery()").fetchone() != (False,):
            time.sleep(0.02)


def test_back_to_an_instant_and_the_counters_bring_the_rest(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with machine.running() as cluster:
        cluster.prepare()
        addresses = cluster.create()
        migrate(addresses.owner)
        shop = _shop(addresses)
        check_not_restored(shop.services)
        one, goods = shop.joined("K1"), fresh_id()
        one.write(added(goods, 100_000, 1_000_000))
        shop.push(one)
        page = shop.page(one, full=True)
        one.n, one.feed_hash = page.last, page.hash
        assert "base-backup: 2" in machine.run(str(machine.scripts / "base-backup"))
        _sell(shop, one, 1, goods)
        until = _instant(cluster)
        _sell(shop, one, 2, goods)
        shop.services.store.close()
    assert machine.log() and len(machine.copies()) == 1

    machine.run(str(machine.scripts / "restore"), str(machine.data), until, code=1)
    machine.data.rename(machine.folder / "data.broken")
    machine.run(str(machine.scripts / "restore"), str(machine.data), until)
    machine.run("sed", "-i", "s/'promote'/'pause'/", str(machine.data / "postgresql.auto.conf"))
    with machine.running() as cluster:
        again = object.__new__(Shop)
        again.services = Services(Store(addresses.app), now_ms=lambda: NOW_MS)
        again.clock, again.key, again.id = shop.clock, shop.key, shop.id
        with pytest.raises(DatabaseBusy):
            check_not_restored(again.services)
        _promote(cluster)
        assert len(again.rows(trade.sale, "n")) == 1
        with pytest.raises(RestoredFirst):
            check_not_restored(again.services)
        monkeypatch.setenv("HUYULA_DB", addresses.app)
        assert main(["restored"]) == 0 and capsys.readouterr().out == "1\n"
        check_not_restored(again.services)
        with pytest.raises(EpochChanged) as refused:
            again.greet(one)
        one.epoch = 2
        one.n, one.feed_hash = refused.value.details["n"], refused.value.details["feed_hash"]
        again.send(one)
        assert len(again.rows(trade.sale, "n")) == 2
        assert verify(again.services, again.id).ok
        again.services.store.close()


def test_a_second_way_back_forgets_the_first_ones_instant(machine: Machine) -> None:
    with machine.running() as cluster, cluster._super() as connection:
        machine.run(str(machine.scripts / "base-backup"))
        connection.execute("CREATE TABLE seen AS SELECT 1 AS n")
    copied = machine.backup / "base" / machine.copies()[0]
    with (copied / "postgresql.auto.conf").open("a") as file:
        file.write("recovery_target_time = '2001-01-01 00:00:00+00'\n")
    shutil.rmtree(machine.data)
    machine.run(str(machine.scripts / "restore"), str(machine.data))
    with machine.running() as cluster, cluster._super() as connection:
        assert connection.execute("SELECT n FROM seen").fetchone() == (1,)


def test_old_copies_go_with_their_log_and_the_newest_stays(machine: Machine) -> None:
    backup = str(machine.scripts / "base-backup")
    with machine.running() as cluster:
        machine.run(backup)
        (first,) = machine.copies()
        (machine.backup / "base" / first).rename(machine.backup / "base" / "2020-01-01T000000Z")
        machine.run("mkdir", str(machine.backup / "base" / "7.new"))
        with cluster._super() as connection:
            connection.execute("SELECT pg_switch_wal()")
        machine.run(backup)
        assert len(machine.copies()) == 1 and machine.copies()[0] > "2026"
        label = machine.backup / "base" / machine.copies()[0] / "backup_label"
        needed = machine.run("cat", str(label)).partition("(file ")[2].partition(")")[0]
        assert all(name[:24] >= needed for name in machine.log())
        machine.run(backup, KEEP_DAYS="0")
        assert len(machine.copies()) == 1


def test_no_copy_is_old_enough(machine: Machine) -> None:
    said = machine.run(
        str(machine.scripts / "restore"), str(machine.folder / "new"), "2001-01-01", code=1
    )
    assert "no copy" in said and not (machine.folder / "new").exists()


def test_a_piece_of_the_log_is_kept_once_and_never_replaced(machine: Machine) -> None:
    piece, script = machine.folder / "piece", str(machine.scripts / "archive-wal")
    piece.write_bytes(b"a" * 1000)
    piece.chmod(0o644)
    for _ in range(2):
        machine.run(script, str(piece), "000000010000000000000001")
    assert machine.log() == ["000000010000000000000001.gz"]
    piece.write_bytes(b"b" * 1000)
    machine.run(script, str(piece), "000000010000000000000001", code=1)
    kept = machine.run("gzip", "-dc", str(machine.backup / "wal" / machine.log()[0]))
    assert kept == "a" * 1000


def test_the_roles_of_a_new_database_are_enough_and_no_more(machine: Machine) -> None:
    secrets = {"OWNER_PASSWORD": "a1", "APP_PASSWORD": "b'2", "BACKUP_PASSWORD": "c3"}
    with machine.running() as cluster:
        with cluster._super() as connection:
            connection.execute("CREATE DATABASE huyula")
        machine.run(
            "sh",
            str(machine.scripts / "roles.sh"),
            POSTGRES_DB="huyula",
            PGDATA=str(machine.data),
            **secrets,
        )
        migrate(cluster.address("huyula", "huyula_owner"))
        open_store(Config(db=cluster.address("huyula", "huyula_app"))).close()
        machine.run(str(machine.scripts / "base-backup"), PGUSER="huyula_backup")
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(cluster.address("huyula", "huyula_backup"))
    rules = machine.run("cat", str(machine.data / "pg_hba.conf"))
    assert rules.endswith("host replication huyula_backup samenet scram-sha-256\n")
