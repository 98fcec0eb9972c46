"""How words are looked for: by PostgreSQL's index of them, and the same on SQLite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event

from server.search import finding, statements
from server.search.asking import read_place
from server.search.matching import Wanted, begun, whole
from server.search.statements import PAGE
from server.services import Services
from tests.helpers.gerai_shops import gerai, goods
from tests.server.search.conftest import Search

LIMBOTO, TELAGA = "75.01.01", "75.01.02"


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As with very many goods: samples, rings and their most are a handful."""
    for module, name, value in (
        (finding, "SAMPLE", PAGE + 1), (statements, "SAMPLE", PAGE + 1), (finding, "_RING", 1),
        (finding, "_FEW", 0), (finding, "_MOST_OF_RING", 3), (finding, "_FEW_PLACES", 1),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, value)
    statements._ordered.cache_clear()
    yield
    statements._ordered.cache_clear()


def test_words_as_postgresql_is_asked() -> None:
    assert whole(["gula", "pasir"]).query(()) == "(('gula') & ('pasir'))"
    assert begun(["gul"]).query([LIMBOTO]) == "(('@75.01.01@gul':*))"
    near = begun(["gul"])
    near = type(near)([[*near.choices[0], Wanted("gula", begins=False)]], near.choices)
    assert near.query(()) == "(('gul':* | 'gula') & !(('gul':*)))"


def test_a_kecamatans_code_is_no_word(services: Services, search: Search) -> None:
    shop_id = gerai(services, "Toko Satu", gerai_district=LIMBOTO)
    goods(services, shop_id, "Gula 750 g", 1_000)
    goods(services, shop_id, "Kopi", 1_000)
    assert [one.name for one in search("75").finds] == ["Gula 750 g"]
    assert not search("75.01").finds and not search("@").finds


def test_a_name_of_signs_alone_harms_nothing(services: Services, search: Search) -> None:
    shop_id = gerai(services, "Toko Satu", gerai_district=LIMBOTO)
    goods(services, shop_id, "***", 1_000, category="")
    goods(services, shop_id, "Kopi @ 10", 2_000, category="")
    assert [one.name for one in search("kopi 10", district=LIMBOTO).finds] == ["Kopi @ 10"]
    assert [one.name for one in search(district=LIMBOTO).finds] == ["***", "Kopi @ 10"]


def test_what_is_inside_a_word_is_found_and_a_number_is_no_part_of_another(
    services: Services, search: Search
) -> None:
    shop_id = gerai(services, "Toko Satu")
    goods(services, shop_id, "Casing A125 Biru", 1_000)
    goods(services, shop_id, "Baterai 41259", 1_000)
    found = search("125")
    assert found.near and [one.name for one in found.finds] == ["Casing A125 Biru"]


def test_the_same_words_in_a_kecamatan_and_around_it(services: Services, search: Search) -> None:
    for place, price in ((LIMBOTO, 3_000), (TELAGA, 2_000), ("", 1_000)):
        shop_id = gerai(services, f"Toko {place}", gerai_district=place)
        goods(services, shop_id, "Gula Pasir", price)
    for text in ("gula", "gul pas", "guoa", "pasir gula"):
        prices = [one.price for one in search(text, district=TELAGA).finds]
        assert prices == [2_000], text
        prices = [one.price for one in search(text, district=TELAGA, sort="nearest").finds]
        assert prices[0] == 2_000 and len(prices) == 3, text


def test_words_and_their_kecamatan_are_of_one_index(services: Services, search: Search) -> None:
    if not services.store.is_postgresql:
        pytest.skip("SQLite goes through its goods")
    goods(services, gerai(services, "Toko Satu", gerai_district=LIMBOTO), "Gula", 1_000)
    told: list[tuple[str, object]] = []

    def note(_c: object, _cursor: object, sql: str, params: object, *_: object) -> None:
        told.append((sql, params))

    search("gula")
    event.listen(services.store.engine, "before_cursor_execute", note)
    search("gula", district=LIMBOTO, sort="cheapest")
    event.remove(services.store.engine, "before_cursor_execute", note)
    sql, params = next(one for one in told if "search_product.folded" in one[0])
    with services.store.reading_directory(by_index=True) as tx:
        rows = tx.connection.exec_driver_sql(f"EXPLAIN {sql}", params).all()  # type: ignore[arg-type]
    plan = "\n".join(row[0] for row in rows)
    assert "ix_search_product_words" in plan and "Filter" not in plan


@pytest.mark.parametrize("sort", ["best", "cheapest", "nearest"])
def test_pages_of_very_much_follow_each_other(
    services: Services, search: Search, small_steps: None, sort: str
) -> None:
    made: dict[bytes, int] = {}
    for number, place in enumerate((LIMBOTO, TELAGA, "")):
        shop_id = gerai(services, f"Toko {number}", gerai_district=place)
        for turn in range(13):
            name = f"Teh Celup {(turn * 7 + number) % 13:02}"
            made[goods(services, shop_id, name, 1_000 + turn * 5 % 7)] = 0
    seen: list[tuple[int, bytes]] = []
    after = None
    while True:
        page = search("teh", after, sort=sort, district=TELAGA if sort == "nearest" else "")
        seen += [(one.price, one.product_id) for one in page.finds]
        if not page.after:
            break
        after = read_place(page.after)
    assert len(seen) == len({key for _, key in seen})
    if sort != "best":
        assert {key for _, key in seen} == made.keys()
    if sort == "cheapest":
        assert [price for price, _ in seen] == sorted(price for price, _ in seen)
