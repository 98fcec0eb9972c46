"""The container of old XLS files: sound ones pass, rings are found before anything follows them."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from pos.importing.compound import chains_are_sound
from pos.importing.reading import read_table
from tests.unit.importing import files


@pytest.fixture
def sound(tmp_path: Path) -> bytes:
    return files.xls(tmp_path / "a.xls").read_bytes()


def table_at(data: bytes) -> int:
    """Where the first sector of the table begins."""
    return int((struct.unpack_from("<I", data, 76)[0] + 1) * 512)


def with_number(data: bytes, at: int, number: int) -> bytes:
    return data[:at] + struct.pack("<I", number) + data[at + 4 :]


def test_a_sound_file(sound: bytes) -> None:
    assert chains_are_sound(sound)


@pytest.mark.parametrize("sector", [0, 1, 3])
def test_a_chain_that_comes_back_to_itself(sound: bytes, sector: int, tmp_path: Path) -> None:
    ring = with_number(sound, table_at(sound) + 4 * sector, sector)
    assert not chains_are_sound(ring)
    longer = with_number(sound, table_at(sound) + 4 * 2, 0)
    assert not chains_are_sound(longer)
    (tmp_path / "b.xls").write_bytes(ring)
    with pytest.raises(Exception, match="file_unreadable"):
        read_table(tmp_path / "b.xls")


def test_a_table_that_lists_itself_twice(sound: bytes) -> None:
    first = struct.unpack_from("<I", sound, 76)[0]
    assert not chains_are_sound(with_number(sound, 80, first))


def test_a_list_of_tables_in_a_ring(sound: bytes) -> None:
    at = table_at(sound)
    assert not chains_are_sound(with_number(with_number(sound, 68, 0), 512 + 508, 0))
    assert at > 0


@pytest.mark.parametrize("data", [b"", bytes(511), bytes(1024)])
def test_a_header_that_is_none(data: bytes) -> None:
    assert not chains_are_sound(data)
