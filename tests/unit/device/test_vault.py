"""The key in the system's keyring: moved there whole, never waited for long, lost without loss."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pos.device.vault import KeyAway, Vault, system_keyring
from pos.device.witness import Witness
from pos.opening import ensure_line, open_counter
from pos.shifts.drawer import start_shift
from tests.helpers.counter import StillClock, add_goods, cart_of, make_shop, sell
from tests.helpers.keyring_in_memory import KeyringLocked, Ring

DEVICE, KEY = b"d" * 16, b"k" * 32


@pytest.fixture
def ring() -> Ring:
    return Ring()


def witness(place: Path, ring: Ring | None, limit_s: float = 5.0) -> Witness:
    find = ring.found if ring is not None else (lambda: None)
    return Witness(place, Vault(find, limit_s=limit_s))


def born(place: Path, ring: Ring | None) -> Witness:
    made = witness(place, ring)
    made.remember(DEVICE, KEY, place)
    return made


def file_of(place: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads((place / f"{DEVICE.hex()}.json").read_text())
    return found


def test_a_key_moves_into_the_keyring_and_leaves_its_file(tmp_path: Path, ring: Ring) -> None:
    made = born(tmp_path, ring)
    assert made.key(DEVICE) == KEY and not ring.asked, "in its file nobody is asked"
    assert made.keep_safe(DEVICE)
    text = (tmp_path / f"{DEVICE.hex()}.json").read_text()
    assert KEY.hex() not in text and file_of(tmp_path)["keyring"] == "Ring"
    again = witness(tmp_path, ring)
    record = again.record(DEVICE)
    assert record is not None and record.digest == hashlib.sha256(KEY).digest()
    assert again.key(DEVICE) == KEY
    asked = ring.asked
    assert again.key(DEVICE) == KEY and ring.asked == asked, "asked once a start"
    assert not again.keep_safe(DEVICE), "it lies there already"


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_without_a_keyring_it_stays_in_a_file_that_nobody_else_may_read(tmp_path: Path) -> None:
    made = witness(tmp_path / "state", None)
    made.remember(DEVICE, KEY, tmp_path)
    assert not made.keep_safe(DEVICE)
    assert made.key(DEVICE) == KEY
    file = tmp_path / "state" / f"{DEVICE.hex()}.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("trouble", ["fault", "lies", "hangs"])
def test_a_keyring_that_fails_leaves_the_key_in_its_file(
    tmp_path: Path, ring: Ring, trouble: str
) -> None:
    born(tmp_path, ring)
    made = witness(tmp_path, ring, limit_s=0.05)
    if trouble == "fault":
        ring.fault = RuntimeError("no bus")
    elif trouble == "lies":
        ring.lies = True
    else:
        ring.hangs = threading.Event()
    assert not made.keep_safe(DEVICE)
    assert file_of(tmp_path)["key"] == KEY.hex()
    assert made.key(DEVICE) == KEY
    if ring.hangs is not None:
        ring.hangs.set()


def in_the_ring(place: Path, ring: Ring, limit_s: float = 5.0) -> Witness:
    assert born(place, ring).keep_safe(DEVICE)
    return witness(place, ring, limit_s)


def test_a_locked_keyring_is_no_lost_key(tmp_path: Path, ring: Ring) -> None:
    made = in_the_ring(tmp_path, ring)
    ring.fault = KeyringLocked()
    with pytest.raises(KeyAway) as said:
        made.key(DEVICE)
    assert said.value.details["why"] == "locked" and made.record(DEVICE) is not None
    ring.fault = None
    assert made.key(DEVICE) == KEY


def test_a_hanging_keyring_is_waited_for_briefly_and_by_one_thread_only(
    tmp_path: Path, ring: Ring
) -> None:
    made = in_the_ring(tmp_path, ring, limit_s=0.05)
    ring.hangs, asked = threading.Event(), ring.asked
    for _ in range(3):
        with pytest.raises(KeyAway) as said:
            made.key(DEVICE)
        assert said.value.details["why"] == "silent"
    assert ring.asked == asked + 1
    assert sum(one.name == "keyring" for one in threading.enumerate()) == 1
    ring.hangs.set()
    for one in threading.enumerate():
        if one.name == "keyring":
            one.join(10)
    # Somebody has typed the password meanwhile: the answer is there.
    assert made.key(DEVICE) == KEY and ring.asked == asked + 1


def test_another_session_without_that_keyring_concludes_nothing(tmp_path: Path, ring: Ring) -> None:
    in_the_ring(tmp_path, ring)
    for made in (witness(tmp_path, None), Witness(tmp_path)):
        with pytest.raises(KeyAway) as said:
            made.key(DEVICE)
        assert said.value.details["why"] == "absent" and made.record(DEVICE) is not None


@pytest.mark.parametrize("left", ["nothing", "another", "rubbish"])
def test_a_key_that_the_keyring_lost_is_lost(tmp_path: Path, ring: Ring, left: str) -> None:
    """A reset Windows password empties the store by design (jaraco/keyring issue 509)."""
    made = in_the_ring(tmp_path, ring)
    (name,) = ring.kept
    if left == "nothing":
        ring.kept.clear()
    else:
        ring.kept[name] = (b"x" * 32).hex() if left == "another" else "rubbish"
    assert made.key(DEVICE) is None and made.record(DEVICE) is None


def test_looking_whether_a_line_goes_on_asks_no_keyring(tmp_path: Path, ring: Ring) -> None:
    """The first sale of a day never waits for a keyring, not even for one that hangs."""
    with make_shop(tmp_path) as counter:
        device, folder = counter.line.device, counter.folder
        goods = add_goods(counter)
    place = tmp_path / "state"
    kept = witness(place, ring)
    assert kept.keep_safe(device)
    ring.hangs, asked = threading.Event(), ring.asked
    with open_counter(folder, clock=StillClock(), witness=witness(place, ring)) as counter:
        counter.staff_id = bytes(counter.db.scalar("SELECT id FROM staff"))
        start_shift(counter, 0)
        sell(counter, cart_of(counter, (goods, 1_000)))
        assert counter.line.device == device and ring.asked == asked
    ring.hangs.set()


def test_a_lost_key_means_a_new_line_and_no_lost_sale(tmp_path: Path, ring: Ring) -> None:
    with make_shop(tmp_path) as counter:
        device, folder = counter.line.device, counter.folder
        add_goods(counter)
        before = counter.db.scalar("SELECT count(*) FROM journal")
    place = tmp_path / "state"
    kept = witness(place, ring)
    assert kept.keep_safe(device)
    ring.kept.clear()
    with open_counter(folder, clock=StillClock(), witness=witness(place, ring)) as counter:
        assert counter.witness.key(device) is None
        assert ensure_line(counter) == "moved"
        assert counter.line.device != device and counter.line.register.startswith("K1b")
        assert counter.db.scalar("SELECT count(*) FROM journal") == before + 1
        assert counter.witness.key(counter.line.device), "the new one has a key of its own"


def test_a_folder_copied_with_its_records_brings_no_key(
    tmp_path: Path, ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another computer has the same kind of keyring, and nothing of ours in it."""
    with make_shop(tmp_path) as counter:
        device, folder = counter.line.device, counter.folder
    place = tmp_path / "state"
    assert witness(place, ring).keep_safe(device)
    monkeypatch.setenv("HUYULA_MACHINE", "another")
    with open_counter(folder, clock=StillClock(), witness=witness(place, Ring())) as counter:
        assert ensure_line(counter) == "moved"
        assert counter.witness.key(device) is None, "nobody there can speak for the old line"


def test_files_from_before_are_read(tmp_path: Path) -> None:
    text = {"key": KEY.hex(), "folder": "/x", "folder_id": "1:2"}
    (tmp_path / f"{DEVICE.hex()}.json").write_text(json.dumps(text))
    record = Witness(tmp_path).record(DEVICE)
    assert record is not None and (record.key, record.place) == (KEY, "")
    assert record.digest == hashlib.sha256(KEY).digest()


def test_keyrings_that_write_plain_files_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    from keyring import backend

    class Plain(backend.KeyringBackend):
        priority = 9.0

        def get_password(self, service: str, username: str) -> str | None:
            return None

        def set_password(self, service: str, username: str, password: str) -> None:
            raise AssertionError("never asked")

    monkeypatch.setenv("HUYULA_KEYRING", "")
    monkeypatch.setattr(backend, "get_all_keyring", lambda: [Plain()])
    assert system_keyring() is None
    Plain.__module__ = "keyring.backends.SecretService"
    found = system_keyring()
    assert found is not None and found[0] == "SecretService"
    monkeypatch.setenv("HUYULA_KEYRING", "off")
    assert system_keyring() is None


def test_the_window_starts_without_the_library() -> None:
    """It costs a tenth of a second: only sync reads it, and only to ask."""
    code = (
        "import sys, pos.opening, pos.ui.shell.window, pos.sync.worker;"
        "sys.exit('keyring' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], env=os.environ).returncode == 0
