"""What may be opened: one writer, no newer data, no second shop in a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos.db.migrate import NewerDatabase
from pos.device.lock import FolderInUse
from pos.device.witness import Witness
from pos.opening import ShopExists, open_counter
from tests.helpers.counter import StillClock, make_shop


def test_one_writer(tmp_path: Path) -> None:
    with make_shop(tmp_path) as shop, pytest.raises(FolderInUse):
        open_counter(shop.folder, clock=StillClock(), witness=Witness(tmp_path / "state"))


def test_a_second_shop_is_refused(tmp_path: Path) -> None:
    make_shop(tmp_path).close()
    with pytest.raises(ShopExists):
        make_shop(tmp_path)


def test_newer_data_is_refused_and_the_folder_given_free(tmp_path: Path) -> None:
    shop = make_shop(tmp_path)
    with shop.db.transaction():
        shop.db.run("UPDATE alembic_version SET version_num='9999'")
    shop.close()
    for _ in range(2):  # the second time would say "in use" if the lock were kept
        with pytest.raises(NewerDatabase):
            open_counter(shop.folder, clock=StillClock(), witness=Witness(tmp_path / "state"))
