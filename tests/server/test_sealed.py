from __future__ import annotations

import base64
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.sealed import BadSealingKeys, NoSealingKey, SealBroken, Vault, add_key, read_vault

OLD, NEW = bytes(range(32)), bytes(range(1, 33))


@given(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.text(st.characters(exclude_categories=["Cs"])),
)
def test_it_opens_in_its_place_and_nowhere_else(secret: str, place: str) -> None:
    vault = Vault([OLD])
    sealed = vault.seal(secret, place)
    assert vault.open(sealed, place) == secret
    assert vault.seal(secret, place) != sealed
    with pytest.raises(SealBroken):
        vault.open(sealed, place + "x")


@given(st.data())
def test_changed_it_does_not_open(data: st.DataObject) -> None:
    vault = Vault([OLD])
    sealed = vault.seal("SB-Mid-server-abc", "here")
    at = data.draw(st.integers(0, len(sealed) - 1))
    letter = data.draw(st.sampled_from("AbZ09-_.="))
    changed = sealed[:at] + letter + sealed[at + 1 :]
    if changed != sealed:
        try:
            assert vault.open(changed, "here") == "SB-Mid-server-abc"
        except SealBroken:
            return
        # The last letter of base64 holds bits that mean nothing.
        assert at >= len(sealed) - 4


def test_keys_change_without_a_gap() -> None:
    sealed = Vault([OLD]).seal("secret", "here")
    both = Vault([NEW, OLD])
    assert both.open(sealed, "here") == "secret" and not both.is_current(sealed)
    again = both.seal("secret", "here")
    assert both.is_current(again) and Vault([NEW]).open(again, "here") == "secret"
    with pytest.raises(SealBroken):
        Vault([NEW]).open(sealed, "here")


def test_without_a_key_nothing_is_kept() -> None:
    with pytest.raises(NoSealingKey):
        Vault().seal("secret", "here")
    for odd in ("", "1", "1..", "2.aaaaaaaa.xx", "secret"):
        with pytest.raises(SealBroken):
            Vault([OLD]).open(odd, "here")
    assert base64.b64encode(OLD).decode() not in repr(Vault([OLD]))


def test_a_file_of_keys(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    assert add_key(file) == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    sealed = read_vault(file).seal("secret", "here")
    assert add_key(file) == 2 and os.listdir(tmp_path) == ["keys"]
    vault = read_vault(file)
    assert vault.open(sealed, "here") == "secret" and not vault.is_current(sealed)


@pytest.mark.parametrize(
    "text", ["", "not a key", "QUFBQUFB", "é", base64.b64encode(b"x" * 31).decode()]
)
def test_a_file_that_is_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "keys"
    file.write_text(text)
    for read in (read_vault, add_key):
        with pytest.raises(BadSealingKeys) as refused:
            read(file)
        assert not text or text not in str(refused.value.details)
    assert file.read_text() == text
    with pytest.raises(BadSealingKeys):
        read_vault(tmp_path / "none")
