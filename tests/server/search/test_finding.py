"""What a buyer finds: whole words, beginnings, slips, filters, orders, page after page."""

from __future__ import annotations

import pytest

from server.search.asking import Place, read_place, read_price
from server.search.finding import PAGE, FoundPage
from server.search.places import Point, district_of, point_of, read_point
from server.services import Services
from server.storefront.settings import NOTHING
from tests.helpers.gerai_shops import gerai, goods, set_stock
from tests.helpers.web_shop import Clock
from tests.server.search.conftest import Search

LIMBOTO, TELAGA = "75.01.01", "75.01.02"


@pytest.fixture
def market(services: Services) -> dict[str, bytes]:
    """Three gerai in two kecamatan."""
    sri = gerai(services, "Warung Sri", gerai_district=LIMBOTO,
                gerai_map="https://www.google.com/maps/@0.6300,122.9800,17z")  # fmt: skip
    jaya = gerai(services, "Toko Jaya", address="Jl. Trans, Kec. Telaga",
                 gerai_map="https://www.google.com/maps/@0.5500,123.0500,17z")  # fmt: skip
    dua = gerai(services, "Kios Dua", gerai_district=LIMBOTO)
    goods(services, sri, "Gula Pasir 1 kg", 17_500)
    goods(services, sri, "Beras Pulo 5 kg", 72_500)
    goods(services, sri, "Kopi Pinogu", 18_000, category="Minuman")
    goods(services, jaya, "Gula Aren", 22_000)
    goods(services, jaya, "Gulali Warna", 2_000, category="Jajanan")
    goods(services, jaya, "Minyak Goreng 1 L", 19_000, stock=0)
    goods(services, dua, "Gula Pasir", 16_900)
    goods(services, dua, "Mi Instan Goreng", 3_500)
    return {"sri": sri, "jaya": jaya, "dua": dua}


def names(found: FoundPage) -> list[str]:
    return [one.name for one in found.finds]


def test_whole_words_come_first_then_beginnings(market: dict[str, bytes], search: Search) -> None:
    found = search("gula")
    assert names(found) == ["Gula Aren", "Gula Pasir", "Gula Pasir 1 kg", "Gulali Warna"]
    assert not found.near and not found.after
    assert names(search("Gula pasir")) == ["Gula Pasir", "Gula Pasir 1 kg"]
    assert names(search("pasir 1 gula")) == ["Gula Pasir 1 kg"]
    assert names(search("GUL PAS")) == ["Gula Pasir", "Gula Pasir 1 kg"]


def test_what_is_called_so_comes_before_what_is_only_of_that_category(
    services: Services, search: Search
) -> None:
    sri = gerai(services, "Warung Sri", gerai_district=LIMBOTO)
    goods(services, sri, "Teh", 8_500, category="Kopi & teh")
    goods(services, sri, "Kopi Pinogu bubuk 165 g", 25_000, category="Kopi & teh")
    goods(services, sri, "Tisu", 9_000, category="Rumah", brand="Kopi")
    assert names(search("kopi")) == ["Kopi Pinogu bubuk 165 g", "Teh", "Tisu"]
    assert names(search("kop")) == ["Kopi Pinogu bubuk 165 g", "Teh", "Tisu"]
    many = [f"Kopi gilingan nomor {at:02d}" for at in range(PAGE)]
    for name in many:
        goods(services, sri, name, 9_000, category="Minuman")
    first = search("kopi")
    after = read_place(first.after)
    assert after is not None and "Teh" not in names(first)
    assert names(search("kopi", after=after))[-2:] == ["Teh", "Tisu"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("guola", "Gula Pasir"), ("gual pasir", "Gula Pasir"), ("bers", "Beras Pulo 5 kg"),
        ("bears", "Beras Pulo 5 kg"), ("koppi pinogo", "Kopi Pinogu"),
        ("minjak", "Minyak Goreng 1 L"),
        ("inogu", "Kopi Pinogu"), ("mie instant", "Mi Instan Goreng"),
    ],
)  # fmt: skip
def test_slips_are_forgiven(
    market: dict[str, bytes], search: Search, typed: str, meant: str
) -> None:
    found = search(typed)
    assert meant in names(found)


def test_what_is_found_exactly_is_not_called_near(market: dict[str, bytes], search: Search) -> None:
    assert search("guola").near and not search("gula pasir").near
    assert not search("zzzzzz").finds


def test_filters(market: dict[str, bytes], search: Search) -> None:
    assert names(search("gula", district=TELAGA)) == ["Gula Aren", "Gulali Warna"]
    assert names(search("gula", least=17_000, most=20_000)) == ["Gula Pasir 1 kg"]
    assert names(search("gula", category="jajanan")) == ["Gulali Warna"]
    assert names(search(category="minuman")) == ["Kopi Pinogu"]
    assert names(search("goreng", available=True)) == ["Mi Instan Goreng"]


def test_orders(market: dict[str, bytes], search: Search) -> None:
    cheapest = ["Gulali Warna", "Gula Pasir", "Gula Pasir 1 kg", "Gula Aren"]
    assert names(search("gula", sort="cheapest")) == cheapest
    here = Point(550_000, 123_050_000)
    near = search("gula", sort="nearest", point=here)
    assert names(near)[:2] == ["Gulali Warna", "Gula Aren"] and near.finds[0].metres == 0
    assert all((one.metres or 0) > 10_000 for one in near.finds[2:]), "by the kecamatan's middle"
    assert names(search("gula", sort="nearest", district=LIMBOTO))[2:] == names(near)[:2]
    assert names(search("gula", sort="nearest")) == names(search("gula")), "near to nowhere"


def test_available_grows_old_with_the_counters_silence(
    market: dict[str, bytes], services: Services, search: Search, clock: Clock
) -> None:
    """A shop without a counter has all its stock here, and no silence."""
    assert names(search("minyak", available=True)) == []
    assert search("minyak").finds[0].available.state == "sold_out"
    (key,) = [one.product_id for one in search("minyak").finds]
    set_stock(services, market["jaya"], key, 3)
    found = search("minyak", available=True)
    assert found.finds[0].available.state == "few"


def test_pages_follow_each_other_without_gap_or_double(services: Services, search: Search) -> None:
    shops = [gerai(services, f"Toko {number}") for number in range(3)]
    made = set()
    for number in range(2 * PAGE + 7):
        name = f"Teh {'Celup' if number % 2 else 'Celupan'} {number}"
        made.add(goods(services, shops[number % 3], name, 1_000 + number % 5, stock=0))
    for asked in ({}, {"sort": "cheapest"}, {"sort": "nearest", "district": LIMBOTO}):
        for text in ("teh celup", "tehh", ""):
            seen: list[bytes] = []
            after: Place | None = None
            while True:
                page = search(text, after, **asked)
                seen += [one.product_id for one in page.finds]
                if not page.after:
                    break
                after = read_place(page.after)
                assert after is not None
            assert len(seen) == len(made) and set(seen) == made, (asked, text)


HOSTILE = ["%", "_", "'; DROP TABLE search_product; --", "\\", "a" * 5_000, "\0", "🙂", "% %",
           "gula%' OR '1'='1", "(((((", "*", '"', "\u202e", "ﷺ", "k", "1"]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_find_nothing_and_break_nothing(
    market: dict[str, bytes], search: Search, text: str
) -> None:
    assert not [one for one in search(text).finds if one.name.startswith("Beras")]
    assert names(search("beras"))


_ID = "0" * 32


@pytest.mark.parametrize(
    "text",
    ["", "1", "a.b.c.d.e", f"0.1.2.{_ID}.zz", f"-1.0.0.{_ID}.{_ID}", f"{10**30}.0.0.{_ID}.{_ID}",
     f"٣.1.1.{_ID}.{_ID}"],
)  # fmt: skip
def test_a_place_that_is_none_is_refused(text: str) -> None:
    assert read_place(text) is None
    place = Place(1, 2, 3, bytes(16), bytes([7] * 16))
    assert read_place(str(place)) == place


def test_prices_and_points_as_people_and_pages_write_them() -> None:
    assert [read_price(one) for one in ("15.000", "Rp 15000", "", "-1", "15,5", "1e9")] == [
        15_000, 15_000, None, None, None, None,
    ]  # fmt: skip
    assert read_point("0.5421,123.0591") == Point(542_100, 123_059_100)
    for text in ("", "0.5", "91,123", "0,200", "nan,nan", "0.5,123.0;x", "48.85,2.35"):
        assert read_point(text) is None
    pin = "https://www.google.com/maps/place/X/@0.1,122.10,17z/data=!3d0.6246!4d122.9789"
    assert point_of(pin) == Point(624_600, 122_978_900)
    assert point_of("https://www.openstreetmap.org/?mlat=0.55&mlon=123.06#map=17/0.1/1.1") == (
        Point(550_000, 123_060_000)
    )
    assert point_of("https://maps.app.goo.gl/abc123") is None


def test_a_kecamatan_is_read_from_the_address_where_the_owner_says_none() -> None:
    assert district_of(NOTHING, "Jl. Danau 1, Telaga Biru, Gorontalo") == "75.01.10"
    assert district_of(NOTHING, "Jl. Danau 1, telaga") == TELAGA
    assert district_of(NOTHING._replace(gerai_district=LIMBOTO), "Telaga") == LIMBOTO
    assert district_of(NOTHING, "Jl. Danau Limboto 12, Telaga") == TELAGA, "a street is no place"
    assert district_of(NOTHING, "Jakarta") == ""
