"""What the law wants a shop to say: its owner fills it in, buyers read it on three pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest

from server.accounts.people import add_user
from server.services import Services
from server.shops.history import count_conflicts
from server.shops.reading import shop_here
from server.storefront.seller import seller_fields
from tests.helpers.orders import order, stock_up
from tests.helpers.web_browser import Browser, PageReader
from tests.helpers.web_gerai import open_gerai
from tests.helpers.web_shop import PASSWORD, Sample
from tests.server.storefront.test_gerai import data_of, product_path

SignIn = Callable[..., Browser]
MARKS = {"Sembako": "ada", "Mi": "tidak_halal"}
TYPED = {
    "owner": "Sri Hadija <b>Monoarfa</b>",
    "email": "Warung@Contoh.id",
    "nib": "1234 5678 90123",
    "permits": "206320101001226",
    "halal": "ada",
    "halal_number": "ID75110000012341024",
    "halal_until": "2030-01-31",
    "returns": "Ditukar paling lambat 2 x 24 jam.\r\nBawalah struknya.",
}


@pytest.fixture
def place(sample: Sample) -> str:
    return f"/kelola/{sample.shop_id.hex()}/penjual"


def send(owner: Browser, place: str, **typed: str) -> tuple[int, str]:
    form = next(one for one in PageReader(owner.get(place).text).forms if one.action == place)
    answer = owner.post(place, {**form.fields, **TYPED, **typed})
    return answer.status_code, answer.text


def mark(owner: Browser, place: str, marks: dict[str, str]) -> tuple[list[str], str]:
    """Choose marks on one page of the categories, and go on to the next; returns which ones it
    asked about, and where the next page is, if there is one."""
    text = owner.get(place).text
    path = place.partition("?")[0]
    form = next(one for one in PageReader(text).forms if "seen" in one.fields)
    assert form.action.partition("?")[0] == path
    asked = {
        value: name.replace("kategori", "tanda")
        for name, value in form.fields.items()
        if name.startswith("kategori-")
    }
    chosen = {asked[name]: one for name, one in marks.items() if name in asked}
    on = re.search(r'<button [^>]*name="sesudah" value="([^"]*)"', text)
    pressed = {"sesudah": unescape(on[1])} if on else {}
    answer = owner.post(place, {**form.fields, **chosen, **pressed})
    following = answer.headers["location"]
    assert answer.status_code == 303 and "ya=1" in following
    return list(asked), following if on else ""


def test_what_the_owner_says_is_read_where_buyers_are(
    services: Services, sample: Sample, signed_in: SignIn, place: str, browser: Browser
) -> None:
    gerai = open_gerai(services, sample)
    assert "Penanggung jawab" not in browser.get(gerai).text, "what is empty is not shown"
    owner = signed_in()
    lacks = owner.get(place).text
    assert "Nama penanggung jawab: pembeli berhak" in lacks and "oss.go.id" in lacks
    assert send(owner, place) == (303, "")
    left = owner.get(place).text
    assert "Nama penanggung jawab: pembeli berhak" not in left
    text = browser.get(gerai).text
    for said in ("Sri Hadija &lt;b&gt;Monoarfa", "warung@contoh.id", "1234567890123",
                 "P-IRT 2063201010012-26", "ID75110000012341024", "31 Januari 2030",
                 "Bawalah struknya.", "sampai 24 jam sesudah", "0853-1111-1010"):  # fmt: skip
        assert said in text, said
    data = data_of(text)
    assert data["email"] == "warung@contoh.id"
    assert data["identifier"] == {
        "@type": "PropertyValue", "propertyID": "NIB", "value": "1234567890123",
    }  # fmt: skip
    english = browser.get(f"{gerai}?bahasa=en").text
    assert "Person responsible" in english and "31 January 2030" in english


def test_halal_is_said_of_the_goods_that_the_owner_marked_alone(
    services: Services, sample: Sample, signed_in: SignIn, place: str, browser: Browser
) -> None:
    gerai = open_gerai(services, sample)
    owner = signed_in()
    assert send(owner, place) == (303, "")
    mark(owner, f"{place}/halal", MARKS)
    text = browser.get(gerai).text
    for word, halal in (("gula-pasir", "ID7511"), ("mi-", "Tidak halal"), ("pulsa", "")):
        page = browser.get(product_path(text, word)).text
        assert ("<dt>Halal</dt>" in page) is bool(halal) and halal in page, word


def test_a_product_says_it_itself_and_goes_before_its_category(
    services: Services, sample: Sample, signed_in: SignIn, place: str, browser: Browser
) -> None:
    gerai = open_gerai(services, sample)
    owner = signed_in()
    assert send(owner, place) == (303, "")
    mark(owner, f"{place}/halal", MARKS)
    path = product_path(browser.get(gerai).text, "mi-")
    assert "Tidak halal" in browser.get(path).text
    edit = f"/kelola/{sample.shop_id.hex()}/barang/{path.rpartition('-')[2]}/ubah"
    form = next(one for one in PageReader(owner.get(edit).text).forms if one.action == edit)
    own = {**form.fields, "lakukan": "simpan", "halal": "nomor"}
    for number, why in (("12", "Salin nomornya"), ("", "Salin nomornya")):
        answer = owner.post(edit, {**own, "halal_number": number})
        assert answer.status_code == 422 and why in answer.text
    beside = owner.post(edit, {**own, "halal": "tidak", "halal_number": "ID75110000099991024"})
    assert beside.status_code == 422 and "kosongkan nomor ini" in beside.text
    assert owner.post(edit, {**own, "halal_number": "id 75110000099991024"}).status_code == 303
    text = browser.get(path).text
    assert "ID75110000099991024" in text and "sertifikat pembuatnya" in text
    assert "Tidak halal" not in text
    form = next(one for one in PageReader(owner.get(edit).text).forms if one.action == edit)
    assert form.fields["halal_number"] == "ID75110000099991024"


def test_every_category_is_asked_about_a_page_at_a_time_and_found_by_name(
    services: Services,
    sample: Sample,
    signed_in: SignIn,
    place: str,
    browser: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gerai = open_gerai(services, sample)
    for name in ("Ayam", "Bumbu", "Ikan & udang", "Zaitun"):
        stock_up(services, sample.shop_id, name, 5, category=name)
    owner = signed_in()
    assert send(owner, place) == (303, "")
    for name in ("storefront.goods.MOST_CATEGORIES", "web.gerai_halal.MOST_CATEGORIES"):
        monkeypatch.setattr(f"server.{name}", 2)
    monkeypatch.setattr("server.web.gerai._CHIPS", 2)
    page, seen = f"{place}/halal", []
    while page:
        asked, page = mark(owner, page, {"Ayam": "ada", "Zaitun": "tidak_halal", **MARKS})
        seen += asked
    assert seen == sorted({*seen}) and {"Ayam", "Ikan & udang", "Zaitun", *MARKS} <= {*seen}
    assert mark(owner, f"{place}/halal?ditandai=1", {})[0] == ["Ayam", "Mi"]
    assert mark(owner, f"{place}/halal?cari=UDANG", {})[0] == ["Ikan & udang"]
    assert "Zaitun" in browser.get(f"{gerai}?kategori=Zaitun").text
    assert "Tidak halal" in browser.get(product_path(
        browser.get(f"{gerai}?kategori=Zaitun").text, "zaitun")).text  # fmt: skip
    text = browser.get(gerai).text
    assert f'href="{gerai}/kategori"' in text and "kategori=Zaitun" not in text
    last = browser.get(f"{gerai}/kategori?sesudah=Sembako").text
    assert "kategori=Zaitun" in last and "kategori=Ayam" not in last


def test_categories_that_stay_at_the_counter_leave_no_empty_page(
    services: Services,
    sample: Sample,
    signed_in: SignIn,
    place: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    open_gerai(services, sample)
    for name in ("Botol besar", "Botol kecil", "Bumbu"):
        stock_up(services, sample.shop_id, name, 5, category=name)
    # A counter may have put online what the law of today keeps off it.
    monkeypatch.setattr(
        "server.storefront.goods.kept_offline", lambda category, _: category.startswith("Botol")
    )
    owner = signed_in()
    for name in ("storefront.goods.MOST_CATEGORIES", "web.gerai_halal.MOST_CATEGORIES"):
        monkeypatch.setattr(f"server.{name}", 1)
    assert mark(owner, f"{place}/halal", {})[0] == ["Bumbu"], "two pages of bottles are gone past"
    last = owner.get(f"{place}/halal?sesudah=Sembako").text
    assert "Itu tadi kategori yang terakhir" in last and "Belum ada kategori" not in last
    marked = owner.get(f"{place}/halal?ditandai=1").text
    assert "Belum ada yang ditandai" in marked and "Coba kata lain" not in marked


def clashes_of(services: Services, sample: Sample) -> int:
    """How many fields were changed at two places."""
    with services.store.reading_shop(sample.shop_id) as tx:
        return count_conflicts(tx)


def test_a_page_of_categories_that_was_open_since_takes_no_other_mark_away(
    services: Services, sample: Sample, signed_in: SignIn, place: str
) -> None:
    open_gerai(services, sample)
    owner, page = signed_in(), f"{place}/halal"
    old = next(one for one in PageReader(owner.get(page).text).forms if "seen" in one.fields)
    mark(owner, page, {"Mi": "tidak_halal"})
    at = next(name for name, value in old.fields.items() if value == "Sembako")
    chosen = {at.replace("kategori", "tanda"): "tidak_halal"}
    clashes = clashes_of(services, sample)
    assert owner.post(page, {**old.fields, **chosen}).status_code == 303
    with services.store.reading_shop(sample.shop_id) as tx:
        here = shop_here(tx)
    assert here is not None and clashes_of(services, sample) == clashes
    marked = {one.category for one in seller_fields(here).seller_halal_goods}
    assert marked == {"Mi", "Sembako"}


def test_an_order_says_who_sold_and_how_to_complain(
    services: Services, sample: Sample, signed_in: SignIn, place: str, browser: Browser
) -> None:
    open_gerai(services, sample)
    rice = stock_up(services, sample.shop_id, "Beras pulo", 50)
    placed = order(services, sample.shop_id, [(rice, 1)])
    path = f"/pesanan/{placed.key.hex()}"
    assert "sampai 24 jam sesudah diterima" in browser.get(path).text, "said without the owner"
    assert send(signed_in(), place) == (303, "")
    text = browser.get(path).text
    assert "Sri Hadija &lt;b&gt;Monoarfa" in text and "Bawalah struknya." in text


def test_what_cannot_be_taken_is_said_beside_its_field_and_nothing_is_lost(
    sample: Sample, signed_in: SignIn, place: str
) -> None:
    owner = signed_in()
    status, text = send(owner, place, nib="123")
    assert status == 422 and "NIB terdiri dari 13 angka." in text
    assert "Bawalah struknya." in text and 'value="Warung@Contoh.id"' in text
    assert send(owner, place, halal_number="")[0] == 422
    void = send(owner, place, nib="123", returns="Barang tidak dapat dikembalikan")[1]
    assert "UU 8/1999 pasal 18" in void


def test_only_the_owner_says_it(
    services: Services, sample: Sample, signed_in: SignIn, place: str
) -> None:
    add_user(services, "ani@contoh.id", PASSWORD, sample.shop_id, "manager")
    manager = signed_in("ani@contoh.id")
    assert manager.get(place).status_code == 403
