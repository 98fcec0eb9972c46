"""Accounts at providers from a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.cli.test_commands import Terminal


@pytest.fixture
def terminal(
    address: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    for name in ("HUYULA_DB", "HUYULA_DB_OWNER", "HUYULA_LANG", "HUYULA_SERVER_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    return Terminal(address, capsys)


def test_an_account_its_key_and_a_new_sealing_key(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    terminal.run("shop", "add", "Warung Sri")
    words = ("payments", "account", "warung sri", "--environment", "sandbox")
    (missing,) = terminal.run(*words, code=2)
    assert missing["error"] == "no_provider_key"
    monkeypatch.setenv("HUYULA_PROVIDER_KEY", "SB-Mid-server-abc")
    (unsealed,) = terminal.run(*words, code=1)
    assert unsealed["error"] == "no_sealing_key"

    file = tmp_path / "sealing.keys"
    monkeypatch.setenv("HUYULA_SEALING_KEYS", str(file))
    (none,) = terminal.run(*words, code=2)
    assert none["error"] == "bad_sealing_keys"
    assert terminal.run("payments", "key", str(file)) == [{"file": str(file), "keys": 1}]
    (made,) = terminal.run(*words)
    assert made["environment"] == "sandbox" and "SB-Mid" not in terminal.err
    assert terminal.run("payments", "reseal") == [{"resealed": 0}]
    assert terminal.run("payments", "key", str(file))[0]["keys"] == 2
    assert terminal.run("payments", "reseal") == [{"resealed": 1}]
    assert terminal.run("payments", "troubled", "Warung Sri") == []

    monkeypatch.setenv("HUYULA_PROVIDER_KEY", "Mid-server-abc")
    (wrong,) = terminal.run(*words, code=1)
    assert wrong["error"] == "bad_provider_account" and "Mid-server" not in wrong["message"]
