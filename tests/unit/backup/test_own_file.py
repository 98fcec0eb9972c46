"""A backup is never put in the place of the shop's own file."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos.backup.files import BackupFailed, back_up
from pos.opening import database_file, read_only
from pos.shop.founding import change_settings, found_shop
from pos.shop.settings import load_settings


def test_what_is_written_after_a_backup_onto_the_shops_own_file_is_kept(tmp_path: Path) -> None:
    counter = found_shop(tmp_path, "Warung Sri", "Sri")
    with pytest.raises(BackupFailed):
        back_up(counter.db, database_file(tmp_path))
    change_settings(counter, address="Jalan Panjaitan")
    counter.close()
    again = read_only(tmp_path)
    assert load_settings(again).address == "Jalan Panjaitan"
    again.close()
