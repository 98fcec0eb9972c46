"""Sentences about orders from the gerai online."""

from __future__ import annotations

ORDERS: dict[str, tuple[str, str]] = {
    "order_not_by_courier": (
        "Pesanan {number} tidak dikirim lewat kurir.",
        "Order {number} does not go by courier.",
    ),
    "order_no_courier": (
        "Tulis kurirnya.",
        "Say who the courier is.",
    ),
    "order_courier_unpaid": (
        "Pesanan {number} lewat kurir dan dibayar dulu: masih kurang {owed:rp}."
        " Berikan ke kurir setelah uangnya masuk.",
        "Order {number} goes by courier and is paid in advance: {owed:rp} is still missing."
        " Give it to the courier once the money is there.",
    ),
    "order_charged_back": (
        "Uang pesanan {number}, {amount:rp}, ditarik kembali oleh bank. Jangan serahkan barangnya:"
        " hubungi pembeli, atau batalkan pesanannya.",
        "The money for order {number}, {amount:rp}, was taken back by the bank. Do not hand the"
        " goods over: contact the buyer, or cancel the order.",
    ),
    "order_fee_open": (
        "Sebutkan ongkos kurirnya dahulu; pembeli lalu setuju atau tidak.",
        "Say what the courier costs first; the buyer then agrees or not.",
    ),
    "order_step_not_possible": (
        "Pesanan ini sudah berubah, jadi langkah itu tidak bisa lagi. Lihat keadaannya sekarang.",
        "The order has changed, so this step is no longer possible. See how it stands now.",
    ),
    "order_step_not_yours": (
        "Langkah ini bukan untuk toko, tetapi untuk pembeli atau server.",
        "This step is not the shop's but the buyer's or the server's.",
    ),
    "order_step_too_early": (
        "Belum waktunya: pembeli masih punya waktu.",
        "It is too early: the buyer still has time.",
    ),
    "order_step_too_late": (
        "Waktunya sudah lewat untuk langkah ini.",
        "The time for this step has passed.",
    ),
    "order_wrong_amount": (
        "Jumlahnya tidak cocok dengan pesanan ini: paling banyak {most:rp}.",
        "The amount does not fit this order: at most {most:rp}.",
    ),
    "unknown_order": (
        "Pesanan {number} tidak ada di kasir ini. Mungkin belum tersinkron.",
        "There is no order {number} at this counter. It may not have been synced yet.",
    ),
    "order_reason_needed": (
        "Tulis alasannya: pembeli akan membacanya.",
        "Write the reason: the buyer will read it.",
    ),
    "empty_proposal": (
        "Tidak ada yang bisa ditawarkan. Terima atau tolak pesanannya.",
        "There is nothing to offer. Accept or decline the order.",
    ),
    "empty_proposal.nothing_left": (
        "Tidak ada barang yang tersisa. Tolak atau batalkan pesanannya.",
        "No goods would be left. Decline or call off the order.",
    ),
    "empty_proposal.same": (
        "Tidak ada yang berubah. Ubah jumlah atau barangnya dulu.",
        "Nothing was changed. Change a quantity or the goods first.",
    ),
    "wrong_order_code": (
        "Kode pengambilan salah. Masih {left} kali lagi.",
        "The code is wrong. {left} more tries.",
    ),
    "order_code_paused": (
        "Kode salah terlalu sering. Coba lagi {minutes} menit lagi.",
        "Too many wrong codes. Try again in {minutes} minutes.",
    ),
    "already_handed_over": (
        "Pesanan ini sudah diserahkan, struk {receipt}.",
        "This order was handed over already, receipt {receipt}.",
    ),
    "not_an_order_code": (
        "Itu bukan kode pengambilan pesanan.",
        "That is not the code of an order.",
    ),
    "bad_order_tender": (
        'Cara bayar "{text}" tidak terbaca. Tulislah misalnya cash:50000 atau qris:34000.',
        'The tender "{text}" cannot be read. Write, for example, cash:50000 or qris:34000.',
    ),
    "order_waits": (
        "Pesanan {number} tetap di daftar. Serahkan setelah uangnya masuk.",
        "Order {number} stays in the list. Hand it over once the money is there.",
    ),
    "order_tender": (
        "Pesanan online dibayar tunai, QRIS, kartu, dompet digital, atau transfer.",
        "Online orders are paid in cash, by QRIS, card, e-wallet or transfer.",
    ),
    "order_nothing_said": (
        "Tulis pesannya dahulu.",
        "Write the message first.",
    ),
    "order_talk_over": (
        "Data pembeli sudah dihapus, jadi pesan tidak dapat dikirim.",
        "The buyer's data was deleted, so no message can be sent.",
    ),
    "order_word_not_taken": (
        "Pesan ini tidak dapat dikirim. Hubungi pembeli lewat WhatsApp.",
        "This message cannot be sent. Reach the buyer by WhatsApp.",
    ),
    "order_word_not_taken.order_talk_over": (
        "Tidak dikirim: data pembeli sudah dihapus.",
        "Not sent: the buyer's data was deleted.",
    ),
    "order_word_not_taken.order_too_many_messages": (
        "Pesanan ini sudah punya terlalu banyak pesan. Hubungi pembeli lewat WhatsApp.",
        "This order has too many messages already. Reach the buyer by WhatsApp.",
    ),
}
