"""A gerai's logo and banner: uploaded, written anew in sizes, shown, replaced, removed."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select

from server.db.schema.pictures import gerai_picture
from server.db.tied import tied
from server.services import Services
from server.shops.history import history
from server.shops.reading import shop_here
from server.storefront import pictures
from tests.helpers.picture_files import bomb, photo
from tests.helpers.web_browser import Browser, PageReader
from tests.helpers.web_gerai import open_gerai
from tests.helpers.web_shop import Sample
from tests.server.storefront.test_gerai import data_of

SignIn = Callable[..., Browser]


@pytest.fixture
def place(sample: Sample) -> str:
    return f"/kelola/{sample.shop_id.hex()}/rupa"


def picture(size: tuple[int, int], kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    photo(size).save(out, kind)
    return out.getvalue()


def send(owner: Browser, place: str, role: str, data: bytes, **more: str) -> tuple[int, str]:
    forms = PageReader(owner.get(place).text).forms
    csrf = next(one.fields["csrf"] for one in forms if one.action == place)
    answer = owner.ask(
        "POST", place, data={"csrf": csrf, "peran": role, **more},
        files={"berkas": ("foto.jpg", data, "image/jpeg")},
    )  # fmt: skip
    return answer.status_code, answer.text


def rows(services: Services, shop_id: bytes) -> int:
    with services.store.reading_shop(shop_id) as tx:
        return int(tx.scalar(select(func.count()).select_from(gerai_picture).where(
            tied(gerai_picture)
        )))  # fmt: skip


def test_a_banner_and_a_logo_are_shown_in_the_sizes_that_screens_need(
    services: Services, sample: Sample, signed_in: SignIn, place: str, browser: Browser
) -> None:
    gerai = open_gerai(services, sample)
    assert 'class="cloth"' in browser.get(gerai).text
    owner = signed_in()
    assert send(owner, place, "banner", picture((2400, 800)))[0] == 303
    assert send(owner, place, "logo", picture((400, 500), "PNG"))[0] == 303
    text = browser.get(gerai).text
    assert 'class="cloth"' not in text and 'class="banner"' in text
    assert 'width="960" height="320"' in text and "960w" in text
    found = {}
    # What search engines read is written otherwise; pages are what is looked at here.
    for address in re.findall(
        r'(/toko/[a-z-]+/(?:logo|spanduk)\?[^" ]+)', text.split("ld+json")[0]
    ):
        answer = browser.get(address.replace("&amp;", "&"))
        assert answer.status_code == 200 and "immutable" in answer.headers["cache-control"]
        assert "sandbox" in answer.headers["content-security-policy"]
        found[address] = Image.open(io.BytesIO(answer.content))
    assert {one.format for one in found.values()} == {"AVIF", "WEBP", "JPEG"}
    assert {max(one.size) for one in found.values()} == {96, 256, 480, 960}
    assert all(not one.getexif() for one in found.values())
    assert str(data_of(text)["logo"]).startswith("https://toko.contoh/toko/")
    product = browser.get(re.search(rf'href="({gerai}/gula-pasir[^"]*)"', text)[1]).text  # type: ignore[index]
    assert 'class="banner"' not in product and "/logo?" in product


def test_a_new_one_replaces_it_a_removed_one_is_gone_and_both_are_history(
    services: Services, sample: Sample, signed_in: SignIn, place: str, browser: Browser
) -> None:
    gerai = open_gerai(services, sample)
    owner = signed_in()
    send(owner, place, "logo", picture((300, 300)))
    first, count = browser.get(gerai).text, rows(services, sample.shop_id)
    send(owner, place, "logo", picture((300, 200)))
    assert browser.get(gerai).text != first and rows(services, sample.shop_id) == count
    csrf = PageReader(owner.get(place).text).forms[0].fields["csrf"]
    owner.post(place, {"csrf": csrf, "peran": "logo", "lakukan": "hapus"})
    assert "/logo?" not in browser.get(gerai).text and rows(services, sample.shop_id) == 0
    assert browser.get(f"{gerai}/logo?u=96&j=jpeg").status_code == 404
    with services.store.reading_shop(sample.shop_id) as tx:
        changed = [one for one in history(tx, "setting", b"") if one.field == "gerai_logo"]
    assert len(changed) == 3


@pytest.mark.parametrize(
    "data", [b"", b"<svg onload=alert(1)>", b"\xff\xd8\xff" + bytes(99), bomb()]
)
def test_what_is_no_picture_changes_nothing(
    services: Services, sample: Sample, signed_in: SignIn, place: str, data: bytes
) -> None:
    status, text = send(signed_in(), place, "banner", data)
    assert status == 422 and 'role="alert"' in text
    assert rows(services, sample.shop_id) == 0


def test_a_wrong_role_and_a_stranger_get_nothing(
    services: Services, sample: Sample, signed_in: SignIn, place: str, browser: Browser
) -> None:
    assert send(signed_in(), place, "sampul", picture((99, 99)))[0] == 404
    assert browser.get(place).status_code == 303


def test_the_one_that_is_shown_is_there_where_two_come_at_once(
    services: Services, sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = picture((300, 300)), picture((310, 310))
    name = pictures._name
    waiting = [first]

    def late(*words: Any) -> None:
        if waiting:  # the first is taken whole between the second's bytes and its name
            pictures.take_front(services, sample.shop_id, "logo", waiting.pop(), bytes(16))
        name(*words)

    monkeypatch.setattr(pictures, "_name", late)
    pictures.take_front(services, sample.shop_id, "logo", second, bytes(16))
    with services.store.reading_shop(sample.shop_id) as tx:
        here = shop_here(tx)
        assert here is not None
        shown = pictures.front_picture(here, "logo")
        assert shown.name == hashlib.sha256(second).hexdigest()
        assert pictures.front_data(tx, "logo", shown, 96, "jpeg")
    assert rows(services, sample.shop_id) == 6
