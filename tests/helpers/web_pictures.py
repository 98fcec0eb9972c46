"""Pictures of the sample shop's goods: drawn here, as different as photos of packets are."""

from __future__ import annotations

import hashlib
import io
from random import Random

import msgspec
from PIL import Image, ImageDraw, ImageFilter

from core.facts.base import FieldChange
from core.facts.catalog import ProductChanged
from server.pictures.decoding import decode
from server.pictures.keeping import keep
from server.services import Services
from server.sync.journal import take_journal
from tests.helpers.web_shop import Sample

SIDES = ((800, 600), (600, 800), (700, 700))


def drawn(seed: int) -> bytes:
    """A JPEG file of a packet on a table: soft ground, hard edges, some grain."""
    chance = Random(seed)
    size = SIDES[seed % len(SIDES)]

    def colour() -> tuple[int, int, int]:
        return chance.randrange(60, 230), chance.randrange(60, 230), chance.randrange(40, 200)

    image = Image.new("RGB", size, colour())
    image.paste(colour(), (0, size[1] * 2 // 3, *size))
    image = image.filter(ImageFilter.GaussianBlur(40))
    pen = ImageDraw.Draw(image)
    left, top = size[0] // 4, size[1] // 6
    pen.rounded_rectangle((left, top, size[0] - left, size[1] - top), 24, fill=colour())
    for row in range(5):
        at = top + 40 + row * 60
        pen.rectangle((left + 30, at, size[0] - left - 30 - 20 * row, at + 26), fill=colour())
    grain = Image.effect_noise(size, 24).convert("RGB")
    out = io.BytesIO()
    Image.blend(image, grain, 0.12).save(out, "JPEG", quality=85)
    return out.getvalue()


def show_pictures(services: Services, sample: Sample) -> None:
    """Each of the shop's goods names a picture, and it has come."""
    before = sample.front.head[0]
    for seed, product_id in enumerate(sample.goods):
        original = drawn(seed)
        name = hashlib.sha256(original).digest()
        old, new = (msgspec.json.encode(value).decode() for value in (b"", name))
        sample.front.write(ProductChanged(product_id, (FieldChange("picture", old, new),)))
        with services.store.shop(sample.shop_id) as tx:
            keep(tx, name, decode(original), 1)
    take_journal(services, sample.shop_id, sample.front.device, sample.front.push(before + 1))
