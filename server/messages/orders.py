"""Sentences about orders of the gerai."""

from __future__ import annotations

ORDERS: dict[str, tuple[str, str]] = {
    "order_gerai_shut": (
        "{shop} sedang tidak menerima pesanan online.",
        "{shop} takes no online orders at the moment.",
    ),
    "order_gerai_shut.holiday": (
        "{shop} sedang libur dan tidak menerima pesanan.",
        "{shop} is on holiday and takes no orders.",
    ),
    "order_goods_gone": (
        "{name} tidak dijual online lagi. Hapuslah dari keranjang, lalu coba lagi.",
        "{name} is not sold online any more. Remove it from your basket and try again.",
    ),
    "order_not_enough": (
        "{name} tinggal {left:qty} {unit}. Kurangi jumlahnya, lalu coba lagi.",
        "Only {left:qty} {unit} of {name} are left. Order less and try again.",
    ),
    "order_price_changed": (
        "Harga {name} sekarang {new:rp} / {unit}, bukan {old:rp}. Periksa lagi sebelum memesan.",
        "{name} costs {new:rp} / {unit} now, not {old:rp}. Please check before you order.",
    ),
    "order_bad_basket": (
        "Isi keranjang tidak dapat dibaca. Periksa jumlahnya, lalu coba lagi.",
        "The basket cannot be read. Check the quantities and try again.",
    ),
    "order_bad_basket.lines": (
        "Keranjang kosong, atau isinya terlalu banyak.",
        "The basket is empty, or there is too much in it.",
    ),
    "order_bad_basket.qty": (
        "Tulislah jumlahnya dengan angka, misalnya 2. Hanya barang timbangan boleh pecahan,"
        " misalnya 0,5.",
        "Write the quantity as a number, for instance 2. Only goods that are weighed may have a"
        " fraction, for instance 0.5.",
    ),
    "order_bad_basket.more": (
        "Tawarkan paling banyak sejumlah yang dipesan pembeli.",
        "Offer at most as much as the buyer ordered.",
    ),
    "order_bad_basket.total": (
        "Harga seluruhnya terlalu besar untuk satu pesanan. Bagilah menjadi beberapa pesanan.",
        "The total is too much for one order. Please make several orders of it.",
    ),
    "order_way_not_offered": (
        "{shop} tidak mengantar ke sana. Pilihlah cara lain.",
        "{shop} does not deliver there. Please choose another way.",
    ),
    "order_way_not_offered.pay": (
        "{shop} tidak menerima cara bayar itu. Pilihlah yang lain.",
        "{shop} does not take that way of paying. Please choose another one.",
    ),
    "order_way_not_offered.courier": (
        "Pesanan lewat kurir dibayar dahulu. Pilihlah cara bayar yang lain.",
        "Orders by courier are paid in advance. Please choose another way of paying.",
    ),
    "order_way_not_offered.fee": (
        "Ongkos antar {shop} sekarang {fee:rp}. Periksa lagi sebelum memesan.",
        "{shop} charges {fee:rp} for delivery now. Please check before you order.",
    ),
    "order_way_not_offered.fee_later": (
        "{shop} kini menyebut ongkos kurir waktu menjawab pesanan. Periksa lagi sebelum memesan.",
        "{shop} now says the courier's fee when it answers. Please check before you order.",
    ),
    "order_bad_contact": (
        "Data pemesan belum lengkap.",
        "Please say who orders.",
    ),
    "order_bad_contact.name": (
        "Tulislah nama Anda, paling banyak {most} huruf.",
        "Please write your name, at most {most} letters.",
    ),
    "order_bad_contact.phone": (
        "Tulislah nomor ponsel Indonesia, misalnya 0812-4400-1234.",
        "Please write an Indonesian mobile number, such as 0812-4400-1234.",
    ),
    "order_bad_contact.address": (
        "Tulislah alamat pengantaran, paling banyak {most} huruf.",
        "Please write where to deliver it, at most {most} letters.",
    ),
    "order_bad_contact.note": (
        "Catatan paling banyak {most} huruf.",
        "A note has at most {most} letters.",
    ),
    "order_too_many": (
        "Masih banyak pesanan Anda yang belum selesai di toko ini. Tunggu jawabannya dahulu.",
        "Many of your orders at this shop are not finished yet. Please wait for its answer.",
    ),
    "order_too_many_messages": (
        "Satu pesanan paling banyak {most} pesan. Hubungi lewat WhatsApp.",
        "An order has at most {most} messages. Please use WhatsApp.",
    ),
    "order_no_reason": (
        "Tulis alasannya dahulu.",
        "Write the reason first.",
    ),
    "order_talk_over": (
        "Data pembeli sudah dihapus, jadi pesan tidak dapat dikirim lagi.",
        "The buyer's data was deleted, so no more messages can be sent.",
    ),
    "order_fee_open": (
        "Sebutkan ongkos kurirnya dahulu; pembeli lalu setuju atau tidak.",
        "Say what the courier costs first; the buyer then agrees or not.",
    ),
    "order_step_not_possible": (
        "Pesanan ini sudah berubah, jadi langkah itu tidak dapat dilakukan lagi.",
        "This order has changed meanwhile, so that can no longer be done.",
    ),
    "order_step_not_yours": (
        "Langkah itu bukan bagian Anda.",
        "That step is somebody else's.",
    ),
    "order_step_too_early": (
        "Waktunya belum tiba untuk langkah itu.",
        "It is too early for that.",
    ),
    "order_step_too_late": (
        "Waktunya sudah lewat untuk langkah itu.",
        "It is too late for that.",
    ),
    "order_wrong_amount": (
        "Jumlah itu tidak cocok; paling banyak {most:rp}.",
        "That amount does not fit; at most {most:rp}.",
    ),
    "stray_amount": (
        "Tulis jumlah uang yang masuk, misalnya 20.000.",
        "Write the amount that came, for instance 20.000.",
    ),
    "stray_gone": (
        "Uang ini sudah diikat ke pesanan atau dikembalikan.",
        "This money was tied to an order or given back already.",
    ),
    "stray_too_small": (
        "Pesanan {number} masih harus dibayar {owed:rp}, sedangkan uang ini {left:rp}. Mintalah"
        " kekurangannya, atau kembalikan uang ini.",
        "Order {number} still owes {owed:rp}, and this money is {left:rp}. Ask for the rest, or"
        " give this money back.",
    ),
    "stray_no_order": (
        "Tidak ada pesanan dengan nomor itu.",
        "There is no order with that number.",
    ),
    "review_not_yet": (
        "Ulasan ditulis setelah pesanan selesai dan barangnya diterima.",
        "A review is written once the order is completed and the goods are received.",
    ),
    "review_closed": (
        "Ulasan ini sudah tidak dapat diubah lagi.",
        "This review can no longer be changed.",
    ),
    "review_bad_stars": (
        "Pilih satu sampai lima bintang.",
        "Choose one to five stars.",
    ),
}
