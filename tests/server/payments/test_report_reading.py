"""Settlement reports as programs of spreadsheets save them, and files that are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.payments.report_reading import MOST_BYTES, MOST_LINES, BadReport, Line, read_report

HEAD = "Order ID,Transaction ID,Transaction Status,Gross Amount,Fee,Net Amount,Settlement Time\n"


def one(text: str) -> Line:
    """The only line."""
    (found,) = read_report(text.encode())
    return found


def test_a_line_with_its_fee_and_its_instant() -> None:
    line = one(HEAD + "HY-ab-1,t-1,settlement,28000.00,196.00,27804.00,2026-11-25 10:30:00\n")
    # 10.30 at GMT+7 is 3.30 in UTC.
    assert line == Line(2, "HY-ab-1", "t-1", "payment", 28_000, 196, 1_795_577_400_000)


@pytest.mark.parametrize(
    "amount", ["28000", "28.000", "28,000", "28,000.00", "28.000,00", "Rp 28.000", "IDR 28000.0",
               '="28000"', "'28000"],
)  # fmt: skip
def test_amounts_as_people_and_programs_write_them(amount: str) -> None:
    text = f"Order ID;Jumlah;Biaya\nHY-ab-1;{amount};1.000\n"
    line = one(text)
    assert (line.amount, line.fee) == (28_000, 1_000)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_separator_and_encoding(separator: str, encoding: str) -> None:
    text = "Laporan – café\n\nTransaction ID|Order ID|Amount|MDR|VAT\nt|HY-ab-1|1000|7|0.77\n"
    (line,) = read_report(text.replace("|", separator).encode(encoding))
    assert (line.order_key, line.amount, line.fee) == ("HY-ab-1", 1_000, 8)


def test_what_came_to_nothing_and_sums_are_left_out_and_money_back_is_told_apart() -> None:
    lines = read_report(
        b"Order ID,Type,Transaction Status,Amount,Net Amount\n"
        b"HY-ab-1,Payment,settlement,20000,19860\n"
        b"HY-ab-2,Payment,expire,20000,0\n"
        b"HY-ab-1,Refund,refund,-5000,-5000\n"
        b"HY-ab-3,Chargeback,chargeback,7000,\n"
        b",Payout,,27000,27000\n"
    )
    said = [(one.order_key, one.kind, one.amount, one.fee) for one in lines]
    assert said == [
        ("HY-ab-1", "payment", 20_000, 140),
        ("HY-ab-1", "refund", 5_000, 0),
        ("HY-ab-3", "chargeback", 7_000, 0),
    ]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (HEAD.encode(), "empty"),
        (b"PK\x03\x04 a workbook", "binary"),
        (b"<html><table>", "binary"),
        (b"Order ID,Amount\n\0", "binary"),
        (b"Order ID,Amount\nHY-1," + b"9" * 600, "binary"),
        (b"a,b\n" * 100, "columns"),
        (b"Order ID,Fee\nHY-1,5\n", "column_amount"),
        (b"Tanggal,Gross Amount\n2026-11-25,5000\n", "column_order"),
        (b"Payout ID,Amount\nP-1,5000\n", "column_day"),
        (b"Payout ID,Payout Date\nP-1,2026-11-25\n", "column_amount"),
        (b"Payout ID,Amount,Payout Date\nP-1,5000,kemarin\n", "day"),
        (b"Payout ID,Amount,Net,Payout Date\nP-1,5000,5001,2026-11-25\n", "line"),
        (b"Payout ID,Amount,Status,Payout Date\nP-1,5000,failed,2026-11-25\n", "empty"),
        (b"Order ID,Amount\nHY-1,lots\n", "line"),
        (b"Order ID,Amount\nHY-1,\n", "line"),
        (b"Order ID,Amount\nHY-1,0\n", "line"),
        (b"Order ID,Amount\nHY-1,10.5\n", "line"),
        (b"Order ID,Amount,Fee\nHY-1,10,11\n", "line"),
        (b"Order ID,Amount,Net\nHY-1,10,11\n", "line"),
        (b"Order ID,Amount\nHY-1,1.00.000\n", "line"),
        (b'Order ID,Amount\nHY-1,"28,000.000"\n', "line"),
        (b"Order ID,Amount\nHY-1,28000-\n", "line"),
        (b"Order ID,Fee,Amount\nHY-1,1,960,280,000\n", "line"),
        (b"Order ID,Amount,Fee\nHY-1,10,10\n", "line"),
        (b"Order ID,Amount\nHY-1,99999999999999\n", "line"),
        (b"Order ID,Amount\n" + b"HY-1,5\n" * (MOST_LINES + 1), "lines"),
        (b"x" * (MOST_BYTES + 1), "large"),
    ],
)
def test_what_is_no_report_is_refused_with_its_reason(data: bytes, why: str) -> None:
    with pytest.raises(BadReport) as refused:
        read_report(data)
    assert refused.value.details["why"] == why


def test_payouts_in_a_list_of_their_own_or_among_payments() -> None:
    day_ms = 1_795_539_600_000  # 2026-11-25 at GMT+7
    own = "ID Penarikan;Status;Jumlah Penarikan;Bersih;Tanggal Penarikan\n"
    assert one(own + "W-7;Berhasil;Rp 4.805.000;4.800.000;25/11/2026\n") == Line(
        2, "", "W-7", "payout", 4_800_000, 5_000, day_ms
    )
    lines = read_report(
        b"Order ID,Transaction ID,Type,Amount,Fee,Settlement Time\n"
        b"HY-ab-1,t-1,Payment,20000,140,2026-11-25\n"
        b",w-1,Payout,-19860,0,2026-11-25\n"
    )
    assert [one.kind for one in lines] == ["payment", "payout"]
    assert lines[1][1:] == ("", "w-1", "payout", 19_860, 0, day_ms)


def test_the_sum_under_a_list_of_payouts_is_none() -> None:
    rows = "P-1,5000,2026-11-25\nP-2,6000,2026-11-25\nTotal:,11000,\n"
    lines = read_report(f"Payout ID,Amount,Payout Date\n{rows}".encode())
    assert [one.transaction_id for one in lines] == ["P-1", "P-2"]


def test_a_payment_or_what_a_payout_cost_is_no_payout() -> None:
    # Each is a payment that was in a payout, by its own id.
    for name in ("Reference No", "Payout ID"):
        line = one(f"Transaction ID,{name},Amount,Transaction Date\nt-1,R-9,20000,2026-11-25\n")
        assert (line.kind, line.transaction_id, line.amount) == ("payment", "t-1", 20_000)
    lines = read_report(
        b"Order ID,Transaction ID,Type,Amount,Date\n"
        b",w-1,Withdrawal,-90000,2026-11-25\n"
        b",w-2,Withdrawal Fee,-5000,2026-11-25\n"
        b",,Biaya Pencairan,-5000,2026-11-25\n"
        b",w-3,Payout Reversal,90000,2026-11-25\n"
    )
    assert [one.transaction_id for one in lines if one.kind == "payout"] == ["w-1"]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31 23:59:59", "31/12/1999"])
def test_a_day_that_no_calendar_can_show_is_none(day: str) -> None:
    assert one(f"Order ID,Amount,Date\nHY-1,5000,{day}\n").settled_ms is None


def test_where_nothing_is_said_of_a_fee_it_is_not_nought_and_what_is_not_settled_is_no_fee() -> (
    None
):
    assert one("Order ID,Amount\nHY-1,5000\n").fee is None
    assert one("Order ID,Amount,Fee\nHY-1,5000,0\n").fee == 0
    assert one("Order ID,Amount,Net Amount\nHY-1,5000,0\n").fee is None


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda one: (HEAD + one).encode()))
def test_whatever_comes_is_read_or_refused(data: bytes) -> None:
    try:
        lines = read_report(data)
    except BadReport:
        return
    assert all(one.amount > 0 and 0 <= (one.fee or 0) <= one.amount for one in lines)
