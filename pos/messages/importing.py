"""Sentences about imported files and their rows."""

from __future__ import annotations

IMPORTING: dict[str, tuple[str, str]] = {
    "file_missing": ("Berkas {file} tidak ditemukan.", "The file {file} was not found."),
    "file_is_folder": (
        "{file} adalah folder. Pilih berkasnya.",
        "{file} is a folder. Choose a file.",
    ),
    "file_unreadable": (
        "Berkas {file} rusak atau tidak dapat dibuka. Simpan ulang, lalu coba lagi.",
        "The file {file} is damaged or cannot be opened. Save it again and retry.",
    ),
    "file_empty": ("Berkas {file} kosong.", "The file {file} is empty."),
    "file_too_large": (
        "Berkas {file} terlalu besar ({limit}). Bagi menjadi beberapa berkas.",
        "The file {file} is too large ({limit}). Split it into several files.",
    ),
    "file_protected": (
        "Berkas {file} terkunci kata sandi. Simpan dahulu tanpa kata sandi.",
        "The file {file} has a password. Save it without one first.",
    ),
    "file_not_table": (
        "{file} bukan tabel. Buka dengan program lembar kerja lalu simpan sebagai XLSX.",
        "{file} is not a table. Open it in a spreadsheet program and save it as XLSX.",
    ),
    "no_heading": (
        'Judul kolom seperti "Nama Barang" tidak ditemukan di {file}. Pilih kolomnya sendiri.',
        'No headings such as "Name" were found in {file}. Choose the columns yourself.',
    ),
    "no_goods": (
        "Tidak ada barang di bawah judul kolom di {file}.",
        "There are no goods below the headings in {file}.",
    ),
    "mapping_wrong": (
        "Kolom untuk {field} tidak ada di berkas ini.",
        "This file has no column for {field}.",
    ),
    "import_cancelled": (
        "Impor dibatalkan. Tidak ada yang berubah.",
        "The import was cancelled. Nothing was changed.",
    ),
    "refused_rows_not_saved": (
        "{file} tidak dapat ditulis. Pilih tempat lain.",
        "{file} could not be written. Choose another place.",
    ),
    "barcode_lost_digits": (
        'Barcode "{shown}" kehilangan angka. Ketik ulang barcode lengkapnya.',
        'Barcode "{shown}" has lost digits. Type it in full.',
    ),
    "duplicate_in_file": ("Sama dengan baris {row} ({value}).", "Same as row {row} ({value})."),
    "no_name": ("Nama barang kosong.", "The name is missing."),
    "name_too_long": ("Nama lebih dari 200 huruf.", "The name is longer than 200 letters."),
    "total_row": ("Baris jumlah, bukan barang.", "A total, not goods."),
    "title_row": (
        "Sepertinya judul. Isi harganya bila ini barang.",
        "Looks like a title. Add a price if it is goods.",
    ),
    "price_unreadable": ('Harga "{shown}" tidak terbaca.', 'Price "{shown}" cannot be read.'),
    "price_negative": ('Harga "{shown}" kurang dari nol.', 'Price "{shown}" is below zero.'),
    "price_too_large": (
        'Harga "{shown}" terlalu besar. Mungkin salah kolom.',
        'Price "{shown}" is too large. Perhaps the wrong column.',
    ),
    "left_out": ("Tidak Anda centang.", "Not ticked by you."),
    "price_missing": ("Belum ada harga.", "No price yet."),
    "price_tiny": ("Harga hanya {price:rp}.", "The price is only {price:rp}."),
    "price_rounded": ('Harga "{shown}" dibulatkan.', 'Price "{shown}" was rounded.'),
    "price_unsure": (
        'Harga "{shown}" meragukan. Mohon periksa.',
        'Price "{shown}" is doubtful. Please check.',
    ),
    "price_below_cost": (
        "Harga jual {price:rp} di bawah harga beli {cost:rp}.",
        "Price {price:rp} is below cost {cost:rp}.",
    ),
    "price_halved": (
        "Harga turun lebih dari separuh: {old:rp} menjadi {new:rp}.",
        "Price falls by more than half: {old:rp} to {new:rp}.",
    ),
    "cost_unreadable": (
        'Harga beli "{shown}" tidak dapat dipakai.',
        'Cost "{shown}" cannot be used.',
    ),
    "cost_negative": (
        'Harga beli "{shown}" kurang dari nol dan tidak dipakai.',
        'Cost "{shown}" is below zero and was not used.',
    ),
    "cost_too_large": (
        'Harga beli "{shown}" terlalu besar dan tidak dipakai.',
        'Cost "{shown}" is too large and was not used.',
    ),
    "cost_unsure": (
        'Harga beli "{shown}" meragukan. Mohon periksa.',
        'Cost "{shown}" is doubtful. Please check.',
    ),
    "stock_never_counted": (
        "Stok 9999 dianggap belum dihitung.",
        "Stock of nines is taken as not counted.",
    ),
    "stock_unreadable": (
        'Stok "{shown}" tidak terbaca dan tidak dipakai.',
        'Stock "{shown}" cannot be read and was not used.',
    ),
    "stock_negative": (
        'Stok "{shown}" kurang dari nol dan tidak dipakai.',
        'Stock "{shown}" is below zero and was not used.',
    ),
    "stock_unsure": (
        'Stok "{shown}" meragukan. Mohon periksa.',
        'Stock "{shown}" is doubtful. Please check.',
    ),
    "stock_unit_unknown": (
        'Isi satuan {unit} pada stok "{shown}" belum diketahui.',
        'The size of {unit} in stock "{shown}" is unknown.',
    ),
    "min_stock_unreadable": (
        'Stok minimum "{shown}" tidak terbaca dan tidak dipakai.',
        'Minimum stock "{shown}" cannot be read and was not used.',
    ),
    "min_stock_negative": (
        'Stok minimum "{shown}" kurang dari nol dan tidak dipakai.',
        'Minimum stock "{shown}" is below zero and was not used.',
    ),
    "min_stock_unsure": (
        'Stok minimum "{shown}" meragukan. Mohon periksa.',
        'Minimum stock "{shown}" is doubtful. Please check.',
    ),
    "min_stock_unit_unknown": (
        'Isi satuan {unit} pada stok minimum "{shown}" belum diketahui.',
        'The size of {unit} in minimum stock "{shown}" is unknown.',
    ),
    "barcode_placeholder": (
        '"{shown}" bukan barcode sungguhan dan dilewati.',
        '"{shown}" is not a real barcode and was left out.',
    ),
    "barcode_check_digit": (
        'Angka terakhir barcode "{shown}" tidak cocok. Mungkin salah ketik.',
        'The last digit of "{shown}" does not fit. Perhaps a typing slip.',
    ),
    "barcode_of_one_batch": (
        '"{shown}" hanya cocok untuk satu kemasan atau tanggal.',
        '"{shown}" fits one batch or date only.',
    ),
    "barcode_unreadable": (
        'Barcode "{shown}" tidak terbaca dan dilewati.',
        'Barcode "{shown}" cannot be read and was left out.',
    ),
    "code_too_long": (
        "Kode terlalu panjang dan dilewati.",
        "The code is too long and was left out.",
    ),
    "code_taken": (
        "Kode {code} milik {name}. Kode tidak diubah.",
        "Code {code} belongs to {name}. It was left as it is.",
    ),
    "name_repeats": ("Nama sama dengan baris {row}.", "Same name as row {row}."),
    "name_exists": ("{name} sudah ada dengan barcode lain.", "{name} exists with another barcode."),
    "name_like_formula": (
        "Nama mirip rumus. Diambil sebagai teks.",
        "The name looks like a formula. Taken as text.",
    ),
    "unit_same": (
        "Satuan kedua sama dengan satuan pertama ({unit}).",
        "The second unit is the same as the first ({unit}).",
    ),
    "unit_without_factor": ("Isi satuan {unit} belum ada.", "The content of {unit} is missing."),
    "unit_smaller": (
        "Satuan {unit} lebih kecil daripada {base} dan dilewati.",
        "Unit {unit} is smaller than {base} and was left out.",
    ),
    "unit_price_unreadable": (
        'Harga satuan {unit} "{shown}" tidak terbaca.',
        'The price of {unit} "{shown}" cannot be read.',
    ),
    "unit_changed": (
        "Satuan berubah dari {old} menjadi {new}.",
        "The unit changes from {old} to {new}.",
    ),
    "factor_changed": (
        "Isi {unit} berubah dari {old} menjadi {new}.",
        "The content of {unit} changes from {old} to {new}.",
    ),
    "wholesale_no_quantity": (
        "Harga grosir {price:rp} tanpa jumlah minimum. Dilewati.",
        "Wholesale price {price:rp} has no minimum quantity. Left out.",
    ),
    "wholesale_not_lower": (
        "Harga grosir {price:rp} tidak lebih murah. Dilewati.",
        "Wholesale price {price:rp} is not lower. Left out.",
    ),
    "wholesale_unreadable": (
        'Harga grosir "{shown}" tidak terbaca.',
        'Wholesale price "{shown}" cannot be read.',
    ),
    "wholesale_quantity_unreadable": (
        'Minimum grosir "{shown}" tidak terbaca dan tidak dipakai.',
        'Wholesale minimum "{shown}" cannot be read and was not used.',
    ),
    "wholesale_quantity_negative": (
        'Minimum grosir "{shown}" kurang dari nol dan tidak dipakai.',
        'Wholesale minimum "{shown}" is below zero and was not used.',
    ),
    "wholesale_quantity_unsure": (
        'Minimum grosir "{shown}" meragukan. Mohon periksa.',
        'Wholesale minimum "{shown}" is doubtful. Please check.',
    ),
    "wholesale_quantity_unit_unknown": (
        'Isi satuan {unit} pada minimum grosir "{shown}" belum diketahui.',
        'The size of {unit} in wholesale minimum "{shown}" is unknown.',
    ),
    "stock_kept": (
        "Stok tetap {shop:qty}. Stok di berkas ({file:qty}) hanya untuk barang baru.",
        "Stock stays {shop:qty}. The file's stock ({file:qty}) is for new goods only.",
    ),
}
