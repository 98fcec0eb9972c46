"""A product's picture: made small and clean, named by its content, never the end of anything."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from alembic import command
from alembic.config import Config
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import pos.db
from pos.backup.files import back_up, restore
from pos.catalog.pictures import (
    MOST_BYTES,
    MOST_KEPT,
    BadPicture,
    changed_pictures,
    missing_pictures,
    picture_data,
    picture_from,
    picture_hash,
    prepared,
)
from pos.catalog.products import BadProduct, add_product, change_product, product_record
from pos.counter import Counter
from pos.db.database import Database, open_database
from pos.device.witness import Witness
from pos.journal.verify import verify
from pos.messages import sentence
from pos.opening import open_counter
from pos.staff.people import NeedsManager, add_staff
from tests.helpers.counter import StillClock, add_goods, make_shop
from tests.helpers.picture_files import bomb, file_of, noise, photo


def _read(data: bytes) -> Any:
    return Image.open(io.BytesIO(data))


def _png(image: Any, **more: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", **more)
    return out.getvalue()


@pytest.mark.parametrize("name", ["foto.png", "foto.jpg", "foto.webp"])
def test_a_picture_becomes_a_small_jpeg(tmp_path: Path, name: str) -> None:
    data = picture_from(file_of(tmp_path, name, size=(1800, 1200)))
    made = _read(data)
    assert (made.format, made.size) == ("JPEG", (960, 640))
    assert len(data) <= MOST_KEPT
    left, right = made.getpixel((20, 20)), made.getpixel((900, 20))
    assert max(left) < 20
    assert right[0] > 230 and right[2] < 30


def test_a_phones_photo_with_a_second_picture_inside_is_a_photo() -> None:
    """Phones keep depth or brightness beside the photo (CIPA DC-007, "MPO")."""
    out = io.BytesIO()
    photo().save(out, "MPO", save_all=True, append_images=[photo((90, 60), "blue")])
    with Image.open(io.BytesIO(prepared(out.getvalue()))) as kept:
        assert (kept.format, kept.size) == ("JPEG", (900, 600))
        assert kept.getpixel((800, 200))[2] < 40  # type: ignore[index]  # orange, not the blue one


def test_a_small_picture_is_not_blown_up() -> None:
    assert _read(prepared(_png(photo((90, 60))))).size == (90, 60)


@pytest.mark.parametrize("seed", range(2))
def test_what_cannot_be_packed_gets_small_too(seed: int) -> None:
    assert len(prepared(noise((900, 900), seed))) <= MOST_KEPT


def test_what_is_clear_stands_on_white() -> None:
    made = _read(prepared(_png(Image.new("RGBA", (40, 40), (0, 0, 0, 0)))))
    assert made.getpixel((20, 20)) == (255, 255, 255)


def test_a_photo_taken_sideways_is_upright_and_its_place_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "foto.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter to the right
    exif[0x010F] = "GORONTALO"
    photo((600, 400)).save(file, exif=exif, comment=b"LIMBOTO")
    data = picture_from(file)
    assert _read(data).size == (400, 600)
    assert max(_read(data).getpixel((200, 20))) < 20
    assert b"GORONTALO" not in data and b"LIMBOTO" not in data


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "unreadable"),
        (b"bukan gambar" * 50, "unreadable"),
        (bomb(), "unreadable"),
        (bomb(6_000, 6_000), "pixels"),
        (bomb(2_000, 2_000), "unreadable"),
        (_png(photo())[:200], "unreadable"),
        (b"\0" * (MOST_BYTES + 1), "bytes"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "unreadable"),
    ],
)
def test_a_bad_file_is_one_clear_sentence(data: bytes, why: str) -> None:
    with pytest.raises(BadPicture) as refused:
        prepared(data, "foto.png")
    assert refused.value.details["why"] == why
    for language in ("id", "en"):
        said = sentence(refused.value, language)
        assert said.startswith("foto.png") and "{" not in said


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    places = [tmp_path, tmp_path / "tidak ada.png"]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipa.png")
        places.append(tmp_path / "pipa.png")
    for place in places:
        with pytest.raises(BadPicture) as refused:
            picture_from(place)
        assert refused.value.details["why"] == "missing"


@given(st.data())
def test_any_damage_is_a_picture_or_a_refusal(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["PNG", "JPEG", "WEBP"]))
    out = io.BytesIO()
    photo((60, 40)).save(out, kind)
    damaged = bytearray(out.getvalue())
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        made = prepared(bytes(damaged), "x")
    except BadPicture:
        return
    assert len(made) <= MOST_KEPT


def _facts(shop: Counter) -> bytes:
    return b"".join(bytes(row[0]) for row in shop.db.rows("SELECT body FROM journal"))


def test_the_fact_carries_the_name_and_the_table_the_bytes(tmp_path: Path) -> None:
    data = prepared(_png(photo()))
    with make_shop(tmp_path) as shop:
        product = add_goods(shop)
        before = shop.db.scalar("SELECT sum(length(body)) FROM journal")
        record = product_record(shop.db, product)
        assert change_product(shop, record, picture=data)
        assert product_record(shop.db, product).picture == picture_hash(data)
        assert picture_data(shop.db, picture_hash(data)) == data
        assert shop.db.scalar("SELECT sum(length(body)) FROM journal") - before < 400
        assert data not in _facts(shop)
        assert verify(shop.db).ok


def test_a_new_product_may_have_one_and_two_may_share_it(tmp_path: Path) -> None:
    data = prepared(_png(photo()))
    with make_shop(tmp_path) as shop:
        record = product_record(shop.db, add_goods(shop))
        for name in ("Satu", "Dua"):
            add_product(shop, msgspec.structs.replace(record, name=name), picture=data)
        one, two = (
            row[0] for row in shop.db.rows("SELECT id FROM product WHERE picture<>x'' ORDER BY id")
        )
        assert shop.db.scalar("SELECT count(*) FROM picture") == 1
        for product, left in ((one, 1), (two, 0)):
            bare = msgspec.structs.replace(product_record(shop.db, product), picture=b"")
            assert change_product(shop, bare)
            assert shop.db.scalar("SELECT count(*) FROM picture") == left
        assert verify(shop.db).unchecked == ()


def test_a_lost_picture_comes_back_with_the_same_file(tmp_path: Path) -> None:
    data = prepared(_png(photo()))
    with make_shop(tmp_path) as shop:
        record = product_record(shop.db, add_goods(shop))
        change_product(shop, record, picture=data)
        with shop.db.transaction():
            shop.db.run("DELETE FROM picture")
        proof = verify(shop.db)
        assert proof.ok
        assert proof.unchecked == (f"picture {picture_hash(data).hex()[:16]} (Mi goreng)",)
        facts = shop.db.scalar("SELECT count(*) FROM journal")
        assert change_product(shop, record, picture=data)
        assert shop.db.scalar("SELECT count(*) FROM journal") == facts
        assert verify(shop.db).unchecked == ()


def test_a_changed_picture_is_a_difference(tmp_path: Path) -> None:
    with make_shop(tmp_path) as shop:
        record = product_record(shop.db, add_goods(shop))
        change_product(shop, record, picture=prepared(_png(photo())))
        with shop.db.transaction():
            shop.db.run("UPDATE picture SET data=data||x'00'")
        proof = verify(shop.db)
        assert [(item.table, item.column) for item in proof.differences] == [("picture", "data")]


def test_what_was_not_prepared_is_not_kept(tmp_path: Path) -> None:
    with make_shop(tmp_path) as shop:
        record = product_record(shop.db, add_goods(shop))
        for raw in (_png(photo()), b"\xff\xd8\xff" + b"\0" * MOST_KEPT):
            with pytest.raises(BadPicture):
                change_product(shop, record, picture=raw)
        with pytest.raises(BadProduct):
            change_product(shop, msgspec.structs.replace(record, picture=b"kurang"))
        assert product_record(shop.db, record.product_id).picture == b""


def test_a_cashier_cannot_change_a_picture(tmp_path: Path) -> None:
    with make_shop(tmp_path) as shop:
        record = product_record(shop.db, add_goods(shop))
        shop.staff_id = add_staff(shop, "Yusuf", "cashier")
        with pytest.raises(NeedsManager):
            change_product(shop, record, picture=prepared(_png(photo())))
        assert shop.db.scalar("SELECT count(*) FROM picture") == 0


def test_backup_and_restore_bring_the_picture_along(tmp_path: Path) -> None:
    data = prepared(_png(photo()))
    copy = tmp_path / "copy.db"
    with make_shop(tmp_path) as shop:
        record = product_record(shop.db, add_goods(shop))
        change_product(shop, record, picture=data)
        back_up(shop.db, copy)
        change_product(shop, record)
        assert picture_data(shop.db, picture_hash(data)) == b""
        folder = shop.folder
    restore(folder, copy)
    with open_counter(folder, clock=StillClock(), witness=Witness(tmp_path / "state")) as shop:
        named = product_record(shop.db, record.product_id).picture
        assert picture_data(shop.db, named) == data
        assert verify(shop.db).unchecked == ()


def _raise_to(db: Database, target: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(pos.db.__file__).parent / "migrations"))
    config.attributes["connection"] = db.connection
    with db.transaction():
        command.upgrade(config, target)


def test_a_file_of_the_first_form_can_be_looked_at_and_is_raised_with_its_goods(
    tmp_path: Path,
) -> None:
    db = open_database(tmp_path / "first.db")
    _raise_to(db, "0001")
    names = [row[1] for row in db.rows("PRAGMA table_info(product)")]
    values = [b"" if one in ("id", "picture", "import_id") else 1 for one in names]
    values[names.index("picture")] = b"\1" * 32
    values[names.index("name")] = "Sagela"
    with db.transaction():
        db.run(f"INSERT INTO product VALUES ({','.join('?' * len(names))})", values)
    for target in ("0001", "0002"):
        _raise_to(db, target)
        assert missing_pictures(db) == [(b"\1" * 32, "Sagela")]
        assert list(changed_pictures(db)) == []
    assert db.scalar("SELECT count(*) FROM picture") == 0
    db.close()
