"""A provider's settlement report: which columns mean what, and what each line says. Pure.

Midtrans names the columns of its reports differently from portal to portal and from year to year
("Order ID", "Gross Amount", "MDR", "Nett Amount"), so they are known by their headings, wherever
they stand. A file comes as a program of spreadsheets saved it: with any separator and encoding.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal, NamedTuple

from core.errors import Refused

MOST_LINES: Final = 5_000
MOST_BYTES: Final = 900_000
_MOST_COLUMNS: Final = 80
_MOST_CELL: Final = 500
_MOST_BEFORE: Final = 30
_MOST_RUPIAH: Final = 10**12
_YEARS: Final = range(2000, 2100)
_AMOUNT_TEXT: Final = re.compile(
    r"(?P<whole>[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+)(?:,(?P<cents>[0-9]{1,2}))?"
    r"|(?P<whole2>[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.(?P<cents2>[0-9]{1,2}))?"
)
_ZONE: Final = timezone(timedelta(hours=7))
_SEPARATORS: Final = ",;\t|"
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))

_ORDER: Final = ("order id", "merchant order id", "id pesanan", "nomor pesanan", "no pesanan",
                 "reference id", "merchant ref id")  # fmt: skip
_PAYOUT: Final = ("payout id", "withdrawal id", "id penarikan", "id pencairan", "id payout",
                  "payout reference", "disbursement id", "reference no",
                  "no referensi")  # fmt: skip
_TRANSACTION: Final = ("transaction id", "id transaksi", "midtrans transaction id")
_AMOUNT: Final = ("gross amount", "transaction amount", "amount", "jumlah transaksi", "gross",
                  "jumlah kotor", "payout amount", "withdrawal amount", "total payout",
                  "jumlah penarikan", "jumlah pencairan", "jumlah", "nominal",
                  "total")  # fmt: skip
_NET: Final = ("net amount", "nett amount", "settlement amount", "net settlement amount",
               "amount settled", "payable nett", "amount received", "jumlah diterima",
               "jumlah bersih", "net", "nett", "bersih")  # fmt: skip
_FEE: Final = ("total fee", "total fees", "total biaya")
_FEE_PARTS: Final = frozenset(
    {"fee", "fees", "mdr", "mdr fee", "mdr amount", "transaction fee", "payment fee", "biaya",
     "biaya transaksi", "biaya mdr", "vat", "ppn", "tax", "fee vat", "vat amount", "vat fee",
     "installment fee", "mdr installment"}
)  # fmt: skip
_KIND: Final = ("transaction type", "jenis transaksi", "tipe transaksi", "type", "jenis", "tipe")
_STATUS: Final = ("transaction status", "status transaksi", "status")
_PAID_OUT: Final = ("payout date", "payout time", "tanggal pencairan", "tanggal penarikan",
                    "withdrawal date", "withdrawal time", "disbursement date", "transfer date",
                    "tanggal transfer", "completed at", "updated at")  # fmt: skip
_DAY: Final = ("settlement time", "settlement date", "payout date", "tanggal settlement",
               "tanggal pencairan", "transaction time", "transaction date", "waktu transaksi",
               "tanggal transaksi", "date", "tanggal")  # fmt: skip
_FORMATS: Final = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d",
                   "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%d-%m-%Y %H:%M:%S",
                   "%d-%m-%Y %H:%M", "%d-%m-%Y", "%d %b %Y %H:%M:%S", "%d %b %Y, %H:%M",
                   "%d %b %Y %H:%M", "%d %b %Y", "%d %B %Y")  # fmt: skip
_DONE: Final = frozenset({"", "settlement", "settled", "capture", "captured", "success", "paid",
                          "successful", "berhasil", "selesai", "completed", "lunas",
                          "sukses"})  # fmt: skip
_PAID_OUT_DONE: Final = _DONE | {"processed", "transferred", "cair", "dicairkan", "terkirim"}
_PAID_OUT_WORDS: Final = ("payout", "withdraw", "penarikan", "pencairan", "disburse")
_ABOUT_PAYOUTS: Final = ("fee", "biaya", "revers", "refund", "return", "fail", "gagal", "batal",
                         "cancel")  # fmt: skip
"""What a payout cost, or that it came back, is no payout."""
_SUMS: Final = ("total", "grand total", "jumlah", "subtotal")
Kind = Literal["payment", "refund", "chargeback", "payout"]


class BadReport(Refused):
    """The file is no settlement report that can be read; nothing was taken in. `why`: empty, large,
    binary, lines, line or day (with its number); columns (none that is known), column_order (no
    order's key), column_amount, column_day (of a payout)."""

    code = "bad_report"


class Line(NamedTuple):
    """What a line says. Amounts in rupiah, above zero; `fee` is what the provider keeps, with its
    tax, rounded to whole rupiah, None where nothing is said of it; `settled_ms` is None where no
    instant is given (UTC ms; a provider's times are GMT+7). `number`: of the file, from 1.

    Of a payout: `amount` is what arrived, `transaction_id` what the provider calls it."""

    number: int
    order_key: str
    transaction_id: str
    kind: Kind
    amount: int
    fee: int | None
    settled_ms: int | None


class _Columns(NamedTuple):
    order: int | None
    transaction: int | None
    payout: int | None
    amount: int
    net: int | None
    fees: tuple[int, ...]
    kind: int | None
    status: int | None
    days: tuple[int, ...]
    paid_out: tuple[int, ...]
    width: int


def read_report(data: bytes) -> list[Line]:
    """The lines of a report about money that moved: payments, what went back, and payouts with the
    day on which they were made. What came to nothing and sums at the end are left out.

    Raises:
        BadReport: it cannot be read as one. Nothing is guessed: a line whose amount cannot be read
            refuses the file, and is named.
    """
    if len(data) > MOST_BYTES:
        raise BadReport(why="large", most=MOST_BYTES // 1000)
    rows = _rows(_decoded(data))
    columns: _Columns | None = None
    found: list[Line] = []
    lacks = "columns"
    for number, cells in rows:
        if columns is None:
            columns = _columns(cells)
            if columns is None:
                lacks = lacks if lacks != "columns" else _lacking(cells)
                if number > _MOST_BEFORE:
                    break
            continue
        line = _line(number, cells, columns)
        if line is not None:
            found.append(line)
            if len(found) > MOST_LINES:
                raise BadReport(why="lines", most=MOST_LINES)
    if columns is None:
        raise BadReport(why=lacks)
    if not found:
        raise BadReport(why="empty")
    return found


def _decoded(data: bytes) -> str:
    if not data.strip():
        raise BadReport(why="empty")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            text = data.decode(encoding, "replace")
            break
    else:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
    if data.startswith(b"PK") or "\0" in text or text.lstrip()[:1] in ("<", "%", "{"):
        raise BadReport(why="binary")
    return text


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows with their numbers, by the separator that most of the first lines have."""
    head = text.splitlines()[:_MOST_BEFORE]
    if head and re.fullmatch(r"sep=.", head[0].strip(), re.IGNORECASE):
        separator = head[0].strip()[4]
    else:
        separator = max(_SEPARATORS, key=lambda one: sum(line.count(one) for line in head))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            if len(cells) > _MOST_COLUMNS or any(len(cell) > _MOST_CELL for cell in cells):
                raise BadReport(why="binary")
            # A spreadsheet's way to keep a number a text: ="00123".
            clean = [re.sub(r'^="(.*)"$', r"\1", cell.strip().lstrip("'")) for cell in cells]
            if any(clean):
                yield reader.line_num, clean
    except csv.Error:
        raise BadReport(why="binary") from None


def _heading(cell: str) -> str:
    words = re.sub(r"\([^)]*\)", " ", cell.lower())
    return " ".join(re.sub(r"[^a-z0-9]+", " ", words).split())


def _first(names: Sequence[str], wanted: Sequence[str]) -> int | None:
    return next((names.index(one) for one in wanted if one in names), None)


def _lacking(cells: Sequence[str]) -> str:
    """What a row lacks to be the headings; "columns" where it has none of them."""
    names = [_heading(cell) for cell in cells]
    has_key, has_payout, has_amount, has_day = (
        _first(names, wanted) is not None
        for wanted in ((*_ORDER, *_TRANSACTION), _PAYOUT, (*_AMOUNT, *_NET), (*_PAID_OUT, *_DAY))
    )
    if has_key or (has_payout and not has_amount):
        return "column_amount"
    if has_payout:
        return "columns" if has_day else "column_day"
    return "column_order" if has_amount and len(names) > 1 else "columns"


def _columns(cells: Sequence[str]) -> _Columns | None:
    names = [_heading(cell) for cell in cells]

    def first(wanted: Sequence[str]) -> int | None:
        return _first(names, wanted)

    order, transaction, payout = first(_ORDER), first(_TRANSACTION), first(_PAYOUT)
    amount = first(_AMOUNT)
    paid_out = tuple(names.index(one) for one in (*_PAID_OUT, *_DAY) if one in names)
    if payout is not None and order is None and transaction is None:
        # A list of payouts: what arrived is enough, and the day must be told.
        amount = first(_NET) if amount is None else amount
        if not paid_out:
            return None
    elif order is None and transaction is None:
        return None
    if amount is None:
        return None
    total = first(_FEE)
    parts = tuple(at for at, name in enumerate(names) if name in _FEE_PARTS)
    days = tuple(names.index(one) for one in _DAY if one in names)
    return _Columns(
        order, transaction, payout, amount, first(_NET), parts if total is None else (total,),
        first(_KIND), first(_STATUS), days, paid_out, len(cells),
    )  # fmt: skip


def _line(number: int, cells: Sequence[str], columns: _Columns) -> Line | None:
    def cell(at: int | None) -> str:
        return cells[at] if at is not None and at < len(cells) else ""

    order, transaction = cell(columns.order), cell(columns.transaction)
    if _is_payout(cell, columns):
        return _payout(number, cells, columns)
    if not order and not transaction:
        return None  # a sum, a note
    if any(cells[columns.width :]):
        # An amount with the file's own separator in it: whatever is behind it is displaced.
        raise BadReport(why="line", number=number)
    words = f"{cell(columns.kind)} {cell(columns.status)}".lower()
    kind = _kind_of(words)
    if kind == "payment" and cell(columns.status).lower() not in _DONE:
        return None
    amount = _rupiah(number, cell(columns.amount))
    if amount is None or amount == 0:
        raise BadReport(why="line", number=number)
    if amount < 0 and kind == "payment":
        kind = "refund"
    return Line(
        number, order, transaction, kind, _whole(number, abs(amount)),
        _fee(number, amount, cell, columns) if kind == "payment" else 0,
        _instant([cell(at) for at in columns.days]),
    )  # fmt: skip


def _is_payout(cell: Callable[[int | None], str], columns: _Columns) -> bool:
    if columns.order is None and columns.transaction is None:
        name = cell(columns.payout).lower()
        return bool(name) and name.rstrip(" :") not in _SUMS
    kind = cell(columns.kind).lower()
    if cell(columns.order) or any(word in kind for word in _ABOUT_PAYOUTS):
        return False
    return any(word in kind for word in _PAID_OUT_WORDS)


def _payout(number: int, cells: Sequence[str], columns: _Columns) -> Line | None:
    """A payout that was made; None where it was not, or the file has no days."""

    def cell(at: int | None) -> str:
        return cells[at] if at is not None and at < len(cells) else ""

    if cell(columns.status).lower() not in _PAID_OUT_DONE or not columns.paid_out:
        return None
    if any(cells[columns.width :]):
        raise BadReport(why="line", number=number)
    asked, net = _rupiah(number, cell(columns.amount)), _rupiah(number, cell(columns.net))
    at_ms = _instant([cell(at) for at in columns.paid_out])
    if not asked:
        raise BadReport(why="line", number=number)
    if at_ms is None:
        raise BadReport(why="day", number=number)
    arrived = abs(net) if net else abs(asked)
    fee = abs(asked) - arrived
    if fee < 0:
        raise BadReport(why="line", number=number)
    name = cell(columns.payout) or cell(columns.transaction)
    return Line(number, "", name, "payout", _whole(number, arrived), _whole(number, fee), at_ms)


def _kind_of(words: str) -> Kind:
    if "charge" in words and "back" in words:
        return "chargeback"
    is_back = any(one in words for one in ("refund", "pengembalian", "reversal"))
    return "refund" if is_back else "payment"


def _fee(
    number: int, amount: Decimal, cell: Callable[[int | None], str], columns: _Columns
) -> int | None:
    """What was kept: gross less net where both are there, else the fees' columns summed; None where
    neither is. A net of nothing is no fee: the money is not settled yet."""
    net = _rupiah(number, cell(columns.net))
    parts = [part for at in columns.fees if (part := _rupiah(number, cell(at))) is not None]
    if net:
        kept = amount - net
    elif parts:
        kept = sum(map(abs, parts), Decimal())
    else:
        return None
    if not 0 <= kept < amount:
        raise BadReport(why="line", number=number)
    return int(kept.quantize(Decimal(1), ROUND_HALF_UP))


def _whole(number: int, amount: Decimal) -> int:
    if amount != amount.to_integral_value():
        raise BadReport(why="line", number=number)
    return int(amount)


def _rupiah(number: int, text: str) -> Decimal | None:
    """An amount as Indonesians or Midtrans write it: 28000, "28.000", "28,000.00", "Rp 28.000,50";
    None for an empty cell."""
    bare = re.sub(r"(?i)rp\.?|idr|\s|\u00a0", "", text)
    if bare in ("", "-"):
        return None
    is_negative = bare.startswith("-") or (bare.startswith("(") and bare.endswith(")"))
    bare = bare[1:-1] if bare.startswith("(") and is_negative else bare.removeprefix("-")
    found = _AMOUNT_TEXT.fullmatch(bare)
    if found is None:
        raise BadReport(why="line", number=number)
    whole, cents = found["whole"] or found["whole2"], found["cents"] or found["cents2"]
    amount = Decimal(f"{re.sub(r'[.,]', '', whole)}.{cents or '0'}")
    if amount > _MOST_RUPIAH:
        raise BadReport(why="line", number=number)
    return -amount if is_negative else amount


def _instant(cells: Sequence[str]) -> int | None:
    for cell in cells:
        text = re.sub(r"(\.\d+)?(\+07:?00| ?WIB)?$", "", cell)
        for form in _FORMATS:
            try:
                read = datetime.strptime(text, form).replace(tzinfo=_ZONE)
            except ValueError:
                continue
            return int(read.timestamp() * 1000) if read.year in _YEARS else None
    return None
