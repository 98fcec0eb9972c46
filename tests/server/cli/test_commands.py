"""What each command answers, with what exit code, on both engines."""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.accounts.codes import CodeNeeded
from server.accounts.people import find_account
from server.accounts.sessions import find_session
from server.accounts.signing_in import sign_in
from server.cli.arguments import parser
from server.cli.main import main
from server.db.migrate import HEAD_REVISION
from server.db.store import Store
from server.devices.joining import NewDevice, add_device, claim_key
from server.services import Services
from server.shops.adding import find_shop
from server.shops.reading import shop_here
from server.shops.settings import change_shop, shop_fields
from tests.helpers.phones import give_phone
from tests.helpers.postgres import Addresses


class Terminal:
    """Runs commands against one database."""

    def __init__(self, address: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.address = address
        self._capsys = capsys
        self.err = ""

    def run(self, *words: str, code: int = 0, as_json: bool = True) -> list[Any]:
        """Run a command that ends with `code`; its answers."""
        given = ["--db", self.address, *(["--json"] if as_json else []), *words]
        ended = main(given)
        out, self.err = self._capsys.readouterr()
        assert ended == code, (out, self.err)
        assert "Traceback" not in self.err
        return [json.loads(line) if as_json else line for line in out.splitlines()]


@pytest.fixture
def terminal(
    address: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    monkeypatch.setenv("HUYULA_PASSWORD", "kopi susu gula aren")
    for name in ("HUYULA_DB", "HUYULA_DB_OWNER", "HUYULA_LANG", "HUYULA_SERVER_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    return Terminal(address, capsys)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_what_is_said_of_a_database_that_cannot_be(
    terminal: Terminal, tmp_path: Path, engine_name: str
) -> None:
    """An empty address is a variable that was not set: no other database is used instead."""
    terminal.address = ""
    assert terminal.run("restored", code=2)[0]["error"] == "bad_database_address"
    (tmp_path / "file").touch()
    for place in (tmp_path, tmp_path / "file" / "server.db"):
        terminal.address = f"sqlite:///{place}"
        (said,) = terminal.run("devices", code=3)
        assert said["error"] == "database_unreachable" and "Berkas basis data" in said["message"]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_json_may_be_asked_for_after_the_command(
    address: str, capsys: pytest.CaptureFixture[str], engine_name: str
) -> None:
    assert main(["--db", address, "shop", "add", "Warung Sri", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "Warung Sri"
    assert main(["--db", address, "devices", "Tak Ada", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_an_empty_shop_is_not_all_shops(terminal: Terminal, engine_name: str) -> None:
    """A shell makes it of a variable that is not set; `verify --refold` writes."""
    terminal.run("shop", "add", "Warung Sri")
    for words in (["devices"], ["verify", "--refold"], ["search", "rebuild"]):
        assert terminal.run(*words, "", code=1)[0]["error"] == "unknown_shop", words


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_word_that_is_no_utf_8_is_wrong_usage(terminal: Terminal, engine_name: str) -> None:
    for words in (["shop", "add", "Sur\udcff"], ["devices", "\udcff"]):
        (said,) = terminal.run(*words, code=2)
        assert said["error"] == "usage" and "\\udcff" in said["message"]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_an_error_is_said_also_where_nobody_reads_the_answers(
    address: str, engine_name: str
) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    words = ("-m", "server.cli.main", "--db", address, "--json", "devices", "Tak Ada")
    done = subprocess.run(
        [sys.executable, *words], stdout=writes, stderr=subprocess.PIPE, text=True, timeout=120
    )
    os.close(writes)
    assert done.returncode == 1
    assert done.stderr.startswith("Toko Tak Ada tidak ditemukan")
    assert "Traceback" not in done.stderr


def test_a_shop_and_its_owner(terminal: Terminal) -> None:
    (shop,) = terminal.run("shop", "add", "Warung Sri")
    assert shop["name"] == "Warung Sri" and len(shop["shop"]) == 36
    (user,) = terminal.run("user", "add", "sri@toko.id", "--shop", shop["shop"], "--role", "owner")
    assert user["new"] and user["role"] == "owner" and user["shop"] == shop["shop"]
    (again,) = terminal.run("user", "add", "sri@toko.id", "--shop", "warung sri", "--role", "owner")
    assert not again["new"] and again["account"] == user["account"]
    given = ("user", "add", "sri@toko.id", "--shop", "warung sri", "--role", "owner")
    (said,) = terminal.run(*given, as_json=False)
    assert "kata sandi lama tetap" in said


def test_shops_are_listed_by_both_of_their_names(terminal: Terminal) -> None:
    (shop,) = terminal.run("shop", "add", "Warung Sri")
    services = Services(Store(terminal.address))
    shop_id = find_shop(services, "Warung Sri").id
    with services.store.reading_shop(shop_id) as tx:
        here = shop_here(tx)
    assert here is not None
    seen = shop_fields(here)
    change_shop(services, shop_id, seen, seen._replace(shop_name="Warung Bu Sri"), b"")
    services.store.close()
    (found,) = terminal.run("shop", "list")
    assert found == {"shop": shop["shop"], "name": "Warung Sri", "called": "Warung Bu Sri"}
    (line,) = terminal.run("shop", "list", as_json=False)
    assert line.split("\t")[1:] == ["Warung Sri", "Warung Bu Sri"]
    assert terminal.run("stock", "warung bu sri") == terminal.run("stock", "Warung Sri") == []
    (said,) = terminal.run("stock", "Warung Pak Sri", code=1)
    assert said["message"].endswith("huyula-server shop list")


def test_who_works_in_a_shop_is_listed_and_removed(terminal: Terminal) -> None:
    terminal.run("shop", "add", "A")
    for email, role in (("sri@toko.id", "owner"), ("udin@toko.id", "viewer")):
        terminal.run("user", "add", email, "--shop", "A", "--role", role)
    owner, viewer = terminal.run("user", "list", "A")
    assert owner == {"email": "sri@toko.id", "role": "owner"} and viewer["role"] == "viewer"
    (gone,) = terminal.run("user", "remove", "Udin@toko.id", "--shop", "A")
    assert gone["email"] == "udin@toko.id" and terminal.run("user", "list", "A") == [owner]
    rest = ("--shop", "A")
    for email in ("udin@toko.id", "nobody@toko.id"):
        assert terminal.run("user", "remove", email, *rest, code=1)[0]["error"] == "unknown_user"
    last = terminal.run("user", "remove", "sri@toko.id", *rest, code=1)
    assert last[0]["error"] == "last_owner"


def test_who_forgot_the_password_or_lost_the_phone_gets_in_again(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.run("shop", "add", "A")
    terminal.run("user", "add", "sri@toko.id", "--shop", "A", "--role", "owner")
    services = Services(Store(terminal.address))
    account = find_account(services, "sri@toko.id")
    give_phone(services, account)
    monkeypatch.setenv("HUYULA_PASSWORD", "teh tarik tanpa gula")
    (said,) = terminal.run("user", "password", "sri@toko.id")
    assert said == {"email": "sri@toko.id"}
    with pytest.raises(CodeNeeded):
        sign_in(services, "sri@toko.id", "teh tarik tanpa gula")
    terminal.run("user", "password", "sri@toko.id", "--without-code")
    sign_in(services, "sri@toko.id", "teh tarik tanpa gula")
    services.store.close()
    nobody = terminal.run("user", "password", "udin@toko.id", code=1)
    assert nobody[0]["error"] == "unknown_user" and "user list" in nobody[0]["message"]
    monkeypatch.setenv("HUYULA_PASSWORD", "short")
    weak = terminal.run("user", "password", "sri@toko.id", code=1)
    assert weak[0]["error"] == "weak_password"


def test_who_lost_phone_and_recovery_codes_gets_in_with_the_password_alone(
    terminal: Terminal,
) -> None:
    terminal.run("office", "add", "dinas@contoh.id")
    services = Services(Store(terminal.address))
    password = os.environ["HUYULA_PASSWORD"]
    give_phone(services, find_account(services, "dinas@contoh.id"))
    (said,) = terminal.run("user", "reset-code", "DINAS@contoh.id")
    assert said == {"email": "dinas@contoh.id", "had_codes": True, "sessions": 0}
    token = sign_in(services, "dinas@contoh.id", password).token
    (again,) = terminal.run("user", "reset-code", "dinas@contoh.id")
    assert again == {"email": "dinas@contoh.id", "had_codes": False, "sessions": 1}
    assert find_session(services, token) is None
    services.store.close()
    assert terminal.run("user", "reset-code", "dinas@contoh.id", as_json=False) == [
        "dinas@contoh.id"
    ]
    (nobody,) = terminal.run("user", "reset-code", "udin@toko.id", code=1)
    assert nobody["error"] == "unknown_user"
    (bad,) = terminal.run("user", "reset-code", "udin", code=2)
    assert bad["error"] == "bad_email"
    (missing,) = terminal.run("user", "reset-code", code=2)
    assert missing["error"] == "usage"


def _commands(parser: argparse.ArgumentParser, words: str = "") -> Iterator[str]:
    """Every command as it is typed, without its arguments."""
    groups = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    for group in groups:
        for name, inner in group.choices.items():
            yield from _commands(inner, f"{words} {name}".strip())
    if not groups:
        yield words


def test_every_command_is_described_and_no_other() -> None:
    page = Path(__file__).parents[3] / "docs" / "server.md"
    table = page.read_text("utf-8").partition("## Commands")[2].partition("| exit |")[0]
    described = set()
    for row in re.findall(r"^\| (`.*?`) \| ", table, re.MULTILINE):
        for one in re.findall(r"`([^`]+)`", row):
            described.add(re.match(r"[a-z -]+", one.partition(" [")[0] + " ")[0].strip())  # type: ignore[index]
    assert described == set(_commands(parser()))


def test_what_is_missing_is_named_with_its_choices(terminal: Terminal) -> None:
    (said,) = terminal.run("device", code=2)
    assert "{code,revoke}" in said["message"] and "--help" in said["message"]


def test_a_code_for_a_counter(terminal: Terminal) -> None:
    (shop,) = terminal.run("shop", "add", "Warung Sri")
    (made,) = terminal.run("device", "code", "Warung Sri")
    assert len(made["code"]) == 9 and made["code"][4] == "-" and made["shop"] == shop["shop"]
    (line,) = terminal.run("device", "code", "Warung Sri", as_json=False)
    assert len(line) == 9


def test_counters_are_listed_and_revoked(terminal: Terminal) -> None:
    for name, n in (("A", 1), ("B", 2)):
        terminal.run("shop", "add", name)
        _join(terminal.address, name, n)
    found = terminal.run("devices")
    assert [(one["register"], one["state"]) for one in found] == [("K1", "trusted")] * 2
    (one,) = terminal.run("devices", "B")
    (gone,) = terminal.run("device", "revoke", one["device"])
    assert gone["state"] == "revoked"
    assert [one["state"] for one in terminal.run("devices")] == ["trusted", "revoked"]
    (said,) = terminal.run("device", "revoke", one["device"], code=1)
    assert said["error"] == "already_revoked" and "K1" in said["message"]


def test_a_counter_of_several_lines_is_revoked_once_by_its_code(terminal: Terminal) -> None:
    terminal.run("shop", "add", "A")
    _join(terminal.address, "A", 1)
    _join(terminal.address, "A", 2, parent=1)
    (gone,) = terminal.run("device", "revoke", "K1")
    found = terminal.run("devices")
    assert [one["state"] for one in found] == ["revoked", "revoked"]
    assert gone["device"] == found[1]["device"] and found[1]["parent"] == found[0]["device"]
    (said,) = terminal.run("device", "revoke", "K1", code=1)
    assert said["error"] == "already_revoked"


def _join(address: str, shop: str, n: int, *, parent: int = 0) -> None:
    services = Services(Store(address))
    shop_id = find_shop(services, shop).id
    new = NewDevice(bytes([n] * 16), bytes([n] * 32), "K1", shop_id)
    if parent:
        new = new._replace(parent_device=bytes([parent] * 16), parent_seq=0)
    with services.store.directory() as tx:
        claim_key(services, tx, shop_id, new)
    with services.store.shop(shop_id) as shop_tx:
        add_device(services, shop_tx, new)
    services.store.close()


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("shop", "add", " "), 1, "bad_shop_name"),
        (("shop", "add", "X", "--zone", "Mars"), 2, "unknown_zone"),
        (("device", "code", "nobody"), 1, "unknown_shop"),
        (("device", "revoke", "K9"), 1, "unknown_device"),
        (("user", "add", "x", "--shop", "nobody", "--role", "owner"), 1, "unknown_shop"),
        (("devices", "nobody"), 1, "unknown_shop"),
        ((), 2, "usage"),
        (("dance",), 2, "usage"),
        (("serve", "--port", "many"), 2, "bad_setting"),
        (("shop",), 2, "usage"),
    ],
)
def test_an_error_is_one_sentence_and_an_object(
    terminal: Terminal, words: tuple[str, ...], code: int, error: str
) -> None:
    (said,) = terminal.run(*words, code=code)
    assert said["error"] == error
    assert terminal.err.strip() == said["message"] and "\n" not in said["message"]


def test_a_user_needs_an_address_a_role_and_a_password(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.run("shop", "add", "A")
    rest = ("--shop", "A", "--role")
    assert terminal.run("user", "add", "x", *rest, "owner", code=2)[0]["error"] == "bad_email"
    assert (
        terminal.run("user", "add", "x@y.id", *rest, "king", code=2)[0]["error"] == "unknown_role"
    )
    monkeypatch.setenv("HUYULA_PASSWORD", "short")
    weak = terminal.run("user", "add", "x@y.id", *rest, "owner", code=1)
    assert weak[0]["error"] == "weak_password"
    monkeypatch.delenv("HUYULA_PASSWORD")
    none = terminal.run("user", "add", "x@y.id", *rest, "owner", code=2)
    assert none[0]["error"] == "no_password"


def test_it_speaks_english_when_told_to(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.run("device", "code", "nobody", code=1)
    assert terminal.err.startswith("Toko nobody tidak ditemukan. ")
    monkeypatch.setenv("HUYULA_LANG", "en")
    terminal.run("device", "code", "nobody", code=1)
    assert terminal.err.startswith("There is no shop nobody. ")
    assert terminal.run("dance", code=2)[0]["message"].startswith("The command")


def test_a_fault_is_one_sentence_unless_its_trace_is_asked_for(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("server.cli.people.add_shop", broken)
    assert terminal.run("shop", "add", "A", code=1)[0]["error"] == "fault"
    assert "ZeroDivisionError" in terminal.err and len(terminal.err.splitlines()) == 1
    monkeypatch.setenv("HUYULA_LOG_LEVEL", "debug")
    with pytest.raises(ZeroDivisionError):
        terminal.run("shop", "add", "A")


def test_sqlite_needs_no_setting_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("HUYULA_DB", raising=False)
    assert main(["--json", "shop", "add", "Warung"]) == 0
    capsys.readouterr()
    assert (tmp_path / "huyula" / "server.db").exists()


def test_a_file_that_is_not_a_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.db").write_bytes(b"not a database at all " * 100)
    said = Terminal(f"sqlite:///{tmp_path}/x.db", capsys).run("devices", code=3)
    assert said[0]["error"] == "foreign_database"
    folder = Terminal(f"sqlite:///{tmp_path}", capsys).run("devices", code=3)
    assert folder[0]["error"] == "database_unreachable"


def test_postgresql_is_migrated_by_its_owner_and_served_by_another(
    empty_postgres: Addresses,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service = Terminal(empty_postgres.app, capsys)
    assert service.run("devices", code=3)[0]["error"] == "not_migrated"
    monkeypatch.setenv("HUYULA_DB", empty_postgres.app)
    monkeypatch.setenv("HUYULA_DB_OWNER", empty_postgres.owner)
    assert main(["--json", "migrate"]) == 0
    assert json.loads(capsys.readouterr().out) == {"from": None, "revision": HEAD_REVISION}
    assert Terminal(empty_postgres.owner, capsys).run("migrate")[0]["from"] == HEAD_REVISION
    assert service.run("devices") == []
    assert (
        Terminal(empty_postgres.owner, capsys).run("devices", code=3)[0]["error"] == "unsafe_role"
    )


@pytest.mark.parametrize(
    ("address", "code", "error"),
    [
        ("mysql://x/y", 2, "bad_database_address"),
        ("nonsense", 2, "bad_database_address"),
        ("postgresql://nobody@127.0.0.1:1/none", 3, "database_unreachable"),
    ],
)
def test_an_address_that_leads_nowhere(
    address: str, code: int, error: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (("devices",), ("migrate",)):
        assert Terminal(address, capsys).run(*words, code=code)[0]["error"] == error
