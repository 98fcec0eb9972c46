"""When a shop was last backed up is known beside its database, and never makes a backup fail."""

from __future__ import annotations

from pathlib import Path

from pos.backup.age import NAME, last_backup_ms, note_backup
from pos.backup.files import back_up, restore
from pos.opening import database_file, read_only
from tests.helpers.counter import make_shop


def test_it_is_zero_before_the_first_and_the_latest_after(tmp_path: Path) -> None:
    assert last_backup_ms(tmp_path) == 0
    for now_ms in (1_000, 2_000):
        note_backup(tmp_path, now_ms)
        assert last_backup_ms(tmp_path) == now_ms
    assert [one.name for one in tmp_path.iterdir()] == [NAME]


def test_what_cannot_be_read_or_kept_is_no_error(tmp_path: Path) -> None:
    for text in ("", "kemarin", "-5", "\xff"):
        (tmp_path / NAME).write_text(text, encoding="latin-1")
        assert last_backup_ms(tmp_path) == 0
    note_backup(tmp_path / "not there", 1_000)
    assert last_backup_ms(tmp_path / "not there") == 0


def test_a_restored_database_does_not_forget_it(tmp_path: Path) -> None:
    with make_shop(tmp_path) as shop:
        folder = shop.folder
        db = read_only(folder)
        back_up(db, tmp_path / "cadangan.db")
        db.close()
        note_backup(folder, 5_000)
    restore(folder, tmp_path / "cadangan.db")
    assert database_file(folder).exists()
    assert last_backup_ms(folder) == 5_000
