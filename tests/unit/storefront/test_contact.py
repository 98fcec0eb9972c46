"""Where a shop is: links to maps, districts."""

from __future__ import annotations

import pytest

from server.storefront.contact import map_link
from server.storefront.districts import districts


@pytest.mark.parametrize(
    "link",
    ["https://maps.app.goo.gl/abc", "https://goo.gl/maps/x", "https://www.google.com/maps/place/x",
     "https://www.openstreetmap.org/?mlat=0.62&mlon=122.98#map=17/0.62/122.98"],
)  # fmt: skip
def test_links_to_maps_are_kept(link: str) -> None:
    assert map_link(f" {link} ") == link


@pytest.mark.parametrize(
    "link",
    ["http://maps.google.com/x", "javascript:alert(1)", "https://jahat.id/maps", "",
     "https://www.google.com/url?q=https://jahat.id", "https://maps.google.com@jahat.id/",
     "https://maps.google.com:99/x", 'https://goo.gl/maps/"onmouseover=', "https://[x",
     "https://goo.gl/x", "https://maps.app.goo.gl/" + "a" * 500, "//maps.google.com/x"],
)  # fmt: skip
def test_other_links_are_not(link: str) -> None:
    assert map_link(link) is None


def test_the_regency_has_nineteen_districts() -> None:
    assert len(districts()) == 19 and districts()["75.01.22"] == "Talaga Jaya"
