"""A product's picture on its page: who may see it, how it is sent, and what stands there before."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable

import msgspec
import pytest
from PIL import Image

from core.facts.base import FieldChange
from core.facts.catalog import ProductChanged
from server.pictures import keeping
from server.pictures.decoding import decode
from server.services import Services
from server.sync.journal import take_journal
from tests.helpers.web_browser import Browser, PageReader
from tests.helpers.web_shop import OWNER, Sample, sample_shop
from tests.server.pictures.conftest import jpeg

SignIn = Callable[..., Browser]


def show_picture(services: Services, sample: Sample, original: bytes) -> bytes:
    """The shop's second product names a picture; its name."""
    name = hashlib.sha256(original).digest()
    old, new = (msgspec.json.encode(value).decode() for value in (b"", name))
    change = ProductChanged(sample.goods[1], (FieldChange("picture", old, new),))
    before = sample.front.head[0]
    sample.front.write(change)
    push = sample.front.push(before + 1)
    take_journal(services, sample.shop_id, sample.front.device, push)
    return name


def keep(services: Services, shop_id: bytes, name: bytes, original: bytes) -> None:
    """The picture has come."""
    with services.store.shop(shop_id) as tx:
        keeping.keep(tx, name, decode(original), 1)


@pytest.fixture
def place(sample: Sample) -> str:
    return f"/kelola/{sample.shop_id.hex()}/barang/{sample.goods[1].hex()}"


def test_the_page_shows_the_picture_small_with_its_words_and_sides(
    services: Services, sample: Sample, signed_in: SignIn, place: str
) -> None:
    owner, original = signed_in(), jpeg()
    assert "gambar?" not in owner.get(place).text and "perjalanan" not in owner.get(place).text
    name = show_picture(services, sample, original)
    assert "masih dalam perjalanan" in owner.get(place).text
    keep(services, sample.shop_id, name, original)
    answer = owner.get(place)
    assert "perjalanan" not in answer.text
    (shown,) = [given for tag, given in PageReader(answer.text).tags if tag == "img"]
    assert shown["alt"] == "Gambar Gula pasir"
    assert (shown["width"], shown["height"]) == ("256", "171")
    assert (shown["loading"], shown["decoding"]) == ("lazy", "async")
    assert shown["src"] == f"{place}/gambar?v={name.hex()}&kecil=1"
    assert f'href="{place}/gambar?v={name.hex()}"' in answer.text
    assert "img-src 'self'" in answer.headers["content-security-policy"]
    sides = {}
    for path in (str(shown["src"]), f"{place}/gambar?v={name.hex()}"):
        found = owner.get(path)
        assert (found.status_code, found.headers["content-type"]) == (200, "image/jpeg")
        with Image.open(io.BytesIO(found.content)) as image:
            sides[path[-8:]] = (image.format, max(image.size))
        assert len(found.content) <= (12_000 if path.endswith("=1") else 60_000)
    assert sorted(sides.values()) == [("JPEG", 256), ("JPEG", 640)]
    english = signed_in(language="en").get(place).text
    assert 'alt="Picture of Gula pasir"' in english


def test_it_is_kept_by_the_reader_alone_runs_nothing_and_an_old_address_is_not_kept(
    services: Services, sample: Sample, signed_in: SignIn, place: str
) -> None:
    owner, original = signed_in(), jpeg()
    name = show_picture(services, sample, original)
    keep(services, sample.shop_id, name, original)
    found = owner.get(f"{place}/gambar?v={name.hex()}").headers
    assert found["cache-control"] == "private, max-age=31536000, immutable"
    policy = found["content-security-policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy and "script" not in policy
    assert found["x-content-type-options"] == "nosniff"
    assert found["content-disposition"] == 'inline; filename="gambar.jpg"'
    assert found["cross-origin-resource-policy"] == "same-origin"
    assert found["vary"] == "cookie" and "set-cookie" not in found
    for query in ("", "?v=", f"?v={'0' * 64}", "?v=<script>"):
        assert owner.get(f"{place}/gambar{query}").headers["cache-control"] == "no-store"


def test_nobody_else_sees_it(
    services: Services, sample: Sample, browser: Browser, signed_in: SignIn, place: str
) -> None:
    original = jpeg()
    name = show_picture(services, sample, original)
    keep(services, sample.shop_id, name, original)
    address = f"{place}/gambar?v={name.hex()}"
    away = browser.get(address)
    assert away.status_code == 303 and away.headers["location"].startswith("/masuk")
    other = sample_shop(services, "Toko Lain", owner="lain@contoh.id")
    stranger = signed_in("lain@contoh.id")
    assert stranger.get(address).status_code == 404
    # Its goods, or its name, under the stranger's own shop are nothing either.
    own = f"/kelola/{other.shop_id.hex()}/barang"
    assert stranger.get(f"{own}/{sample.goods[1].hex()}/gambar").status_code == 404
    assert stranger.get(f"{own}/{other.goods[1].hex()}/gambar?v={name.hex()}").status_code == 404
    show_picture(services, other, original)
    assert stranger.get(f"{own}/{other.goods[1].hex()}/gambar?v={name.hex()}").status_code == 404
    assert "perjalanan" in stranger.get(f"{own}/{other.goods[1].hex()}").text
    assert signed_in(OWNER).get(address).status_code == 200


def test_one_that_could_not_be_read_is_not_promised(
    services: Services, sample: Sample, signed_in: SignIn, place: str
) -> None:
    name = show_picture(services, sample, b"no picture")
    with services.store.shop(sample.shop_id) as tx:
        keeping.refuse(tx, name, "type", 1)
    owner = signed_in()
    assert "perjalanan" not in owner.get(place).text and "<img" not in owner.get(place).text
    assert owner.get(f"{place}/gambar?v={name.hex()}").status_code == 404
