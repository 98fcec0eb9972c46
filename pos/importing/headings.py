"""Finding the heading row and what each column holds, in Indonesian or English."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from pos.importing.cells import looks_like_barcode
from pos.importing.errors import FileEmpty, MappingWrong, NoGoods, NoHeading
from pos.importing.limits import HEADING_ROWS
from pos.importing.model import CellValue, Field, Mapping, Row, Table

FIELDS: tuple[Field, ...] = (
    "name",
    "code",
    "barcode",
    "category",
    "brand",
    "unit",
    "price",
    "cost",
    "stock",
    "min_stock",
    "wholesale_price",
    "wholesale_quantity",
    "unit2",
    "factor2",
    "price2",
    "barcode2",
    "unit3",
    "factor3",
    "price3",
    "barcode3",
)
"""What a column can hold, in the order a window offers it."""

MONEY_FIELDS: tuple[Field, ...] = (
    "price",
    "cost",
    "wholesale_price",
    "price2",
    "price3",
)

# Phrases after short forms were written out and filler words dropped; `2` stands for any unit set.
_PHRASES: dict[Field, str] = {
    "name": "nama, deskripsi, uraian, name, description, title, nama dan ukuran, merk dan nama",
    "code": "kode, code, sku, plu, id, no kode, kode sku, kode plu, art no, part number",
    "barcode": "barcode, kode barcode, barcode kode, kode batang, ean, upc, gtin, ean13, ean 13, "
    "kode bar, kode scan, kode barkode, barkode, barcode sku, sku barcode, kode plu barcode, "
    "barcode plu, plu barcode, isbn, kode qr, qr",
    "category": "kategori, category, kelompok, golongan, group, grup, jenis, tipe, type, "
    "departemen, department, rak kategori, kategori jenis, nama kategori, kel, class, kelas",
    "brand": "merk, merek, brand, pabrik, nama merk, nama merek",
    "unit": "satuan, unit, uom, satuan jual, satuan 1, satuan kecil, satuan dasar, kemasan, "
    "satuan eceran, unit of measure, nama satuan, satuan terkecil, sat jual",
    "price": "harga jual, harga, price, jual, harga eceran, eceran, harga satuan, harga ecer, "
    "harga umum, harga jual eceran, harga jual umum, harga jual 1, harga 1, harga normal, "
    "selling price, sale price, sales price, retail price, unit price, sell price, retail, "
    "harga toko, harga jual satuan, harga jual satuan 1, harga satuan 1, harga retail, "
    "harga jual ecer",
    "cost": "harga beli, beli, harga pokok, modal, harga modal, hpp, cost, cost price, kulak, "
    "harga kulak, harga kulakan, harga dasar, buying price, purchase price, buy price, "
    "unit cost, harga beli satuan, harga beli terakhir, harga supplier, harga perolehan, "
    "pokok, harga hpp, hna, harga pokok pembelian, harga pokok penjualan",
    "stock": "stok, stock, jumlah, qty, quantity, kuantitas, sisa, saldo, stok akhir, stok awal, "
    "sisa stok, jumlah stok, on hand, in stock, stock on hand, persediaan, jml, stok toko, "
    "saldo akhir, stok sekarang, qty stok, stok qty, stok fisik, stok saat ini, soh, stok tersedia",
    "min_stock": "stok minimum, stok minimal, minimum stok, minimal stok, min stok, stok min, "
    "minimum stock, min stock, stock min, stock minimum, reorder level, reorder point, "
    "batas stok, limit stok, minimum, stok limit, stok pengaman, safety stock",
    "wholesale_price": "harga grosir, grosir, wholesale, wholesale price, harga partai, partai, "
    "harga jual grosir, harga grosir 1, grosir 1",
    "wholesale_quantity": "minimum grosir, min grosir, qty grosir, jumlah grosir, isi grosir, "
    "minimal grosir, grosir minimum, grosir min, batas grosir, minimum qty grosir, "
    "min qty grosir, wholesale quantity, wholesale minimum, minimum beli grosir",
    "unit2": "satuan 2, unit 2, satuan besar, satuan beli, satuan dus, purchase unit, "
    "buying unit, satuan kedua, kemasan besar",
    "factor2": "isi satuan 2, isi, isi 2, konversi, konversi 2, faktor, faktor 2, rasio, "
    "isi satuan besar, isi satuan, isi kemasan, isi dus, isi per dus, factor, conversion, "
    "qty per unit, units per case, case size, isi satuan beli, nilai konversi, isi pak",
    "price2": "harga satuan 2, harga jual 2, harga 2, harga dus, harga jual satuan 2, "
    "harga jual dus, harga satuan besar, harga jual satuan besar, price 2, harga karton",
    "barcode2": "barcode 2, barcode dus, barcode satuan 2, barcode satuan besar, kode 2, "
    "barcode karton, kode satuan 2",
    "unit3": "satuan 3, unit 3, satuan ketiga",
    "factor3": "isi satuan 3, isi 3, konversi 3, faktor 3",
    "price3": "harga satuan 3, harga jual 3, harga 3, harga jual satuan 3, price 3",
    "barcode3": "barcode 3, barcode satuan 3, kode 3, kode satuan 3",
}
_FIELD_OF = {
    phrase.strip(): field for field, text in _PHRASES.items() for phrase in text.split(",")
}

_SHORT = {
    "h": "harga",
    "hrg": "harga",
    "hg": "harga",
    "hrga": "harga",
    "hj": "harga jual",
    "hb": "harga beli",
    "jl": "jual",
    "jl.": "jual",
    "bl": "beli",
    "sat": "satuan",
    "stn": "satuan",
    "brg": "barang",
    "kd": "kode",
    "nm": "nama",
    "stk": "stok",
    "stocks": "stock",
    "ktg": "kategori",
    "kat": "kategori",
    "grs": "grosir",
    "satuan2": "satuan 2",
    "satuan3": "satuan 3",
    "isi2": "isi 2",
    "no": "no",
    "bar": "bar",
    "code": "code",
    "barkod": "barcode",
}
_GOODS = frozenset(["barang", "produk", "product", "item", "items", "goods", "obat", "menu"])
_FILLER = _GOODS | {"rp", "idr", "rupiah", "jasa", "di", "dan", "the", "of", "per", "a"}
_JOINED = {"bar code": "barcode", "kode bar": "kode bar", "in stok": "stok"}
_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]")
_WORDS = re.compile(r"[^\W_]+")
_MAX_HEADING_CHARS = 40


def field_of(heading: CellValue) -> Field | None:
    """Say what a column under this heading holds, or None for what an import does not use."""
    if not isinstance(heading, str) or len(heading) > _MAX_HEADING_CHARS:
        return None
    text = html.unescape(heading).lower()
    words = " ".join(_WORDS.findall(_BRACKETS.sub(" ", text))) or " ".join(_WORDS.findall(text))
    for apart, joined in _JOINED.items():
        words = words.replace(apart, joined)
    written_out = " ".join(_SHORT.get(word, word) for word in words.split()).split()
    kept = [word for word in written_out if word not in _FILLER]
    if not kept:
        return "name" if any(word in _GOODS for word in written_out) else None
    return _FIELD_OF.get(" ".join(kept))


def columns_of(row: Sequence[CellValue]) -> dict[Field, int]:
    """Map the fields that a row of headings names to its columns; the first of two wins."""
    columns: dict[Field, int] = {}
    for index, cell in enumerate(row):
        field = field_of(cell) if cell is not None else None
        if field is not None:
            columns.setdefault(field, index)
    return columns


def propose_mapping(table: Table) -> Mapping:
    """Find the sheet and row whose headings say most, and what their columns hold.

    Raises:
        NoHeading: no row names a column for the name of the goods.
        NoGoods: the best heading row is the last row of its sheet.
    """
    best: tuple[int, int, int, dict[Field, int]] | None = None
    for sheet_index, sheet in enumerate(table.sheets):
        for index, row in enumerate(sheet.rows[:HEADING_ROWS]):
            columns = columns_of(row)
            if "name" not in columns or (len(columns) < 2 and _filled(row) > 1):
                continue
            if best is None or len(columns) > best[0]:
                best = (len(columns), sheet_index, index, columns)
    if best is None:
        raise NoHeading(file=table.file_name)
    _, sheet_index, index, columns = best
    rows = table.sheets[sheet_index].rows
    columns, heading_row = _with_second_line(rows, index, columns)
    if not any(any(cell is not None for cell in row) for row in rows[heading_row:]):
        raise NoGoods(file=table.file_name)
    return Mapping(sheet_index, heading_row, _decide_code(rows[heading_row:], columns))


def _filled(row: Row) -> int:
    return sum(cell is not None for cell in row)


def _with_second_line(
    rows: Sequence[Row], index: int, columns: dict[Field, int]
) -> tuple[dict[Field, int], int]:
    """Read headings of two lines: a merged "Harga" above "Beli" and "Jual".

    Gives the columns and the spreadsheet row of the last heading line.
    """
    if index + 1 >= len(rows):
        return columns, index + 1
    above, below = rows[index], rows[index + 1]
    name = columns["name"]
    if (name < len(below) and below[name] is not None) or not columns_of(below):
        return columns, index + 1
    joined: list[CellValue] = []
    over: CellValue = None
    for position in range(max(len(above), len(below))):
        top = above[position] if position < len(above) else None
        sub = below[position] if position < len(below) else None
        over = top if top is not None else over
        if sub is None:
            joined.append(top)
        else:
            both = f"{over} {sub}"
            joined.append(both if field_of(both) else sub)
    return columns_of(joined), index + 2


def _decide_code(rows: Iterable[Row], columns: dict[Field, int]) -> dict[Field, int]:
    """Take a lone "Kode" column for barcodes when half of its cells look like barcodes."""
    if "code" not in columns or "barcode" in columns:
        return columns
    index = columns["code"]
    cells = [row[index] for row in rows if index < len(row) and row[index] is not None][:1000]
    if not cells or sum(map(looks_like_barcode, cells)) * 2 < len(cells):
        return columns
    return {("barcode" if field == "code" else field): at for field, at in columns.items()}


def check_mapping(table: Table, mapping: Mapping) -> None:
    """Hold a mapping made by hand against the table.

    Raises:
        FileEmpty: the table has no sheet.
        MappingWrong: an unknown field, a column or sheet that is not there, or no name column.
    """
    if not table.sheets:
        raise FileEmpty(file=table.file_name)
    if not 0 <= mapping.sheet < len(table.sheets):
        raise MappingWrong(field="sheet", file=table.file_name)
    if "name" not in mapping.columns:
        raise MappingWrong(field="name", file=table.file_name)
    rows = table.sheets[mapping.sheet].rows
    width = max(map(len, rows), default=0)
    for field, column in mapping.columns.items():
        if field not in FIELDS or not 0 <= column < width:
            raise MappingWrong(field=field, file=table.file_name)
    if not 0 <= mapping.heading_row <= len(rows):
        raise MappingWrong(field="heading_row", file=table.file_name)
