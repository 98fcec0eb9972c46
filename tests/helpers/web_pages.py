"""The addresses of all pages of a sample shop, for tests that try each of them."""

from __future__ import annotations

from collections.abc import Iterator

from tests.helpers.web_shop import TODAY, Sample


def all_pages(sample: Sample) -> Iterator[str]:
    """Every page that can be opened, with the queries that change what it shows."""
    base = f"/kelola/{sample.shop_id.hex()}"
    goods = f"{base}/barang/{sample.goods[1].hex()}"
    customer = f"{base}/pelanggan/{sample.customers[0].hex()}"
    yield from (
        "/kelola",
        "/akun",
        "/akun/kode",
        base,
        f"{base}?hari=2026-11-20",
        f"{base}?hari=nonsense",
    )
    yield from (
        f"{base}/penjualan",
        f"{base}/penjualan?dari=2026-11-17&sampai={TODAY}&jenis=refund",
    )
    yield f"{base}/penjualan?dari={TODAY}&bayar=credit&jam=15&kasir={sample.front.device.hex()}"
    yield from (f"{base}/barang", f"{base}/barang?stok=short&cari=a", f"{base}/barang?arsip=1")
    yield from (f"{base}/barang?stok=negative", goods, f"{goods}/ubah", f"{base}/dua-tempat")
    yield f"{base}/barang/baru"
    yield from (f"{base}/pelanggan", f"{base}/pelanggan?utang=1&cari=udin", customer)
    yield from (f"{customer}/ubah", f"{base}/kasir", f"{base}/periksa", f"{base}/lainnya")
    yield f"{base}/kasir/{sample.front.device.hex()}/cabut"
    yield f"{base}/kasir/{sample.doubtful.device.hex()}/pastikan"
    yield from (f"{base}/periksa?daftar=ditandai", f"{base}/periksa?daftar=selesai")
    yield from (f"{base}/pengaturan", f"{base}/gerai", f"{base}/rupa", f"{base}/penjual")
    yield f"{base}/penjual/halal"
    yield from (f"{base}/pesanan", f"{base}/pesanan?jenis=selesai", f"{base}/ulasan")
    yield f"{base}/aturan-pesanan"
    yield from (f"{base}/uang", f"{base}/pembayaran", f"{base}/laporan-pesanan")
    yield from (f"{base}/pembayaran/laporan", f"{base}/pembayaran/pencairan")
