"""A picture chosen at one counter is at the other and on the owner's page: real processes."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from server.db.store import Store
from server.services import Services
from tests.helpers.picture_files import noise
from tests.helpers.process import ROOT, Machine
from tests.helpers.server_process import environment, server_command, serving
from tests.helpers.web_browser import Browser, PageReader
from tests.helpers.web_shop import CHEAP, OWNER, PASSWORD


class Shop:
    """A server's one shop, seen from its command line."""

    def __init__(self, place: Path) -> None:
        self.address = f"sqlite:///{place / 'server.db'}"
        self.id = self.run("shop", "add", "Toko Nou")["shop"]
        self.run("user", "add", OWNER, "--shop", self.id, "--role", "owner")

    def run(self, *words: str) -> dict[str, Any]:
        done = subprocess.run(
            server_command(self.address, *words), capture_output=True, text=True, timeout=120,
            env=environment(HUYULA_PASSWORD=PASSWORD), cwd=ROOT, check=True,
        )  # fmt: skip
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found


NONE = {"sent": 0, "received": 0, "waiting": 0, "refused": 0}


def _sync(machine: Machine) -> dict[str, int]:
    """One round; what it says of pictures, which it does where there is something to say."""
    answer = machine.run("sync", "--once")
    assert answer.code == 0, answer.err
    assert "pictures" not in answer.data
    said = [line["pictures"] for line in answer.lines if "pictures" in line]
    return said[0] if said else NONE


def _two(place: Path, shop: Shop, url: str) -> tuple[Machine, Machine]:
    first, second = Machine(place / "a", "one"), Machine(place / "b", "two")
    first.found()
    assert second.run("init", "--shop", "Toko Baru", "--owner", "Ibu Ani").code == 0
    for machine in (first, second):
        code = shop.run("device", "code", shop.id)["code"]
        assert machine.run("enrol", url, str(code)).code == 0
        _sync(machine)
    return first, second


def test_a_picture_reaches_the_other_counter_and_the_owner(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    with serving(shop.address) as served:
        first, second = _two(tmp_path, shop, served.url)
        photo = tmp_path / "foto.png"
        photo.write_bytes(noise((640, 480), 5))
        chosen = first.run("product", "set", "B002", "--picture", str(photo))
        assert chosen.code == 0
        up = _sync(first)
        assert up == {"sent": 1, "received": 0, "waiting": 0, "refused": 0}
        down = _sync(second)
        assert down == {"sent": 0, "received": 1, "waiting": 0, "refused": 0}
        for machine in (first, second):
            assert _sync(machine)["sent"] == 0
            proof = machine.run("verify")
            assert proof.data["ok"] and not proof.data.get("unchecked")
        assert served.stop()[0] == 0

    store = Store(shop.address)
    owner = Browser(Services(store, password_cost=CHEAP))
    assert owner.sign_in(OWNER).status_code == 303
    product = str(first.run("product", "set", "B002", "--price", "3000").data["id"])
    page = owner.get(f"/kelola/{shop.id.replace('-', '')}/barang/{product}")
    (shown,) = [given for tag, given in PageReader(page.text).tags if tag == "img"]
    picture = owner.get(str(shown["src"]))
    with Image.open(io.BytesIO(picture.content)) as image:
        assert (image.format, max(image.size)) == ("JPEG", 256)
    store.close()


def _kill_both_at(shop: Shop, port: str, machine: Machine, requests: int) -> None:
    """Let a counter sync until the server has answered so many requests about a picture (or 30
    others: then nothing is left to send), then end both as a power cut would."""
    with serving(shop.address, port=port) as served:
        counter = subprocess.Popen(
            machine.command("sync"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=machine.environment(), cwd=ROOT,
        )  # fmt: skip
        assert served.process.stderr is not None
        others = 0
        while requests and others < 30:
            line = json.loads(served.process.stderr.readline())
            if line.get("route") == "/api/v1/sync/picture":
                requests -= 1
            else:
                others += 1
        for process in (counter, served.process):
            os.kill(process.pid, signal.SIGKILL)
            process.wait(timeout=30)


@pytest.mark.slow
@pytest.mark.minutes
def test_counter_and_server_killed_again_and_again_lose_no_picture(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    with serving(shop.address) as served:
        first, second = _two(tmp_path, shop, served.url)
        assert served.stop()[0] == 0
    port = served.url.rpartition(":")[2]
    for number, code in enumerate(("B001", "B002", "B003")):
        photo = tmp_path / f"{number}.png"
        photo.write_bytes(noise((640, 480), number))
        assert first.run("product", "set", code, "--picture", str(photo)).code == 0
    for machine in (first, second):
        for requests in (1, 2, 1):
            _kill_both_at(shop, port, machine, requests)
    with serving(shop.address, port=port):
        for machine in (first, second, second):
            found = _sync(machine)
        assert found["waiting"] == 0
        for machine in (first, second):
            proof = machine.run("verify")
            assert proof.data["ok"] and not proof.data.get("unchecked")
