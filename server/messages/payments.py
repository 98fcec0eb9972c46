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
}
