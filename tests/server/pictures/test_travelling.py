"""A picture comes up in parts, becomes a copy, and goes down to the shop's other counters."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from sqlalchemy import delete

from core.sync.messages import Problem
from core.sync.pictures import COPY_BYTES, PicturePart, PictureTaken, copy_bytes
from server.db.schema import SHOP, pictures
from server.sync.keys import is_signed
from tests.helpers.picture_files import noise, photo
from tests.server.pictures.conftest import Teller, jpeg, name_of
from tests.server.sync.conftest import Shop
from tests.server.sync.over_http import Http


def _whole(teller: Teller, name: bytes, most: int = 0) -> bytes:
    """A copy, fetched part by part."""
    data = b""
    while True:
        part = teller.get(name, len(data), most)
        assert isinstance(part, PicturePart), part
        data += part.data
        if len(data) == part.size:
            assert hashlib.sha256(data).digest() == part.copy
            return data


def test_what_goods_name_is_asked_for_taken_and_given_to_another_counter(
    shop: Shop, teller: Teller
) -> None:
    original = jpeg()
    name = name_of(original)
    assert teller.lacking() == {}
    teller.name(name)
    assert teller.lacking() == {name: 0} and teller.ask(name).ready == ()
    taken = teller.send(original)
    assert isinstance(taken, PictureTaken) and taken.kept
    assert teller.lacking() == {}

    other = Teller(shop, shop.joined("K2"), Http(shop))
    assert other.ask(name).ready == (name,)
    part = other.get(name)
    assert isinstance(part, PicturePart) and part.size == len(part.data) <= COPY_BYTES
    assert hashlib.sha256(part.data).digest() == part.copy != name
    assert is_signed(shop.key.public, part.signature, copy_bytes(shop.id, name, part.copy))
    assert part.data != original
    with Image.open(io.BytesIO(part.data)) as shown:
        assert (shown.format, shown.size) == ("JPEG", (640, 427))
    assert _whole(other, name, 700) == part.data
    # One row, nothing left of its parts.
    assert shop.one(pictures.picture, "hash", "refused", "width", "height") == (name, "", 900, 600)
    assert shop.rows(pictures.picture_part, "hash") == []


@pytest.mark.parametrize("size", [1_000, 3_000, 7_777, 11_000])
def test_an_upload_that_ends_anywhere_goes_on_from_there(
    shop: Shop, teller: Teller, size: int
) -> None:
    original = jpeg(photo((640, 427)), quality=95)
    name = name_of(original)
    teller.name(name)
    at = 0
    while at < len(original):
        # The power went: another process of the counter asks how far it had come.
        assert teller.lacking() == {name: at}
        taken = teller.send(original, offset=at, most=size)
        assert isinstance(taken, PictureTaken)
        assert taken.received == min(at + size, len(original))
        assert taken.kept is (taken.received == len(original))
        at = taken.received
    assert teller.ask(name).ready == (name,)


def test_parts_that_come_twice_out_of_order_or_overlapping_change_nothing(
    shop: Shop, teller: Teller
) -> None:
    original = noise((60, 50), 3)
    teller.name(name_of(original))

    def received(**where: int) -> int:
        taken = teller.send(original, **where)
        assert isinstance(taken, PictureTaken) and not taken.kept
        return taken.received

    assert received(offset=5_000, most=1_000) == 0  # a gap: from the start, please
    assert received(most=2_000) == 2_000
    assert received(most=2_000) == 2_000
    assert received(most=1_000) == 2_000
    assert received(offset=1_500, most=1_000) == 2_500
    assert received(offset=4_000, most=10) == 2_500
    sizes = [row[0] for row in shop.rows(pictures.picture_part, "size")]
    assert sorted(sizes) == [500, 2_000]
    last = teller.send(original, offset=2_500)
    assert isinstance(last, PictureTaken) and last.kept
    again = teller.send(original, offset=2_500)
    assert isinstance(again, PictureTaken) and (again.kept, again.received) == (True, len(original))


def test_place_and_time_of_a_photo_are_gone_and_it_stands_upright(
    shop: Shop, teller: Teller
) -> None:
    exif = Image.Exif()
    exif[Base.Orientation] = 6
    exif[Base.Make] = "Kamera Rahasia"
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (0.0, 33.0, 12.0)
    original = jpeg(photo((300, 200)), exif=exif, comment=b"rumah bu Sri")
    assert b"Kamera Rahasia" in original and b"rumah bu Sri" in original
    name = name_of(original)
    teller.name(name)
    taken = teller.send(original)
    assert isinstance(taken, PictureTaken) and taken.kept
    for (data,) in shop.rows(pictures.picture, "data") + shop.rows(pictures.picture, "thumb"):
        assert b"Kamera" not in data and b"Exif" not in data and b"rumah" not in data
        with Image.open(io.BytesIO(data)) as shown:
            assert not shown.getexif() and shown.height > shown.width
            # The dark half was at the left: upright it is on top.
            top, bottom = (shown.getpixel((shown.width // 2, y)) for y in (5, shown.height - 5))
            assert sum(top) < sum(bottom)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_png_and_webp_with_holes_become_jpeg_on_white(
    shop: Shop, teller: Teller, kind: str
) -> None:
    image: Any = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    out = io.BytesIO()
    image.save(out, kind)
    name = name_of(out.getvalue())
    teller.name(name)
    taken = teller.send(out.getvalue())
    assert isinstance(taken, PictureTaken) and taken.kept
    with Image.open(io.BytesIO(_whole(teller, name))) as shown:
        assert (shown.format, shown.getpixel((20, 20))) == ("JPEG", (255, 255, 255))


def test_what_the_server_lost_comes_back_as_its_own_copy_with_its_own_word(
    shop: Shop, teller: Teller
) -> None:
    original = jpeg()
    name = name_of(original)
    teller.name(name)
    teller.send(original)
    part = teller.get(name)
    assert isinstance(part, PicturePart)
    with shop.services.store.shop(shop.id) as tx:
        assert tx.run(delete(pictures.picture).where(pictures.picture.c.shop_id == SHOP)) == 1
    stranger = Teller(shop, shop.joined("K2"), Http(shop))
    for signature in (b"", bytes(64), part.signature[::-1]):
        refused = stranger.send(part.data, name=name, copy=part.copy, signature=signature)
        assert isinstance(refused, Problem) and refused.error == "wrong_picture"
    back = stranger.send(part.data, name=name, copy=part.copy, signature=part.signature)
    assert isinstance(back, PictureTaken) and back.kept
    assert teller.ask(name).ready == (name,)


def test_many_pictures_are_told_in_pages(shop: Shop, teller: Teller) -> None:
    names = sorted(name_of(bytes([number])) for number in range(150))
    teller.name(*names, names[3], names[7])
    first = teller.ask()
    assert [one.hash for one in first.lacking] == names[:100] and first.more
    rest = teller.ask(after=first.lacking[-1].hash)
    assert [one.hash for one in rest.lacking] == names[100:] and not rest.more
