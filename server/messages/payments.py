"""Sentences about payments through a provider."""

from __future__ import annotations

from typing import Final

PAYMENTS: Final[dict[str, tuple[str, str]]] = {
    "provider_silent": (
        "Penyedia pembayaran tidak menjawab. Kami akan menanyakannya lagi sendiri.",
        "The payment provider did not answer. We will ask it again by ourselves.",
    ),
    "provider_key_wrong": (
        "Kunci server penyedia pembayaran tidak cocok. Periksa apakah kunci itu dari lingkungan"
        " yang benar (sandbox atau produksi).",
        "The payment provider does not know this server key. Check that it is of the right"
        " environment (sandbox or production).",
    ),
    "provider_refused": (
        "Penyedia pembayaran menolak: {said}",
        "The payment provider said no: {said}",
    ),
    "payment_method_not_open": (
        "Cara bayar ini belum dibuka untuk toko ini di penyedia pembayaran.",
        "This way of paying is not open for this shop at the payment provider.",
    ),
    "provider_key_used": (
        "Nomor pembayaran ini sudah dipakai di penyedia. Coba bayar sekali lagi.",
        "The provider has a payment with this number already. Try to pay once more.",
    ),
    "provider_not_possible": (
        "Keadaan pembayaran ini di penyedia tidak memungkinkan hal itu lagi.",
        "As this payment stands at the provider, that cannot be done any more.",
    ),
    "provider_unknown": (
        "Penyedia tidak mengenal pembayaran ini.",
        "The provider does not know this payment.",
    ),
    "bad_sealing_keys": (
        "Berkas kunci penyegel {file} tidak dapat dipakai. Buat dengan:"
        " huyula-server payments key BERKAS",
        "The file of sealing keys {file} cannot be used. Make one with:"
        " huyula-server payments key FILE",
    ),
    "no_sealing_key": (
        "Server ini belum punya kunci penyegel, jadi kunci server tidak dapat disimpan. Atur"
        " HUYULA_SEALING_KEYS.",
        "This server has no sealing key, so that a server key cannot be kept. Set"
        " HUYULA_SEALING_KEYS.",
    ),
    "no_provider_key": (
        "Tulis kunci server penyedia di HUYULA_PROVIDER_KEY, jangan di baris perintah.",
        "Put the provider's server key in HUYULA_PROVIDER_KEY, not on the command line.",
    ),
    "sealed_unopened": (
        "Kunci server yang tersimpan tidak dapat dibuka: kunci penyegelnya sudah berganti atau"
        " hilang.",
        "The server key that is kept cannot be opened: its sealing key was changed or lost.",
    ),
    "no_provider_account": (
        "Toko ini belum menerima pembayaran melalui penyedia.",
        "This shop takes no payments through a provider yet.",
    ),
    "bad_provider_account": (
        "Akun penyedia pembayaran ini tidak dikenal.",
        "This account at a payment provider is not known.",
    ),
    "bad_provider_account.key": (
        "Kunci ini tidak cocok: kunci sandbox dimulai dengan SB-, kunci produksi tidak.",
        "This key does not fit: a sandbox key begins with SB-, one of production does not.",
    ),
    "bad_provider_account.base": (
        "Alamat lain hanya untuk sandbox, dengan https (http hanya di komputer ini sendiri).",
        "Another address is for a sandbox alone, with https (http on this machine only).",
    ),
    "order_refuses": (
        "Pesanan ini tidak menerima perubahan pembayarannya ({by}).",
        "The order did not take what became of its payment ({by}).",
    ),
    "no_payment": (
        "Pembayaran ini tidak ditemukan.",
        "There is no such payment.",
    ),
    "bad_payment": (
        "Pembayaran seperti ini tidak dapat diminta.",
        "Such a payment cannot be asked for.",
    ),
    "bad_payment.amount": (
        "Jumlah ini tidak dapat dibayar secara online. Tanyakan cara bayar lain kepada toko.",
        "This amount cannot be paid online. Ask the shop for another way to pay.",
    ),
    "bad_payment.bank": (
        "Pilih salah satu bank untuk transfer.",
        "Choose one of the banks for a transfer.",
    ),
    "bad_payment.other": (
        "Pembayaran ini sudah diminta dengan isi yang lain.",
        "This payment was asked for before, with other content.",
    ),
    "bad_report": (
        "Berkas ini tidak dapat dibaca sebagai laporan penyedia. Tidak ada yang dicatat.",
        "This file cannot be read as a report of the provider. Nothing was recorded.",
    ),
    "bad_report.none": (
        "Pilih dahulu berkas laporannya.",
        "Choose the report's file first.",
    ),
    "bad_report.empty": (
        "Di berkas ini tidak ada transaksi yang sudah dibayar. Tidak ada yang dicatat.",
        "There is no settled transaction in this file. Nothing was recorded.",
    ),
    "bad_report.large": (
        "Berkas ini terlalu besar (paling banyak {most} kB). Unduh laporan dengan masa yang lebih "
        "pendek.",
        "This file is too large (at most {most} kB). Download a report of a shorter period.",
    ),
    "bad_report.lines": (
        "Berkas ini memuat lebih dari {most} transaksi. Unduh laporan dengan masa yang lebih "
        "pendek.",
        "This file has more than {most} transactions. Download a report of a shorter period.",
    ),
    "bad_report.binary": (
        "Ini bukan berkas CSV. Pilih format CSV ketika mengunduh laporan, atau simpan sebagai CSV "
        "dari program tabel.",
        "This is not a CSV file. Choose CSV when downloading the report, or save it as CSV from "
        "the spreadsheet program.",
    ),
    "bad_report.columns": (
        "Di berkas ini tidak ada kolom nomor pesanan (Order ID), nomor pencairan (Payout ID), dan "
        "jumlah (Gross Amount). Unduh laporan transaksi atau pencairan yang memuatnya.",
        "This file has no column of the order's number (Order ID), the payout's number (Payout ID) "
        "or the amount (Gross Amount). Download a report of transactions or payouts that has them.",
    ),
    "bad_report.column_order": (
        "Kolom nomor pesanan (Order ID) atau nomor pencairan (Payout ID) tidak ada di berkas ini. "
        "Unduh laporan yang memuatnya.",
        "The column of the order's number (Order ID) or the payout's number (Payout ID) is not in "
        "this file. Download a report that has it.",
    ),
    "bad_report.column_amount": (
        "Kolom jumlah (Gross Amount) tidak ada di berkas ini. Unduh laporan yang memuatnya.",
        "The column of the amount (Gross Amount) is not in this file. Download a report that has "
        "it.",
    ),
    "bad_report.column_day": (
        "Kolom tanggal pencairan (Payout Date) tidak ada di berkas ini. Unduh laporan yang "
        "memuatnya.",
        "The column of the payouts' dates (Payout Date) is not in this file. Download a report "
        "that has it.",
    ),
    "bad_payout": (
        "Pencairan ini tidak dapat dicatat.",
        "This payout cannot be recorded.",
    ),
    "bad_payout.amount": (
        "Tulislah jumlah yang masuk ke rekening toko, lebih dari nol.",
        "Enter the amount that came to the shop's bank account, above zero.",
    ),
    "bad_payout.day": (
        "Pilih tanggal uangnya masuk: hari ini atau sebelumnya.",
        "Choose the day on which the money came: today or earlier.",
    ),
    "bad_payout.until": (
        "Pembayaran yang dicairkan paling akhir dari hari uangnya masuk.",
        "The payments that were paid out are of the day on which the money came, or earlier.",
    ),
    "payout_doubtful": (
        "Pencairan ini belum dicatat: periksalah sekali lagi.",
        "This payout is not recorded yet: look at it once more.",
    ),
    "payout_doubtful.twice": (
        "Pencairan {amount:rp} di sekitar tanggal itu sudah dicatat. Kalau ini pencairan yang "
        "lain, centang dan catat sekali lagi.",
        "A payout of {amount:rp} near that day was recorded before. If this is another one, tick "
        "the box and record it again.",
    ),
    "payout_doubtful.short": (
        "Menurut catatan di penyedia hanya ada {there:rp}; kurang {missing:rp}. Kalau uangnya "
        "memang masuk, centang dan catat sekali lagi: kekurangannya dicatat terpisah.",
        "By the records only {there:rp} is at the provider; {missing:rp} is missing. If the money "
        "did come, tick the box and record it again: what is missing is noted apart.",
    ),
    "payout_doubtful.beyond": (
        "Pembayaran sampai tanggal itu hanya {there:rp}; yang masuk {missing:rp} lebih banyak. "
        "Pilih tanggal yang lebih akhir, atau centang kalau memang begitu.",
        "Payments until that day are only {there:rp}; {missing:rp} more came. Choose a later day, "
        "or tick the box if it is so.",
    ),
    "payout_doubtful.fee": (
        "Selisihnya {fee:rp} dari {there:rp}: terlalu besar untuk biaya penyedia. Periksa jumlah "
        "dan tanggalnya, atau centang kalau memang begitu.",
        "The difference is {fee:rp} of {there:rp}: too much for a provider's fee. Check the amount "
        "and the days, or tick the box if it is so.",
    ),
    "payout_aside_reason_needed": (
        "Pencairan ini belum disisihkan: tulislah alasannya, supaya nanti jelas mengapa.",
        "This payout is not set aside yet: write the reason, so that it is clear later why.",
    ),
    "bad_report.day": (
        "Tanggal pencairan di baris {number} tidak dapat dibaca. Tidak ada yang dicatat; unduh "
        "sekali lagi tanpa mengubah isinya.",
        "The payout's day in line {number} cannot be read. Nothing was recorded; download it once "
        "more and change nothing in it.",
    ),
    "bad_report.line": (
        "Jumlah di baris {number} tidak dapat dibaca. Tidak ada yang dicatat; unduh sekali lagi "
        "tanpa mengubah isinya.",
        "The amount in line {number} cannot be read. Nothing was recorded; download it once more "
        "and change nothing in it.",
    ),
    "payment_open": (
        "Pembayaran lain untuk pesanan ini masih menunggu. Selesaikan atau batalkan dahulu.",
        "Another payment of this order is waiting. Finish it, or call it off first.",
    ),
    "paid_already": (
        "Pesanan ini sudah dibayar.",
        "This order was paid.",
    ),
    "cannot_refund": (
        "Pengembalian dana ini tidak dapat dilakukan.",
        "This cannot be refunded.",
    ),
    "cannot_refund.state": (
        "Belum ada uang dari pembayaran ini yang dapat dikembalikan.",
        "There is no money of this payment to give back.",
    ),
    "cannot_refund.channel": (
        "Cara bayar ini tidak mengenal pengembalian. Kembalikan dengan transfer ke pembeli.",
        "This way of paying knows no refund. Pay the buyer back by transfer.",
    ),
    "cannot_refund.window": (
        "Batas waktu pengembalian untuk cara bayar ini sudah lewat. Kembalikan dengan transfer.",
        "The time in which this way of paying refunds is over. Pay back by transfer.",
    ),
    "cannot_refund.amount": (
        "Jumlah ini melebihi sisa pembayaran yang dapat dikembalikan.",
        "This is more than what is left of the payment.",
    ),
    "cannot_refund.other": (
        "Pengembalian ini sudah diminta dengan jumlah yang lain.",
        "This refund was asked for before, with another amount.",
    ),
}
