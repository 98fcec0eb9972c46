"""Variants of pictures that were kept before there were any, made from their copies in the
background: few at a time, in the process that reads originals, and never while a request waits."""

from __future__ import annotations

from server.pictures.keeping import copy_data
from server.pictures.reading import read_picture
from server.pictures.refusals import BadPicture, DecodersBusy, NoPicture
from server.pictures.shown import put_variants, undrawn
from server.pictures.variants import Variant
from server.services import Services


def draw_again(services: Services, shop_id: bytes, most: int) -> int:
    """Make what is missing of a shop's pictures, `most` at a time; how many were looked at."""
    with services.store.reading_shop(shop_id) as tx:
        names = undrawn(tx, most)
    for done, name in enumerate(names):
        try:
            _draw(services, shop_id, name)
        except DecodersBusy:
            return done  # the next time
    return len(names)


def _draw(services: Services, shop_id: bytes, name: bytes) -> None:
    made: tuple[Variant, ...] = ()
    try:
        with services.store.reading_shop(shop_id) as tx:
            data = copy_data(tx, name)
        made = read_picture(data).variants
    except NoPicture:
        return
    except BadPicture:
        pass  # our own copy, which this decoder cannot read: it is shown as it is
    quota = services.picture_rules.quota_bytes
    services.store.in_shop(shop_id, lambda tx: put_variants(tx, name, made, quota))
