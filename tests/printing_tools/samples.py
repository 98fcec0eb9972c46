"""Documents with everything on them that a receipt may have."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from core.receipt import Block, Document, Feed, Item, Logo, Pair, Qr, Rule, Text, Weave
from pos.printing.bitmap import prepare_logo

# The merchant is made up; length and fields are those of a static QRIS code.
QRIS = (
    "00020101021126610014COM.GO-JEK.WWW01189360091430000000010210G0000000010303UMI51440014ID.CO."
    "QRIS.WWW0215ID10200000000010303UMI5204541153033605802ID5918TOKO MANDIRI JAYA6009GORONTALO"
    "61059611162070703A016304ABCD"
)


def logo() -> bytes:
    """A shop's logo as a shop would bring it: coloured, transparent, with wide borders."""
    picture = Image.new("RGBA", (400, 300), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((120, 80, 280, 240), outline=(180, 40, 20, 255), width=14)
    draw.polygon([(200, 100), (250, 200), (150, 200)], fill=(20, 90, 160, 255))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return prepare_logo(out.getvalue(), 120)


def receipt() -> Document:
    """A sale with long and foreign names, discounts, the largest amount, kasbon and a QR code."""
    blocks: tuple[Block, ...] = (
        Logo(logo()),
        Text("KOPERASI HUYULA MANDIRI", "centre", bold=True, big=True),
        Text("Jl. H. B. Jassin No. 12, Kelurahan Limba U Dua, Kota Gorontalo", "centre"),
        Text("0812-3456-7890", "centre"),
        Weave(),
        Text("*** SALINAN 1 ***", "centre", bold=True),
        Pair("K1-000123", "a3f9"),
        Text("24 November 2026 14.05"),
        Text("Kasir: Nurhayati"),
        Text("Pelanggan: Siti “Ibu” Abdul-Karim"),
        Rule(),
        Item("Beras Gorontalo 5 kg", "2 karung x 72.500", "145.000"),
        Item(
            "Minyak goreng kelapa sawit kemasan isi ulang merek Sania 2 liter",
            "12 pcs x 38.900",
            "466.800",
            (("Diskon", "-16.800"), ("titip di gudang", "")),
        ),
        Item("น้ำปลา ตราปลาหมึก", "1 btl x 25.000", "25.000"),
        Item("زيت جوز الهند", "0,250 kg x 60.000", "15.000"),
        Item("Es Teh 🧊", "3 gelas x 5.000", "15.000"),
        Item("Café crème – ½ kg", "1 pak x 48.000", "48.000"),
        Item("Traktor tangan", "1 unit x 1.250.000.000", "1.250.000.000"),
        Rule(),
        Pair("Subtotal", "1.250.698.000"),
        Pair("Diskon", "-698.000"),
        Pair("TOTAL", "Rp 1.250.000.000", bold=True, big=True),
        Pair("Tunai", "1.000.000.000"),
        Pair("QRIS (akan dikembalikan) 8844221177", "50.000.000"),
        Pair("Kasbon", "200.000.000"),
        Rule(double=True),
        Pair("Utang sekarang", "200.000.000", bold=True),
        Feed(),
        Qr(QRIS, "Pindai untuk membayar"),
        Feed(),
        Text("Terima kasih", "centre"),
        Text("Penukaran maks. 2 hari dengan struk", "centre"),
    )
    return Document("K1-000123", blocks)


def slip() -> Document:
    """A small receipt, with the total in double size."""
    return Document(
        "K1-000124",
        (
            Text("WARUNG IBU SITI", "centre", bold=True, big=True),
            Weave(),
            Pair("K1-000124", "07bc"),
            Text("24 November 2026 14.07"),
            Rule(),
            Item("Indomie goreng", "5 pcs x 3.500", "17.500"),
            Item("Gula pasir", "0,500 kg x 17.000", "8.500"),
            Rule(),
            Pair("TOTAL", "Rp 26.000", bold=True, big=True),
            Pair("Tunai", "50.000"),
            Pair("Kembali", "24.000", bold=True),
            Feed(),
            Text("Terima kasih", "centre"),
        ),
    )
