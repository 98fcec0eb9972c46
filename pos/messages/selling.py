"""Sentences about selling, money, shifts and customers."""

from __future__ import annotations

SELLING: dict[str, tuple[str, str]] = {
    "empty_cart": (
        "Keranjang masih kosong. Pindai atau cari barang dulu.",
        "The cart is empty. Scan or find goods first.",
    ),
    "no_shift": (
        "Shift belum dibuka. Buka shift dulu, lalu lanjutkan.",
        "No shift is open. Open a shift first, then go on.",
    ),
    "shift_already_open": (
        "Shift masih terbuka. Tutup dulu sebelum membuka yang baru.",
        "A shift is still open. Close it before you open another.",
    ),
    "customer_needed": (
        "Kasbon dan potong gaji perlu nama pelanggan. Pilih pelanggan dulu.",
        "Kasbon and payroll purchases need a customer. Choose one first.",
    ),
    "not_paid": ("Pembayaran masih kurang {missing:rp}.", "{missing:rp} is still to be paid."),
    "non_cash_over_due": (
        "Pembayaran bukan tunai melebihi tagihan sebesar {over:rp}. Kembalian hanya untuk uang "
        "tunai.",
        "The payments other than cash are {over:rp} over what is due. Only cash gives change.",
    ),
    "refund_over_due": (
        "Uang yang dikembalikan lebih {over:rp} dari seharusnya.",
        "The refund pays out {over:rp} more than is due.",
    ),
    "bad_tender": (
        "Jumlah {amount:rp} tidak dapat dipakai untuk pembayaran {kind}.",
        "The amount {amount:rp} cannot be used for payment by {kind}.",
    ),
    "qris_limit": (
        "QRIS paling banyak Rp 10.000.000 sekali bayar. Bagi dengan cara bayar lain.",
        "QRIS takes at most Rp 10.000.000 at once. Split it with another tender.",
    ),
    "unknown_tender": (
        "Cara bayar {kind} tidak dikenal. Pakai cash, qris, card, ewallet, transfer, credit, atau "
        "balance.",
        "There is no tender {kind}. Use cash, qris, card, ewallet, transfer, credit or balance.",
    ),
    "bad_sale_line": (
        "Baris ini bukan penjualan yang dapat dibaca ({why}). Baris lain tetap jalan.",
        "This line is not a sale that can be read ({why}). Other lines go on.",
    ),
    "bad_amount": (
        '"{text}" belum terbaca sebagai jumlah rupiah. Tulislah misalnya 12.500 atau 12,5rb.',
        '"{text}" could not be read as an amount in rupiah. Write, for example, 12.500 or 12,5rb.',
    ),
    "amount_too_large": (
        'Jumlah "{text}" terlalu besar: paling banyak {digits} angka. Mohon Anda periksa kembali.',
        'The amount "{text}" is too large: at most {digits} digits. Please check it.',
    ),
    "bad_quantity": (
        '"{text}" belum terbaca sebagai banyaknya barang. Tulislah misalnya 2 atau 0,25.',
        '"{text}" could not be read as a quantity. Write, for example, 2 or 0.25.',
    ),
    "no_price": (
        "Barang ini belum punya harga, jadi tidak dapat dijual seharga {amount:rp}. Isi harganya "
        "dahulu.",
        "These goods have no price yet, so they cannot be sold for {amount:rp}. Set a price first.",
    ),
    "amount_needs_weighing": (
        "{name} dijual utuh per {unit}, jadi tidak dapat dibagi seharga {amount:rp}. Yang dapat "
        "hanya barang timbangan.",
        "{name} is sold in whole {unit} and cannot be divided for {amount:rp}. Only weighed goods "
        "can.",
    ),
    "amount_too_small": (
        "{amount:rp} belum cukup untuk {name}. Naikkan jumlah uangnya.",
        "{amount:rp} does not buy any {name}. Ask for more money's worth.",
    ),
    "unknown_unit": (
        "{name} tidak dijual per {unit}. Pilih satuan lain.",
        "{name} is not sold by the {unit}. Choose another unit.",
    ),
    "fraction_not_allowed": (
        "{name} dijual utuh per {unit}. Masukkan bilangan bulat.",
        "{name} is sold in whole {unit} only. Enter a whole number.",
    ),
    "quantity_too_large": (
        "Jumlah untuk {name} terlalu besar. Mungkin kode batang yang terketik; periksa lagi.",
        "The quantity of {name} is too large. It may be a barcode; please check.",
    ),
    "quantity_not_positive": (
        "Jumlah {name} harus di atas nol.",
        "The quantity of {name} must be above zero.",
    ),
    "price_out_of_range": (
        "Harga harus antara Rp 0 dan Rp 9.999.999.999.",
        "A price must be between Rp 0 and Rp 9.999.999.999.",
    ),
    "discount_too_large": (
        "Diskon melebihi harga barangnya. Kecilkan diskonnya.",
        "The discount is more than what it is taken from. Make it smaller.",
    ),
    "cart_full": (
        "Satu struk memuat paling banyak {limit} baris. Bayar dulu, lalu lanjut di struk baru.",
        "One receipt holds at most {limit} lines. Take payment, then go on with a new one.",
    ),
    "cart_gone": (
        "Keranjang itu sudah diambil atau dibuang orang lain.",
        "Somebody else has taken up or dropped that cart.",
    ),
    "credit_limit_exceeded": (
        "Kasbon {name} akan melewati batas {limit:rp}: sudah {debt:rp}, ditambah {asked:rp}. "
        "Minta izin manajer, atau bayar sebagian.",
        "The kasbon of {name} would pass the limit of {limit:rp}: {debt:rp} is owed, {asked:rp} "
        "more is asked. Ask a manager, or take part of it in cash.",
    ),
    "credit_share_exceeded": (
        "Kasir ini masih boleh memberi kasbon {left:rp} kepada {name}, diminta {asked:rp}. "
        "Selebihnya dari batas {limit:rp} adalah bagian kasir lain. Minta izin manajer, atau bayar "
        "sebagian.",
        "This counter may still give {name} {left:rp} on kasbon, {asked:rp} is asked. The rest of "
        "the limit of {limit:rp} is other counters' part. Ask a manager, or take part of it in "
        "cash.",
    ),
    "balance_limit_exceeded": (
        "Potong gaji {name} bulan ini akan melewati batas {limit:rp}: sudah {used:rp}, ditambah "
        "{asked:rp}. Pakai cara bayar lain.",
        "Payroll purchases of {name} this month would pass {limit:rp}: {used:rp} is used, "
        "{asked:rp} more is asked. Use another tender.",
    ),
    "unknown_customer": (
        "Tidak ada pelanggan bernama {name}. Periksa ejaannya atau tambahkan dulu.",
        "There is no customer named {name}. Check the spelling or add them first.",
    ),
    "ambiguous_customer": (
        "Ada lebih dari satu pelanggan bernama {name}. Sebut nomor anggota atau kodenya.",
        "More than one customer is named {name}. Give the member number or id.",
    ),
    "bad_customer": (
        "Data pelanggan belum dapat disimpan ({why}).",
        "The customer could not be saved ({why}).",
    ),
    "bad_customer.name_empty": (
        "Nama pelanggan masih kosong. Isilah namanya.",
        "The customer's name is empty. Please fill it in.",
    ),
    "bad_customer.limit": (
        "Batas kasbon harus rupiah, nol atau lebih.",
        "A limit must be rupiah, zero or more.",
    ),
    "nothing_owed": (
        "Utang {name} hanya {owed:rp}, jadi {asked:rp} tidak dapat diterima.",
        "{name} owes {owed:rp} only, so {asked:rp} cannot be taken.",
    ),
    "unknown_sale": (
        "Struk {receipt} tidak ditemukan. Periksa nomornya.",
        "Receipt {receipt} was not found. Check the number.",
    ),
    "ambiguous_receipt": (
        "Nomor {receipt} ada pada lebih dari satu struk: {choices}. Pakai nomor dengan @ dan empat "
        "huruf yang tercetak di sampingnya.",
        "More than one receipt has the number {receipt}: {choices}. Use the number with @ and the "
        "four characters printed beside it.",
    ),
    "unknown_line": ("Struk itu tidak punya baris {line}.", "That receipt has no line {line}."),
    "nothing_to_refund": (
        "Semua barang di struk {receipt} sudah dikembalikan.",
        "Everything on receipt {receipt} has been given back already.",
    ),
    "refund_too_much": (
        "{name} hanya bisa dikembalikan {left:qty} lagi.",
        "Only {left:qty} more of {name} can be given back.",
    ),
    "tax_changed": (
        "Cara pajak sudah berubah sejak struk itu. Kembalikan dulu, lalu jual di struk baru.",
        "Tax is computed differently since that receipt. Refund first, then sell anew.",
    ),
    "reason_needed": ("Tulis alasannya dulu.", "Please give a reason first."),
    "bad_drawer_amount": (
        "Jumlah uang harus rupiah, nol atau lebih, dan masuk akal.",
        "The amount must be rupiah, zero or more, and sensible.",
    ),
    "swap_too_late": (
        "Shift struk {receipt} sudah ditutup, jadi cara bayarnya tidak dapat diganti.",
        "The shift of receipt {receipt} is closed, so its tender cannot be changed.",
    ),
    "no_such_tender": (
        "Struk {receipt} tidak dibayar dengan {kind}.",
        "Receipt {receipt} was not paid by {kind}.",
    ),
    "tender_unclear": (
        "Struk {receipt} dibayar lebih dari sekali dengan {kind}. Sebutkan yang ke berapa: "
        "{numbers}.",
        "Receipt {receipt} was paid by {kind} more than once. Say which of them: {numbers}.",
    ),
    "swap_to_account": (
        "Uang yang dikembalikan tidak dapat dipindah ke kasbon atau potong gaji.",
        "Money given back cannot be moved to kasbon or payroll.",
    ),
    "nothing_due": (
        "Pembeli tidak perlu membayar apa-apa pada penukaran ini. Hapus pembayarannya.",
        "The buyer has nothing to pay in this exchange. Leave the payment out.",
    ),
    "exchange_cannot_wait": (
        "Penukaran tidak dapat diparkir. Belum ada yang tersimpan; bayar selisihnya atau kembali.",
        "An exchange cannot be parked. Nothing is saved yet; pay the difference or go back.",
    ),
    "bad_exchange": (
        "Isi penukaran belum terbaca ({why}). Tidak ada yang berubah.",
        "The exchange could not be read ({why}). Nothing was changed.",
    ),
    "same_tender": ("Cara bayarnya memang sudah itu.", "It is that tender already."),
}
