"""The owner's page of the gerai: filled in, refused beside the field, looked at, saved once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from server.accounts.people import add_user
from server.services import Services
from server.shops.history import history
from server.storefront.addresses import claim, name_of
from server.storefront.face import Face
from server.storefront.hours import Holiday
from server.storefront.settings import NOTHING, Area
from tests.helpers.web_browser import Browser, PageReader
from tests.helpers.web_gerai import fields_of, open_gerai, set_gerai
from tests.helpers.web_shop import PASSWORD, Sample

SignIn = Callable[..., Browser]
TYPED = {
    "name": "Warung Ibu Sri",
    "open": "1",
    "story": "Beras dan ikan.\r\n\r\nSejak 1987.",
    "whatsapp": "+62 812 4400 1234",
    "map": "https://maps.app.goo.gl/abc",
    "day-0": "8-12, 13-17",
    "day-5": "20.00-02.00",
    "holiday-0-first": "2026-12-24",
    "holiday-0-last": "2026-12-26",
    "holiday-0-sentence": "Libur akhir tahun",
    "area-75.01.01": "5rb",
    "area-75.01.22": "0",
    "colours": "ungu",
    "layout": "list",
    "font": "anggun",
    "term": "12",
    "lakukan": "simpan",
}


@pytest.fixture
def place(sample: Sample) -> str:
    return f"/kelola/{sample.shop_id.hex()}/gerai"


def form_of(browser: Browser, place: str) -> dict[str, str]:
    form = next(one for one in PageReader(browser.get(place).text).forms if one.action == place)
    form.fields.pop("lakukan", None)
    return form.fields


def send(browser: Browser, place: str, **typed: str) -> tuple[int, str]:
    answer = browser.post(place, {**form_of(browser, place), **TYPED, **typed})
    return answer.status_code, answer.text


def test_a_gerai_is_opened_by_filling_in_its_page(
    services: Services, sample: Sample, signed_in: SignIn, place: str, browser: Browser
) -> None:
    owner = signed_in()
    assert form_of(owner, place)["name"] == "warung-ibu-sri", "an address is proposed"
    assert fields_of(services, sample.shop_id) == NOTHING
    assert send(owner, place) == (303, "")
    found = fields_of(services, sample.shop_id)
    assert found.gerai_open and found.gerai_story == "Beras dan ikan.\nSejak 1987."
    assert found.gerai_whatsapp == "6281244001234" and found.gerai_collect
    assert found.gerai_hours[0] == ((480, 720), (780, 1020))
    assert found.gerai_hours[5] == ((1200, 1560),) and found.gerai_hours[1] == ()
    assert found.gerai_holidays == (Holiday("2026-12-24", "2026-12-26", "Libur akhir tahun"),)
    assert found.gerai_areas == (Area("75.01.01", 5_000), Area("75.01.22", 0))
    assert found.gerai_face == Face("ungu", "", "", "list", "anggun")
    assert found.gerai_term_hours == 12
    assert name_of(services, sample.shop_id) == "warung-ibu-sri"
    assert browser.get("/toko/warung-ibu-sri").status_code == 200
    shown = form_of(owner, place)
    assert shown["day-0"] == "08.00-12.00, 13.00-17.00" and shown["area-75.01.01"] == "5.000"
    assert shown["whatsapp"] == "0812-4400-1234"


def test_saving_what_stands_writes_nothing_and_a_change_is_history(
    services: Services, sample: Sample, signed_in: SignIn, place: str
) -> None:
    open_gerai(services, sample)
    owner = signed_in()
    with services.store.reading_shop(sample.shop_id) as tx:
        before = len(history(tx, "setting", b""))
    given = form_of(owner, place)
    assert owner.post(place, {**given, "lakukan": "simpan"}).status_code == 303
    assert owner.post(place, {**given, "story": "Baru", "lakukan": "simpan"}).status_code == 303
    with services.store.reading_shop(sample.shop_id) as tx:
        after = history(tx, "setting", b"")
    assert len(after) == before + 1 and after[0].field == "gerai_story"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "bri"}, "Nama lembaga, bank"), ({"name": "x"}, "Paling sedikit 3"),
        ({"name": "tetangga"}, "sudah dipakai"), ({"whatsapp": "112"}, "nomor ponsel"),
        ({"map": "https://jahat.id"}, "Tempelkan tautan"), ({"day-3": "pagi"}, "08.00-17.00"),
        ({"holiday-0-first": "2026-12-30"}, "kedua tanggalnya"),
        ({"area-75.01.01": "banyak"}, "jumlah rupiah"), ({"term": "0"}, "Antara 1 dan 168"),
        ({"story": "a" * 1_001}, "Paling banyak 1000"),
        ({"colours": "sendiri", "main": "url(x)"}, "enam angka heksa"),
        ({"colours": "</style>"}, "Pilihlah salah satu"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_said_at_its_field_and_nothing_is_lost(
    services: Services, sample: Sample, signed_in: SignIn, place: str,
    typed: dict[str, str], said: str,
) -> None:  # fmt: skip
    claim(services, b"x" * 16, "tetangga")
    owner = signed_in()
    status, text = send(owner, place, **typed)
    assert status == 422 and said in text and "Belum disimpan" in text
    assert 'value="Libur akhir tahun"' in text, "what was typed is still there"
    assert fields_of(services, sample.shop_id) == NOTHING
    assert name_of(services, sample.shop_id) == ""


def test_a_look_shows_the_page_as_it_would_be_and_saves_nothing(
    services: Services, sample: Sample, signed_in: SignIn, place: str, browser: Browser
) -> None:
    owner = signed_in()
    asked = {**form_of(owner, place), **TYPED, "lakukan": "lihat", "story": "<b>Halo</b>"}
    answer = owner.post(place, asked)
    assert answer.status_code == 200 and "Pratinjau: belum disimpan." in answer.text
    assert (
        "&lt;b&gt;Halo&lt;/b&gt;" in answer.text and answer.headers["cache-control"] == "no-store"
    )
    assert fields_of(services, sample.shop_id) == NOTHING
    assert browser.get("/toko/warung-ibu-sri").status_code == 404
    sheet = re.search(r'href="(/kelola/[^"]*wajah\.css[^"]*)"', answer.text)
    assert sheet is not None
    style = owner.get(sheet[1].replace("&amp;", "&"))
    assert "--bar:#5b2a86" in style.text and "private" in style.headers["cache-control"]
    for pattern in re.findall(r"url\(([^)]*)\)", style.text):
        assert owner.get(pattern).headers["content-type"] == "image/svg+xml"
    kept = next(one for one in PageReader(answer.text).forms if one.action == place).fields
    back = owner.post(place, {**kept, "lakukan": "ubah"})
    assert back.status_code == 200 and 'value="8-12, 13-17"' in back.text
    assert owner.post(place, {**kept, "lakukan": "simpan"}).status_code == 303
    assert fields_of(services, sample.shop_id).gerai_story == "<b>Halo</b>"


def test_a_colour_that_was_darkened_is_told(sample: Sample, signed_in: SignIn, place: str) -> None:
    owner = signed_in()
    assert send(owner, place, colours="sendiri", main="#ffd400", thread="#000000")[0] == 303
    assert "terlalu muda untuk dibaca" in owner.get(place).text


def test_a_field_that_another_changed_meanwhile_is_judged_as_at_two_places(
    services: Services, sample: Sample, signed_in: SignIn, place: str
) -> None:
    open_gerai(services, sample)
    owner = signed_in()
    given = form_of(owner, place)
    set_gerai(services, sample.shop_id, gerai_story="Dari tempat lain")
    assert owner.post(place, {**given, "story": "Dari sini", "lakukan": "simpan"}).is_redirect
    text = owner.get(f"/kelola/{sample.shop_id.hex()}/dua-tempat").text
    assert "Dari tempat lain" in text and "Dari sini" in text


def test_it_is_the_owners_alone(services: Services, sample: Sample, place: str) -> None:
    add_user(services, "ani@contoh.id", PASSWORD, sample.shop_id, "manager")
    ani = Browser(services)
    ani.sign_in("ani@contoh.id")
    assert ani.get(place).status_code == 403


def test_settings_that_a_counter_wrote_otherwise_are_as_if_not_set(
    services: Services, sample: Sample, signed_in: SignIn, place: str, browser: Browser
) -> None:
    from server.shops.editing import change_document

    path = open_gerai(services, sample)
    stands = fields_of(services, sample.shop_id)
    names = ("gerai_hours", "gerai_face", "gerai_map", "gerai_areas")
    seen = {name: getattr(stands, name) for name in names}
    wrong = {"gerai_hours": [[[1, 9999]]] * 7, "gerai_face": ["</style>", "", "", "", ""],
             "gerai_map": "javascript:alert(1)", "gerai_areas": [["75.99.99", -1]]}  # fmt: skip
    change_document(services, sample.shop_id, "setting", b"", seen, wrong, bytes(16))
    found = fields_of(services, sample.shop_id)
    assert found.gerai_hours == NOTHING.gerai_hours and found.gerai_face == NOTHING.gerai_face
    assert found.gerai_map == "" and found.gerai_areas == ()
    assert browser.get(path).status_code == 200 and signed_in().get(place).status_code == 200
