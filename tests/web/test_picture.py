"""A product's picture in a real browser: the policy lets it in, and its room is there before it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from tests.helpers.web_shop import open_services, sqlite_address
from tests.server.pictures.conftest import jpeg
from tests.server.web.test_pictures import keep, show_picture
from tests.web.conftest import Site
from tests.web.test_owner import overflow, sign_in


@pytest.fixture
def page(chromium: Chromium) -> Iterator[tuple[Page, list[str]]]:
    said: list[str] = []
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="id-ID")
    made = context.new_page()
    made.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
    yield made, said
    context.close()


def test_the_picture_is_seen_on_a_phone_and_larger_at_a_touch(
    page: tuple[Page, list[str]], site: Site, tmp_path: object
) -> None:
    shown, said = page
    services = open_services(sqlite_address(tmp_path))  # type: ignore[arg-type]
    original = jpeg()
    name = show_picture(services, site.sample, original)
    keep(services, site.sample.shop_id, name, original)
    services.store.close()
    sign_in(shown, site)
    shown.goto(f"{site.shop}/barang/{site.sample.goods[1].hex()}")
    picture = shown.get_by_role("img", name="Gambar Gula pasir")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 256)
    box = picture.bounding_box()
    assert box is not None and (box["width"], box["height"]) == (256, 171)
    assert overflow(shown) == 0
    shown.get_by_role("link", name="Gambar Gula pasir").click()
    expect(shown.locator("img")).to_have_js_property("naturalWidth", 640)
    assert [one for one in said if "favicon" not in one] == []
