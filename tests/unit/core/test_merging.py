"""Which pairs are proposed, and how sure they are."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from core.facts.catalog import BarcodeRecord, UnitRecord
from core.gtin import normal_form
from core.merging import GoodsSide, Pair, PersonSide, goods_pairs, people_pairs
from core.united import Packs, united

MAKERS = normal_form("8998866200226")
OTHER = normal_form("8991002101234")
OWN = normal_form("2900000000087")


def goods(
    number: int, rank: int, name: str, *codes: str, unit: str = "pcs", on: str = ""
) -> GoodsSide:
    marks = tuple(BarcodeRecord(code, on or unit) for code in codes)
    units = (UnitRecord("dus", 40),) if on == "dus" else ()
    return GoodsSide(bytes([number]) * 16, rank, name, unit, units, marks)


def person(number: int, rank: int, name: str, phone: str = "", member: str = "") -> PersonSide:
    return PersonSide(bytes([number]) * 16, rank, name, phone, member)


def one_pair(*sides: GoodsSide) -> Pair:
    found = goods_pairs(sides)
    assert len(found) == 1
    assert found == goods_pairs(sides[::-1]), "the order in which they come says nothing"
    return found[0]


def test_one_barcode_is_sure_whatever_the_name_and_the_earlier_record_stays() -> None:
    pair = one_pair(goods(1, 2, "Mie goreng", MAKERS), goods(2, 0, "INDOMIE GRG", MAKERS))
    assert (pair.source[0], pair.target[0]) == (1, 2)
    assert pair.sure and pair.why == "barcode"


def test_a_code_that_shops_make_themselves_is_sure_only_with_the_name() -> None:
    alike = one_pair(goods(1, 2, "Kue cucur", OWN), goods(2, 0, "KUE CUCUR", OWN))
    assert alike.sure
    differing = one_pair(goods(1, 2, "Ikan cakalang", OWN), goods(2, 0, "Kue cucur", OWN))
    assert not differing.sure and differing.doubt == "shop_code" and differing.possible


def test_two_barcodes_for_one_name_are_never_sure() -> None:
    pair = one_pair(goods(1, 2, "Aqua 600 ml", OTHER), goods(2, 0, "Aqua 600ml", MAKERS))
    assert not pair.sure and pair.doubt == "barcodes"


def test_a_name_alone_is_probable() -> None:
    pair = one_pair(goods(1, 2, "Aqua 600 ml"), goods(2, 0, "AQUA 600ML", MAKERS))
    assert not pair.sure and (pair.why, pair.doubt, pair.score) == ("name", "name_only", 100)


def test_base_units_that_differ_make_a_merge_impossible() -> None:
    pair = one_pair(goods(1, 2, "Gula", MAKERS, unit="kg"), goods(2, 0, "Gula", MAKERS))
    assert not pair.possible and not pair.sure


def test_the_code_of_a_piece_and_of_a_carton_are_two_codes() -> None:
    pair = one_pair(goods(1, 2, "Mie", MAKERS, on="dus"), goods(2, 0, "Mie", MAKERS))
    assert not pair.sure and pair.doubt == "barcodes"


def test_two_records_of_one_counter_are_left_alone() -> None:
    assert goods_pairs([goods(1, 2, "Gula", MAKERS), goods(2, 2, "Gula", MAKERS)]) == []


def test_a_barcode_outweighs_a_name() -> None:
    found = goods_pairs(
        [
            goods(1, 0, "Kopi susu"),
            goods(2, 0, "Kopi Kapal Api", MAKERS),
            goods(3, 2, "Kopi susu", MAKERS),
        ]
    )
    assert [pair.target[0] for pair in found] == [2]


def test_three_counters_all_come_to_the_founders_record() -> None:
    found = goods_pairs([goods(n, rank, "Gula", MAKERS) for n, rank in ((1, 0), (2, 2), (3, 4))])
    assert [(pair.source[0], pair.target[0]) for pair in found] == [(2, 1), (3, 1)]


def test_common_words_do_not_hide_a_name() -> None:
    shop = [goods(1, 0, "Kue Putih", MAKERS)]
    shop += [
        GoodsSide(number.to_bytes(16, "big"), 0, f"{kind} {number}", "pcs", (), ())
        for kind in ("Kue", "Putih")
        for number in range(1_000 if kind == "Kue" else 3_000, 4_000)
    ]
    mine = goods(2, 2, "KUE PUTIH")
    assert [pair.target[0] for pair in goods_pairs([mine, *shop])] == [1]


def test_people_are_sure_by_telephone_and_name() -> None:
    found = people_pairs(
        [person(1, 0, "Ibu Yusna", "0812-3456-789"), person(2, 2, "YUSNA", "+62 8123456789")]
    )
    assert found[0].sure and found[0].why == "phone"


def test_a_family_may_share_a_telephone() -> None:
    found = people_pairs(
        [person(1, 0, "Ibu Yusna", "08123456789"), person(2, 2, "Pak Rahman", "08123456789")]
    )
    assert found[0].doubt == "names" and not found[0].sure


def test_two_numbers_are_two_people_though_the_name_is_one() -> None:
    sides = [person(1, 0, "Ibu Sri", "08123456789"), person(2, 2, "Ibu Sri", "08129999999")]
    assert people_pairs(sides) == []
    found = people_pairs([sides[0], person(3, 2, "Sri")])
    assert [(pair.doubt, pair.sure) for pair in found] == [("name_only", False)]


@pytest.mark.parametrize(("name", "sure"), [("Haji Umar", True), ("Ani", False)])
def test_one_member_number(name: str, sure: bool) -> None:
    found = people_pairs([person(1, 0, "Umar", member="A-7"), person(2, 2, name, member="a-7")])
    assert [(pair.why, pair.sure) for pair in found] == [("member", sure)]


NAMES = st.sampled_from(["Gula 1kg", "GULA 1 KG", "Mie", "mie goreng", "Kopi 165g", "Kopi", ""])
CODES = st.lists(st.sampled_from([MAKERS, OTHER, OWN]), unique=True, max_size=2)


@given(
    st.lists(
        st.tuples(st.integers(0, 3), NAMES, CODES, st.sampled_from(["pcs", "kg"])), max_size=12
    )
)
def test_what_is_sure_shares_a_code_and_a_unit_and_goes_up_in_an_earlier_record(
    shop: list[tuple[int, str, list[str], str]],
) -> None:
    sides = {
        number.to_bytes(16, "big"): GoodsSide(
            number.to_bytes(16, "big"), rank, name, unit, (),
            tuple(BarcodeRecord(code, unit) for code in codes),
        )
        for number, (rank, name, codes, unit) in enumerate(shop)
    }  # fmt: skip
    found = goods_pairs(sides.values())
    assert len({pair.source for pair in found}) == len(found), "each goes to one record only"
    for pair in found:
        source, target = sides[pair.source], sides[pair.target]
        assert target.rank < source.rank
        if pair.sure:
            assert set(source.barcodes) & set(target.barcodes) and source.unit == target.unit


PACKS = st.builds(
    Packs,
    st.just("pcs"),
    st.lists(
        st.builds(UnitRecord, st.sampled_from(["dus", "pak", "bal"]), st.sampled_from([12, 40])),
        unique_by=lambda one: one.unit, max_size=3,
    ).map(tuple),
    st.lists(
        st.builds(BarcodeRecord, st.sampled_from("ABCD"), st.sampled_from(["pcs", "dus", "pak"])),
        unique_by=lambda one: one.code, max_size=3,
    ).map(tuple),
)  # fmt: skip


@given(PACKS, PACKS)
def test_a_code_that_comes_over_sells_what_it_sold(source: Packs, target: Packs) -> None:
    both = united(source, target)
    assert both.units[: len(target.units)] == target.units
    assert both.barcodes[: len(target.barcodes)] == target.barcodes
    assert len({one.code for one in both.barcodes}) == len(both.barcodes)
    for one in both.barcodes[len(target.barcodes) :]:
        assert one in source.barcodes and both.factor(one.unit) == source.factor(one.unit)


def test_a_carton_of_another_size_keeps_its_code_to_itself() -> None:
    source = Packs("pcs", (UnitRecord("dus", 24),), (BarcodeRecord("A", "dus"),))
    target = Packs("pcs", (UnitRecord("dus", 40),), ())
    assert united(source, target) == target
