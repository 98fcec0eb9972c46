"""QRIS: vectors with a made-up merchant."""

from __future__ import annotations

import pytest

from core.errors import Refused
from core.qris import (
    NotQris,
    Qris,
    QrisAmount,
    QrisBill,
    QrisCountry,
    QrisCrc,
    QrisCurrency,
    QrisDynamic,
    QrisHasAmount,
    crc16,
    parse,
    read_sticker,
    with_amount,
)

HEAD = (
    "26660014COM.CONTOH.WWW011893600099000001234502150000000123456780303UMI"
    "51440014ID.CO.QRIS.WWW0215ID10999999999990303UMI520454115303360"
)
TAIL = "5802ID5913WARUNG HUYULA6014KAB. GORONTALO61059621162"
A = f"000201010211{HEAD}{TAIL}070703A0163048913"
B = f"000201010212{HEAD}540512500{TAIL}250114INV202611240010703A01630415B6"
C = f"000201010212{HEAD}540512500{TAIL}070703A0163044F0A"
TIPPED = f"000201010212{HEAD}5405125005502025603500{TAIL}070703A01630473D4"
DECIMAL = f"000201010212{HEAD}540812500.00{TAIL}070703A016304FBE9"


def sealed(text: str) -> str:
    """The text, which ends in `6304`, with its CRC."""
    return text + f"{crc16(text.encode()):04X}"


def changed(old: str, new: str, of: str = A) -> str:
    """A code with something changed and the CRC made right again."""
    assert of.count(old) == 1
    return sealed(of[:-4].replace(old, new))


def test_crc_check_value() -> None:
    assert crc16(b"123456789") == 0x29B1


def test_a_sticker_is_read() -> None:
    qris = read_sticker(A)
    assert (qris.merchant_name, qris.city) == ("WARUNG HUYULA", "KAB. GORONTALO")
    assert (qris.nmid, qris.criteria, qris.national) == ("ID1099999999999", "UMI", True)
    assert qris.static
    assert qris.amount is None
    assert qris.text == A


def test_lower_case_crc_and_blanks_around_are_read_and_written_right() -> None:
    assert parse(f" {C[:-4]}{C[-4:].lower()}\n").text == C


def test_an_amount_is_put_in() -> None:
    assert with_amount(A, 12_500) == C
    assert with_amount(read_sticker(A), 12_500) == C
    assert with_amount(A, 12_500, "INV20261124001") == B


@pytest.mark.parametrize("text", [B, C, TIPPED, DECIMAL])
def test_dynamic_codes_are_read_but_are_no_sticker(text: str) -> None:
    assert parse(text).amount == 12_500
    assert not parse(text).static
    assert parse(text).text == text
    with pytest.raises(QrisDynamic):
        read_sticker(text)
    with pytest.raises(QrisDynamic):
        with_amount(text, 1000)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", NotQris),
        ("https://contoh.id", NotQris),
        ("8991234567891", NotQris),
        (A[:-4], NotQris),
        (A[:-1], NotQris),
        (A[:-1] + "4", QrisCrc),
        (A.replace("UYULA", "UYULO"), QrisCrc),
        (A.replace("2666", "2699", 1), NotQris),
        (A.replace("6014KAB", "6099KAB"), NotQris),
        (A + "0", NotQris),
        (changed("5303360", "5303840"), QrisCurrency),
        (changed("5303360", ""), QrisCurrency),
        (changed("5802ID", "5802MY"), QrisCountry),
        (changed("010211", "010213"), NotQris),
        (changed("5913WARUNG HUYULA", ""), NotQris),
        (changed("5303360", "53033605303360"), NotQris),
        (changed("5303360", "530336054041000"), QrisHasAmount),
        (changed("5303360", "5303360550201"), QrisHasAmount),
        (changed("540512500", "540512.50", C), QrisAmount),
        (changed("540512500", "54050000x", C), QrisAmount),
        (changed("540512500", "540500000", C), QrisAmount),
    ],
)
def test_each_fault_has_its_name(text: str, error: type[Refused]) -> None:
    with pytest.raises(error):
        read_sticker(text)


def test_codes_of_faults_differ() -> None:
    faults = (
        *(NotQris, QrisCrc, QrisCurrency, QrisCountry),
        *(QrisDynamic, QrisHasAmount, QrisAmount, QrisBill),
    )
    assert len({fault.code for fault in faults}) == len(faults)


def test_a_private_code_is_read_and_said_to_be_one() -> None:
    qris = read_sticker(changed("51440014ID.CO.QRIS.WWW0215ID10999999999990303UMI", ""))
    assert not qris.national
    assert qris.nmid == ""
    assert qris.criteria == "UMI"


def test_an_acquirers_unreadable_part_does_not_matter() -> None:
    private = "51440014ID.CO.QRIS.WWW0215ID10999999999990303UMI"
    text = A[:-4].replace(private, "2705XXXXX")
    assert read_sticker(sealed(text)).criteria == "UMI"


def test_long_and_foreign_names_are_read_by_length_in_characters() -> None:
    name = "WARUNG CAFÉ%2C HUYULA DI LIMBOTO"
    qris = read_sticker(changed("5913WARUNG HUYULA", f"59{len(name)}{name}"))
    assert qris.merchant_name == name
    assert parse(with_amount(qris, 5000)).merchant_name == name


@pytest.mark.parametrize("amount", [0, -1, 10**13])
def test_amounts_that_do_not_fit(amount: int) -> None:
    with pytest.raises(QrisAmount):
        with_amount(A, amount)


@pytest.mark.parametrize("bill", ["", "x" * 26, "nota\n1", "é"])
def test_bills_that_do_not_fit(bill: str) -> None:
    with pytest.raises(QrisBill):
        with_amount(A, 1000, bill)


def test_a_bill_needs_no_additional_data_in_the_sticker() -> None:
    plain = sealed(A[:-4].replace("62070703A01", ""))
    made = with_amount(plain, 1000, "N-1")
    assert made.endswith(sealed(made[:-4])[-4:])
    assert ("62", "0103N-1") in parse(made).fields


def test_a_bill_that_leaves_no_room_is_refused() -> None:
    full = "0795" + "T" * 95
    crowded = sealed(A[:-4].replace("62070703A01", "6299" + full))
    with pytest.raises(QrisBill):
        with_amount(crowded, 1000, "N-1")


def test_a_sticker_without_point_of_initiation_counts_as_static() -> None:
    qris: Qris = read_sticker(changed("010211", ""))
    assert qris.static
    assert with_amount(qris, 12_500) == C
