"""What pages show of a picture: light kinds in sizes, within bounds, made again where missing."""

from __future__ import annotations

import dataclasses
import io

import pytest
from PIL import Image
from sqlalchemy import delete, update

from core.sync.pictures import COPY_BYTES, MADE_BYTES, PictureTaken
from pos.catalog.pictures import prepared
from server.db.schema import SHOP, pictures
from server.pictures.decoding import decode
from server.pictures.keeping import Sides
from server.pictures.sweeping import DAY_MS, PictureSweep
from server.pictures.variants import MOST_BYTES, VERSION, steps_of
from server.services import PictureRules
from server.web.shots import large_shot
from tests.helpers.picture_files import noise, photo
from tests.server.pictures.conftest import Teller, jpeg, name_of
from tests.server.pictures.test_keeping import _show as show
from tests.server.sync.conftest import Shop
from tests.server.sync.over_http import Http

ROWS = ("step", "kind")


def _kept(shop: Shop) -> list[tuple[int, str]]:
    return sorted((row[0], row[1]) for row in shop.rows(pictures.picture_variant, *ROWS))


@pytest.mark.parametrize(
    ("size", "steps"),
    [((900, 600), (160, 320, 640, 960)), ((640, 20), (160, 320, 640)), ((300, 200), (160, 320)),
     ((320, 10), (160, 320)), ((160, 160), (160,)), ((3, 2), (160,))],
)  # fmt: skip
def test_each_size_comes_in_each_kind_and_none_is_enlarged(
    size: tuple[int, int], steps: tuple[int, ...]
) -> None:
    decoded = decode(jpeg(photo(size)))
    assert steps_of(decoded.width, decoded.height) == steps
    found = {(one.step, one.kind): one.data for one in decoded.variants}
    assert sorted(found) == sorted((step, kind) for step in steps for kind in ("avif", "webp"))
    for (step, kind), data in found.items():
        with Image.open(io.BytesIO(data), formats=[kind.upper()]) as image:
            assert max(image.size) == min(step, decoded.width, max(size))
            assert not image.getexif() and len(data) <= MOST_BYTES[step]


def test_what_a_counter_makes_is_shown_as_large_and_copied_as_small_as_ever() -> None:
    original = prepared(jpeg(photo((2_400, 1_600))))
    with Image.open(io.BytesIO(original)) as image:
        assert image.size == (960, 640) and len(original) <= MADE_BYTES
    decoded = decode(original)
    assert (decoded.width, decoded.height) == (960, 640)
    assert {one.step for one in decoded.variants} == {160, 320, 640, 960}
    with Image.open(io.BytesIO(decoded.data)) as image:
        assert image.size == (640, 427) and len(decoded.data) <= COPY_BYTES
    assert "&u=960&j=avif 960w" in large_shot("/g?v=1", Sides(960, 640)).sources[0].addresses
    assert "960" not in large_shot("/g?v=1", Sides(640, 427)).sources[0].addresses


def test_what_cannot_be_light_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    original = noise((400, 400), 7)
    assert all(len(one.data) <= MOST_BYTES[one.step] for one in decode(original).variants)
    monkeypatch.setitem(MOST_BYTES, 320, 900)
    decoded = decode(original)
    assert decoded.data and {one.step for one in decoded.variants} == {160, 640}


def test_they_come_with_the_picture_and_go_with_it(shop: Shop, teller: Teller) -> None:
    original = jpeg()
    name = name_of(original)
    (goods,) = teller.name(name)
    taken = teller.send(original)
    assert isinstance(taken, PictureTaken) and taken.kept
    assert _kept(shop) == [
        (step, kind) for step in (160, 320, 640, 960) for kind in ("avif", "webp")
    ]
    drawn, size = shop.one(pictures.picture, "drawn", "drawn_size")
    assert drawn == VERSION and 0 < size < 2 * sum(MOST_BYTES.values())
    show(teller, goods, name, b"")
    sweep = PictureSweep(shop.services)
    sweep.turn()
    shop.clock[0] += 31 * DAY_MS
    sweep.turn()
    assert _kept(shop) == [] and shop.rows(pictures.picture, "hash") == []


def test_a_picture_is_taken_though_there_is_no_room_for_them(shop: Shop, teller: Teller) -> None:
    shop.services = dataclasses.replace(shop.services, picture_rules=PictureRules(60_000))
    teller.http = Http(shop)
    original = noise((300, 250), 9)
    teller.name(name_of(original))
    taken = teller.send(original)
    assert isinstance(taken, PictureTaken) and taken.kept
    assert _kept(shop) == [] and shop.one(pictures.picture, "drawn", "drawn_size") == (VERSION, 0)


def test_a_picture_that_was_kept_before_gets_them_later_some_at_a_time(
    shop: Shop, teller: Teller
) -> None:
    some = [jpeg(photo((300 + number, 200))) for number in range(2)]
    teller.name(*map(name_of, some))
    for one in some:
        teller.send(one)
    with shop.services.store.shop(shop.id) as tx:
        own = pictures.picture_variant.c.shop_id == SHOP
        tx.run(delete(pictures.picture_variant).where(own))
        before = update(pictures.picture).where(pictures.picture.c.shop_id == SHOP)
        tx.run(before.values(drawn=0, drawn_size=0))
    sweep = PictureSweep(shop.services)
    sweep.turn(draws=1)
    assert len(_kept(shop)) == 4
    sweep.turn(draws=5)
    assert len(_kept(shop)) == 8
    assert {row[0] for row in shop.rows(pictures.picture, "drawn")} == {VERSION}
