"""What stands in an address is anybody's: a page comes of it, whatever it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.helpers.web_browser import Browser
from tests.helpers.web_shop import Sample

SignIn = Callable[..., Browser]


@pytest.mark.parametrize(
    "place",
    [
        "/penjualan?nomor=%00",
        "/barang?cari=kopi%00",
        "/barang?sesudah=a%00~" + "0" * 32,
        "/pelanggan?cari=udin%00",
    ],
)
def test_a_nul_is_looked_for_nowhere(sample: Sample, signed_in: SignIn, place: str) -> None:
    assert signed_in().get(f"/kelola/{sample.shop_id.hex()}{place}").status_code == 200


def test_a_place_among_movements_that_no_page_has_shows_what_is_older(
    sample: Sample, signed_in: SignIn
) -> None:
    place = f"/kelola/{sample.shop_id.hex()}/barang/{sample.goods[0].hex()}"
    assert signed_in().get(f"{place}?sebelum=5-99999999").status_code == 200


def test_the_last_day_of_the_calendar_has_hours_after_midnight(
    sample: Sample, signed_in: SignIn
) -> None:
    owner, base = signed_in(), f"/kelola/{sample.shop_id.hex()}"
    said = owner.submit(f"{base}/pengaturan", "/pengaturan", day_close_minutes="02.00")
    assert said.status_code == 303
    for day in ("9999-12-31", "0001-01-01"):
        assert owner.get(f"{base}/penjualan?dari={day}&jam=0").status_code == 200, day
