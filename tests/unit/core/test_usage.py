"""Mistakes of a command or a setting in the reader's language, as the programs say them."""

from __future__ import annotations

import pytest

from core.errors import Refused
from pos.cli.arguments import parser as of_counter
from pos.messages import sentence as at_counter
from server.cli.arguments import parser as of_server
from server.config import load_config
from server.messages import sentence as at_server


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sales"], "belum disebut: SHOP"),
        (["nope"], "'nope' tidak ada; pilih dari 'serve'"),
        (["serve", "--port"], "--port memerlukan isi"),
        (["devices", "a", "--what"], "tidak dikenal: --what"),
    ],
)
def test_a_wrong_command_is_told_in_the_readers_language(words: list[str], said: str) -> None:
    with pytest.raises(Refused) as refused:
        of_server().parse_args(words)
    assert said in at_server(refused.value, "id")
    english = at_server(refused.value, "en")
    assert "tidak" not in english and "belum" not in english


def test_the_counter_says_it_alike() -> None:
    with pytest.raises(Refused) as refused:
        of_counter().parse_args(["shift", "open"])
    assert "belum disebut: --float. Tambahkan --help" in at_counter(refused.value, "id")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("HUYULA_PORT", "70000", "port tidak dapat dipakai: paling besar 65535"),
        ("HUYULA_PORT", "many", "harus bilangan bulat"),
        ("HUYULA_THREADS", "0", "paling kecil 1"),
        ("HUYULA_LANG", "fr", "'fr' tidak ada"),
    ],
)
def test_a_wrong_setting_too(name: str, value: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        load_config({name: value})
    assert said in at_server(refused.value, "id")
    assert "Expected" in at_server(refused.value, "en") or "Invalid" in at_server(
        refused.value, "en"
    )
