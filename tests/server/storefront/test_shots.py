"""Pictures of goods on public pages: light kinds and sizes, each of them what its address says."""

from __future__ import annotations

import io

from PIL import Image
from sqlalchemy import delete

from server.db.schema import SHOP
from server.db.schema.pictures import picture_variant
from server.services import Services
from tests.helpers.web_browser import Browser, PageReader
from tests.helpers.web_gerai import open_gerai
from tests.helpers.web_shop import Sample
from tests.server.storefront.test_gerai import product_path
from tests.server.web.test_pictures import jpeg, keep, show_picture


def _sources(text: str) -> list[tuple[str, list[tuple[str, int]]]]:
    """Of the pictures of a page: media type, addresses with the widths that are promised."""
    found = []
    for tag, given in PageReader(text).tags:
        if tag == "source":
            offered = [one.rsplit(" ", 1) for one in str(given["srcset"]).split(", ")]
            found.append((str(given["type"]), [(one, int(w[:-1])) for one, w in offered]))
            assert given["sizes"]
    return found


def test_each_kind_and_size_that_a_page_offers_is_what_it_says(
    services: Services, sample: Sample, browser: Browser
) -> None:
    place, original = open_gerai(services, sample), jpeg()
    keep(services, sample.shop_id, show_picture(services, sample, original), original)
    text = browser.get(place).text
    product = browser.get(product_path(text, "gula-pasir")).text
    listed, shown = _sources(text), _sources(product)
    for some, widths in ((listed, [160, 320]), (shown, [160, 320, 640, 900])):
        assert [kind for kind, _ in some] == ["image/avif", "image/webp"]
        assert all([width for _, width in offered] == widths for _, offered in some)
    for kind, offered in listed + shown:
        for address, width in offered:
            answer = browser.get(address)
            assert answer.headers["content-type"] == kind
            assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert "sandbox" in answer.headers["content-security-policy"]
            with Image.open(io.BytesIO(answer.content)) as image:
                assert image.size[0] == width
    assert 'fetchpriority="high"' in product and 'loading="lazy"' not in product


def test_what_was_not_made_yet_is_shown_as_jpeg_and_asked_for_again_soon(
    services: Services, sample: Sample, browser: Browser
) -> None:
    place, original = open_gerai(services, sample), jpeg()
    keep(services, sample.shop_id, show_picture(services, sample, original), original)
    (address, _), *_ = _sources(browser.get(place).text)[0][1]
    changes = (("u=160", "u=161"), ("avif", "svg"), ("u=160", "u=-1"), ("&j=avif", ""))
    for wrong in (address.replace(*change) for change in changes):
        answer = browser.get(wrong)
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["cache-control"] == "public, max-age=300"
    with services.store.shop(sample.shop_id) as tx:
        tx.run(delete(picture_variant).where(picture_variant.c.shop_id == SHOP))
    answer = browser.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert "immutable" not in answer.headers["cache-control"]
