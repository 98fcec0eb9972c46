"""A backup is whole or absent; a foreign file is never taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos.backup.files import BackupFailed, NotABackup, back_up, check_backup
from tests.helpers.counter import add_goods, make_shop


def test_a_backup_holds_every_fact(tmp_path: Path) -> None:
    with make_shop(tmp_path) as shop:
        add_goods(shop)
        target = tmp_path / "copy.db"
        assert back_up(shop.db, target) == target.stat().st_size
        assert check_backup(target) == shop.db.scalar("SELECT count(*) FROM journal")


def test_a_place_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with make_shop(tmp_path) as shop:
        before = sorted(tmp_path.iterdir())
        for target in (tmp_path / "missing" / "copy.db", tmp_path / "state"):
            with pytest.raises(BackupFailed):
                back_up(shop.db, target)
        assert sorted(tmp_path.iterdir()) == before


def test_other_files_are_no_backup(tmp_path: Path) -> None:
    text = tmp_path / "list.txt"
    text.write_text("bukan cadangan" * 100, encoding="utf-8")
    for source in (text, tmp_path, tmp_path / "missing.db"):
        with pytest.raises(NotABackup):
            check_backup(source)
