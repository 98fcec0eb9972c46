"""Sentences about goods, stock and codes."""

from __future__ import annotations

GOODS: dict[str, tuple[str, str]] = {
    "unknown_product": (
        "Barang dengan kode {text} belum dikenal. Tambahkan dulu atau cari namanya.",
        "No product has the code {text}. Add it first, or search by name.",
    ),
    "product_archived": (
        "{name} sudah diarsipkan dan tidak dijual. Aktifkan lagi bila perlu.",
        "{name} was archived and is not sold. Bring it back if you need it.",
    ),
    "merged_away": (
        "Barang ini sudah disatukan ke {name}. Ubah dan jual {name}.",
        "This product was merged into {name}. Change and sell {name}.",
    ),
    "ambiguous_code": (
        "Kode {text} dipakai lebih dari satu barang: {names}. Pilih salah satu.",
        "The code {text} is on more than one product: {names}. Choose one.",
    ),
    "bad_check_digit": (
        "Label terbaca keliru. Pindai sekali lagi atau ketik barangnya.",
        "The label was misread. Scan it again or type the product.",
    ),
    "bad_layout": (
        "Susunan label {prefix} tidak cocok dengan 13 angka.",
        "The label layout {prefix} does not fit 13 digits.",
    ),
    "bad_product": (
        "Barang belum dapat disimpan ({why}).",
        "The product could not be saved ({why}).",
    ),
    "bad_product.missing": ("Barang itu tidak ada.", "That product is not here."),
    "bad_product.name_empty": (
        "Nama barang masih kosong. Isilah namanya.",
        "The name is empty. Please fill it in.",
    ),
    "bad_product.name_long": (
        "Nama barang terlalu panjang (paling banyak 200 huruf).",
        "The name is too long (200 letters at most).",
    ),
    "bad_product.text_long": (
        "Ada isian yang terlalu panjang (paling banyak 200 huruf).",
        "Something written there is too long (200 letters at most).",
    ),
    "bad_product.price_range": (
        "Harga harus antara Rp 0 dan Rp 9.999.999.999.",
        "A price must be between Rp 0 and Rp 9.999.999.999.",
    ),
    "bad_product.cost_range": (
        "Harga beli harus antara Rp 0 dan Rp 9.999.999.999.",
        "A cost must be between Rp 0 and Rp 9.999.999.999.",
    ),
    "bad_product.unit_empty": (
        "Ada satuan yang masih kosong. Isilah namanya.",
        "A unit has no name. Please fill it in.",
    ),
    "bad_product.unit_twice": (
        "Satu satuan tertulis dua kali. Hapus salah satu.",
        "One unit is written twice. Remove one.",
    ),
    "bad_product.factor_range": (
        "Isi satuan harus bilangan bulat, 1 sampai 1.000.000.",
        "A unit holds a whole number, 1 to 1,000,000.",
    ),
    "bad_product.tier_range": (
        "Harga grosir perlu jumlah di atas nol, masing-masing sekali.",
        "Each tier needs its own quantity above zero.",
    ),
    "bad_product.tax_class": ("Golongan pajak tidak dikenal.", "That tax class is not known."),
    "bad_product.barcode_unit": (
        "Kode batang menunjuk satuan yang tidak ada.",
        "A barcode names a unit that the product does not have.",
    ),
    "bad_product.stock_range": (
        "Stok minimum harus antara 0 dan 999.999.",
        "The minimum stock must be between 0 and 999,999.",
    ),
    "bad_product.halal": (
        "Nomor sertifikat halal terdiri dari ID dan 17 angka, misalnya ID75110000012341024.",
        "A halal certificate's number is ID and 17 digits, for example ID75110000012341024.",
    ),
    "bad_product.online_tobacco": (
        "Rokok dan tembakau tidak boleh dijual lewat gerai online (PP 28/2024 pasal 434).",
        "Tobacco may not be sold online (PP 28/2024 article 434).",
    ),
    "bad_product.online_medicine": (
        "Obat yang perlu resep dokter tidak boleh dijual lewat gerai online.",
        "Medicines that need a prescription may not be sold online.",
    ),
    "bad_product.online_alcohol": (
        "Minuman beralkohol tidak dijual lewat gerai online.",
        "Alcohol is not sold online.",
    ),
    "bad_product.picture": (
        "Gambar barang itu tidak dikenal. Pilih gambarnya lagi.",
        "That picture is not known. Choose the picture again.",
    ),
    "bad_product_picture": (
        "{file} bukan gambar yang dapat dibaca. Pilih berkas PNG, JPG, atau WebP.",
        "{file} is not a picture that can be read. Choose a PNG, JPG or WebP file.",
    ),
    "bad_product_picture.missing": (
        "{file} tidak ada atau tidak boleh dibaca. Pilih berkas gambarnya lagi.",
        "{file} is not there or may not be read. Choose the picture file again.",
    ),
    "bad_product_picture.bytes": (
        "{file} terlalu besar untuk gambar barang (paling besar 20 MB). Pilih yang lebih kecil.",
        "{file} is too large for a product's picture (20 MB at most). Choose a smaller one.",
    ),
    "bad_product_picture.pixels": (
        "{file} terlalu lebar atau tinggi untuk gambar barang. Perkecil dulu, lalu pilih lagi.",
        "{file} is too wide or too high for a product's picture. Make it smaller, then choose it.",
    ),
    "barcode_taken": (
        "Kode batang {barcode} sudah dipakai {name}.",
        "The barcode {barcode} is on {name} already.",
    ),
    "bad_stock_line": (
        "Perubahan stok belum dapat disimpan ({why}).",
        "The stock change could not be saved ({why}).",
    ),
    "bad_stock_line.qty": (
        "Jumlahnya tidak cocok dengan alasan itu. Periksa tanda dan angkanya.",
        "The quantity does not fit that reason. Check sign and number.",
    ),
    "bad_stock_line.value": (
        "Harga beli seluruhnya harus rupiah, nol atau lebih.",
        "The cost in all must be rupiah, zero or more.",
    ),
    "bad_stock_line.product": ("Barang itu tidak ada.", "That product is not here."),
    "bad_stock_line.empty": ("Belum ada barang yang diterima.", "There are no goods to receive."),
    "bad_movement": ("Jumlah barang keluar harus di atas nol.", "What leaves must be above zero."),
    "import_sold": (
        "Impor tidak dapat dibatalkan: {name} sudah terjual.",
        "The import cannot be taken back: {name} has been sold.",
    ),
    "unknown_import": (
        "Impor itu tidak ada atau sudah dibatalkan.",
        "There is no such import, or it was taken back already.",
    ),
}
