"""Sentences about buyers' own accounts."""

from __future__ import annotations

BUYERS: dict[str, tuple[str, str]] = {
    "buyer_bad": (
        "Data akun belum lengkap.",
        "Something is missing for the account.",
    ),
    "buyer_bad.name": (
        "Tulislah nama Anda, paling banyak {most} huruf.",
        "Please write your name, at most {most} letters.",
    ),
    "buyer_bad.phone": (
        "Tulislah nomor ponsel Indonesia, misalnya 0812-4400-1234.",
        "Please write an Indonesian mobile number, such as 0812-4400-1234.",
    ),
    "buyer_bad.address": (
        "Tulislah alamatnya, paling banyak {most} huruf.",
        "Please write the address, at most {most} letters.",
    ),
    "buyer_bad.two_addresses": (
        "Anda memilih alamat tersimpan dan juga menulis alamat lain. Pakailah salah satu saja.",
        "You chose a kept address and wrote another one as well. Please use only one of them.",
    ),
    "buyer_bad.consent": (
        "Centanglah persetujuannya dahulu. Tanpa akun pun Anda tetap dapat memesan.",
        "Please tick that you agree. You can order without an account, too.",
    ),
    "buyer_wrong": (
        "Nomor atau kata sandi tidak cocok. Silakan coba lagi.",
        "Number or password do not match. Please try again.",
    ),
    "buyer_wrong_code": (
        "Kode pemulihan ini tidak dikenal, atau sudah dipakai. Periksa lagi tulisannya. Kalau "
        "tadi sudah terkirim, masuklah dengan kata sandi baru, lalu buat kode baru di Akun.",
        "This recovery code is not known, or was used already. Please check how it is written. "
        "If it was sent before, sign in with the new password, then make a new code in Account.",
    ),
    "buyer_wrong_password": (
        "Kata sandi sekarang tidak cocok. Tidak ada yang berubah.",
        "The present password does not match. Nothing was changed.",
    ),
    "buyer_password_taken": (
        "Kata sandi ini tidak dapat dipakai untuk nomor itu. Pilihlah yang lain.",
        "This password cannot be used with that number. Please choose another one.",
    ),
    "buyer_addresses": (
        "Akun menyimpan paling banyak {most} alamat. Hapuslah salah satu dahulu.",
        "An account keeps at most {most} addresses. Please delete one of them first.",
    ),
    "buyer_unknown": (
        "Tidak ada akun pembeli itu.",
        "There is no such buyer's account.",
    ),
    "buyer_signed_out": (
        "Anda sudah keluar dari akun. Silakan masuk lagi.",
        "You are signed out. Please sign in again.",
    ),
}
