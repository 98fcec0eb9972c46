"""300 damaged or hostile files: always a clear report, never a traceback; any cells at all."""

from __future__ import annotations

import codecs
import random
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.barcode import check_digit, normal_form
from core.errors import Refused
from pos.importing.cells import read_barcodes, read_quantity, text_of
from pos.importing.csv_reading import decode
from pos.importing.model import CellValue, ImportPlan
from pos.importing.money_column import MAX_RUPIAH, MoneyColumn
from pos.importing.planning import plan
from pos.importing.process import read_in_process
from pos.importing.reading import read_table
from pos.importing.refused import save_refused
from tests.unit.importing import files
from tests.unit.importing.shop import Shop, table

SEED = 20261124
FILES = 300
CLEAR = frozenset(
    [
        "file_unreadable",
        "file_empty",
        "file_too_large",
        "file_protected",
        "file_not_table",
        "no_heading",
        "no_goods",
    ]
)
Damage = Callable[[bytearray, random.Random], bytes]
NASTY = (
    '=cmd|" /C calc"!A0',
    "+1+1",
    "@SUM(A1)",
    "-2+3",
    "x" * 32_767,
    "y" * 40_000,
    "\x00\x01",
    "9" * 400,
    "-" * 50,
    "1e999999999",
    "'; DROP TABLE product; --",
    "\u202e\u200b\ufeff",
    "𝟙𝟚𝟛",
    "٣٤٥",
    "²",
    "½",
    "8.99E+12",
    "&#0;&amp;amp;",
    "\t\n\r",
    '"',
    "Rp",
    "1.1.1",
    "(1)",
    "TOTAL",
    "hapus",
)


def flipped(data: bytearray, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 40)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def cut(data: bytearray, chance: random.Random) -> bytes:
    return bytes(data[: chance.randrange(len(data))])


def holed(data: bytearray, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    data[start : start + chance.randint(1, 400)] = bytes(chance.randint(0, 400))
    return bytes(data)


def doubled(data: bytearray, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return bytes(data[:start] + data[start : start + 2_000] * chance.randint(2, 5) + data[start:])


def noise(data: bytearray, chance: random.Random) -> bytes:
    return bytes(data[:8]) * chance.randint(0, 1) + chance.randbytes(chance.randint(1, 4_000))


def nasty_csv(_data: bytearray, chance: random.Random) -> bytes:
    delimiter = chance.choice(";,\t|")
    lines = [delimiter.join(chance.sample(["Nama", "Harga", "Barcode", "Stok", "Satuan"], 4))]
    lines += [delimiter.join(chance.choice(NASTY) for _ in range(4)) for _ in range(12)]
    encoding = chance.choice(["utf-8", "utf-16", "utf-16-be", "utf-32"])
    return "\n".join(lines).encode(encoding, "surrogatepass")


def nasty_archive(data: bytearray, chance: random.Random) -> bytes:
    """A spreadsheet whose parts were written by an enemy: well packed, ill filled."""
    text = bytes(data)
    folder = Path(nasty_archive.folder)  # type: ignore[attr-defined]
    source = folder / "source.bin"
    source.write_bytes(text)
    if not zipfile.is_zipfile(source):
        return flipped(data, chance)
    name = chance.choice([n for n in _names(source) if n.endswith(".xml")])
    part = bytearray(files.member(source, name))
    return files.repacked(source, {name: chance.choice([flipped, cut, holed, deep])(part, chance)})


def deep(data: bytearray, chance: random.Random) -> bytes:
    """Elements within elements, an entity that grows, numbers without end."""
    trap = chance.choice(
        [
            b"<a>" * 20_000,
            b'<!DOCTYPE x [<!ENTITY a "' + b"b" * 999 + b'"><!ENTITY c "' + b"&a;" * 999 + b'">]>',
            b'<c r="XFD1048576"><v>1</v></c>',
            b"<v>" + b"9" * 5_000 + b"</v>",
            b'<row r="4294967296">',
        ]
    )
    at = chance.randrange(len(data))
    return bytes(data[:at] + trap + data[at:])


def _names(source: Path) -> list[str]:
    with zipfile.ZipFile(source) as archive:
        return archive.namelist()


DAMAGES: tuple[Damage, ...] = (
    flipped, cut, holed, doubled, noise, nasty_csv, nasty_archive, nasty_archive
)  # fmt: skip


def hostile(number: int, whole: dict[str, bytes], folder: Path) -> Path:
    """One damaged file: of which kind, how, and under which name, the seed decides."""
    chance = random.Random(SEED * 1_000 + number)
    kind = chance.choice(sorted(whole))
    data = chance.choice(DAMAGES)(bytearray(whole[kind]), chance)
    path = folder / f"{number}.{chance.choice(['xlsx', 'xls', 'ods', 'csv', 'txt', kind, kind])}"
    path.write_bytes(data)
    return path


def report(path: Path, read: Callable[[Path], object] = read_table) -> str:
    """What the person is told: a refusal by code, or a plan. Anything else fails the test."""
    try:
        made = plan(read(path), None, Shop())  # type: ignore[arg-type]
    except Refused as refused:
        assert refused.code in CLEAR
        assert refused.details["file"] == path.name
        return refused.code
    assert_whole(made)
    return "planned"


def assert_whole(made: ImportPlan) -> None:
    """Every row has a verdict; what is refused says why; what is taken is fit to be kept."""
    counts = made.counts
    assert counts.new + counts.changed + counts.unchanged + counts.refused == len(made.rows)
    for row in made.rows:
        assert (row.item is None) == (row.action == "none")
        assert row.reasons or row.verdict != "refused"
        if row.item is not None:
            assert 0 < len(row.item.name) <= 200
            assert {unicodedata.category(char) for char in row.item.name}.isdisjoint(("Cc", "Cs"))
            assert 0 <= (row.item.price or 0) <= MAX_RUPIAH
            assert (row.item.stock or 0) >= 0
            assert all(unit.factor > 1 for unit in row.item.units)
    barcodes = [code for row in made.rows if row.item for code in row.item.barcodes]
    assert len(barcodes) == len(set(barcodes))


@pytest.fixture(scope="module", autouse=True)
def bounded_memory() -> Iterator[None]:
    """A file that slips through the guards shall end this run, not the machine."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (4 * 1024**3, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    nasty_archive.folder = str(folder)  # type: ignore[attr-defined]
    made = {kind: make(folder / f"a.{kind}").read_bytes() for kind, make in files.MAKERS.items()}
    return made | {"cp1252.csv": files.csv(folder / "b.csv").read_bytes() + "Café".encode("cp1252")}


def test_three_hundred_hostile_files(whole: dict[str, bytes], tmp_path: Path) -> None:
    told = Counter(report(hostile(number, whole, tmp_path)) for number in range(FILES))
    assert sum(told.values()) == FILES
    # The files are of all sorts: some are beyond reading, some are read in spite of all.
    assert told["planned"] > 30 and told["file_unreadable"] > 30
    assert {"no_heading", "file_not_table", "file_too_large"} <= set(told)


def test_hostile_files_in_the_reading_process(whole: dict[str, bytes], tmp_path: Path) -> None:
    for number in range(0, FILES, 50):
        path = hostile(number, whole, tmp_path)
        assert report(path, read_in_process) == report(path)


def test_the_refused_rows_of_hostile_files_can_be_saved(
    whole: dict[str, bytes], tmp_path: Path
) -> None:
    saved = 0
    for number in range(FILES):
        path = hostile(number, whole, tmp_path)
        try:
            read = read_table(path)
            made = plan(read, None, Shop())
        except Refused:
            continue
        saved += save_refused(read, made, tmp_path / "out.xlsx", lambda reason: reason.code, "?")
        assert read_table(tmp_path / "out.xlsx").sheets[0].rows
    assert saved > 30


CELLS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=30)
    | st.text(alphabet="0123456789.,-+ Rprbjtke()/", max_size=16)
    | st.sampled_from(NASTY)
)
HEADINGS = ("Nama", "Barcode", "Harga", "Harga Beli", "Stok", "Satuan", "Satuan 2", "Isi")


@given(st.lists(st.tuples(*[CELLS] * len(HEADINGS)), min_size=1, max_size=6))
def test_any_cells_under_headings_are_planned(rows: list[tuple[CellValue, ...]]) -> None:
    if all(cell is None for row in rows for cell in row):
        return
    assert_whole(plan(table(HEADINGS, *rows), None, Shop()))


@given(st.lists(st.tuples(*[CELLS] * len(HEADINGS)), min_size=1, max_size=6))
def test_any_file_twice_changes_nothing(rows: list[tuple[CellValue, ...]]) -> None:
    if all(cell is None for row in rows for cell in row):
        return
    shop, goods = Shop(), table(HEADINGS, *rows)
    first = plan(goods, None, shop)
    shop.take(first)
    again = plan(goods, None, shop)
    assert (again.counts.new, again.counts.changed) == (0, 0)
    assert again.counts.unchanged == first.counts.new


@given(st.integers(0, MAX_RUPIAH))
def test_every_way_of_writing_an_amount_reads_the_same(amount: int) -> None:
    dotted = f"{amount:,}".replace(",", ".")
    ways = [dotted, f"Rp {dotted}", f"{dotted},-", f"{dotted},00", f"{amount:,}.00", str(amount)]
    column = MoneyColumn(ways)
    assert [column.read(way).rupiah for way in ways] == [amount] * len(ways)


@given(st.integers(10**10, 10**12 - 1))
def test_a_barcode_survives_being_a_number(stem: int) -> None:
    code = str(stem) + check_digit(str(stem))
    as_text = read_barcodes(code, restore_text=False)
    as_number = read_barcodes(float(code), restore_text=False)
    assert as_text == as_number
    if as_text.barcodes:
        assert as_text.barcodes == (normal_form(code),)


@given(CELLS)
def test_single_cells_never_raise(cell: CellValue) -> None:
    text_of(cell)
    read_barcodes(cell, restore_text=True)
    assert (read_quantity(cell, measured=True).thousandths or 0) >= 0


@given(st.text(), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_what_was_written_with_a_mark_is_read_as_written(text: str, encoding: str) -> None:
    plain = "".join(c for c in text if c not in "\ufeff\x00" and not "\ud800" <= c <= "\udfff")
    data = (codecs.BOM_UTF8 + plain.encode()) if encoding == "utf-8" else plain.encode(encoding)
    assert decode(data)[0] == plain


@given(st.binary(max_size=400))
def test_any_bytes_can_be_decoded(data: bytes) -> None:
    text, encoding = decode(data)
    assert codecs.lookup(encoding)
    assert len(text) <= len(data), "no letter comes from nothing"
