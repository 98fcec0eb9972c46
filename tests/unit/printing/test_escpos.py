"""Bytes for the printer, and one-bit pictures."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.receipt import Document, Qr, Text
from core.receipt_layout import Picture, layout
from pos.printing.bitmap import Bitmap, bitmap, prepare_logo
from pos.printing.escpos import (
    STRIP,
    head,
    pulse,
    raster,
    realtime_pulse,
    recover,
    to_escpos,
)
from pos.printing.picture import to_image
from pos.printing.profile import BadPrinter, PrinterProfile, profile_for
from tests.printing_tools.interpreter import interpret
from tests.printing_tools.tokens import UnknownCommand, tokens


def test_a_job_begins_with_a_known_state() -> None:
    assert head(PrinterProfile()) == b"\x1b@\x1c.\x1bR\x00\x1bt\x00\x1b2\x1ba\x00"
    assert b"\x1c." not in head(PrinterProfile(cancel_chinese=False))


@pytest.mark.parametrize(
    ("cutter", "events"),
    [("none", []), ("partial", ["cut partial"]), ("full", ["cut full"])],
)
def test_each_cutter_gets_its_command(cutter: str, events: list[str]) -> None:
    profile = profile_for(32, cutter)  # type: ignore[arg-type]
    data = to_escpos(layout(Document("", (Text("x"),)), 32), profile)
    assert interpret(data).events == events
    assert cutter != "none" or data.endswith(b"\x1bd\x04")


def test_the_drawer_is_kicked_on_its_pin() -> None:
    assert interpret(pulse(PrinterProfile())).events == ["pulse pin 0 50/500 ms"]
    assert pulse(PrinterProfile(drawer_pin=1)) == b"\x1bp\x01\x19\xfa"
    assert realtime_pulse(PrinterProfile()) == b"\x10\x14\x01\x00\x01"


@pytest.mark.parametrize("dots", [384, 576])
def test_recovery_swallows_the_longest_unfinished_strip(dots: int) -> None:
    strip = raster(Bitmap(dots, tuple(b"\xff" * (dots // 8) for _ in range(STRIP))))
    profile = PrinterProfile(dots=dots)
    for cut in (8, len(strip) // 2, len(strip) - 1):
        paper = interpret(strip[:cut] + recover(profile, void=True), dots)
        assert "  |-- batal --" in paper.lines
    assert "batal" not in interpret(recover(profile, void=False), dots).dump()


def test_long_pictures_go_in_short_strips() -> None:
    rows = tuple(bytes([n % 256] * 48) for n in range(250))
    heights = [
        int.from_bytes(token.data[6:8], "little") for token in tokens(raster(Bitmap(384, rows)))
    ]
    assert heights == [100, 100, 50]


@pytest.mark.parametrize("command", [b"\x10\x14\x01\x00\x01", b"\x10\x04\x01", b"\x10\x05\x02"])
def test_no_picture_opens_the_drawer(command: bytes) -> None:
    data = raster(Bitmap(40, (command.ljust(5, b"\x00"), b"\x00" * 5)))
    assert command[:2] not in data
    assert data[8:13] == (b"\x18" + command[1:]).ljust(5, b"\x00")


@given(st.binary(min_size=1, max_size=300), st.sampled_from([384, 546, 576]))
def test_any_code_is_read_again(data: bytes, dots: int) -> None:
    text = data.hex()
    picture = bitmap(Picture("qr", text.encode()), dots)
    assert picture.width >= dots
    image = Image.frombytes("1", (picture.width, len(picture.rows)), b"".join(picture.rows))
    black = image.point(lambda value: 0 if value else 255).convert("L")
    assert [found.text for found in zxingcpp.read_barcodes(black)] == [text]


def test_a_code_is_printed_with_modules_of_five_dots_or_more() -> None:
    rows = bitmap(Picture("qr", b"x" * 200), 384).rows
    inked = [row for row in rows if any(row)]
    first = bin(int.from_bytes(inked[0], "big"))[2:].rstrip("0")
    assert len(first.partition("0")[0]) >= 5 * 7, "a finder pattern is seven modules wide"


def test_a_width_without_a_layout_is_refused() -> None:
    for make in (lambda: profile_for(40), lambda: PrinterProfile(columns=40)):
        with pytest.raises(BadPrinter):
            make()


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _prepared(image: Image.Image, width: int = 200) -> Image.Image:
    return Image.open(io.BytesIO(prepare_logo(_png(image), width)))


def test_a_logo_becomes_one_bit_cropped_and_scaled() -> None:
    picture = Image.new("RGBA", (500, 300), (0, 0, 0, 0))
    picture.paste((10, 20, 120, 255), (100, 50, 300, 150))
    logo = _prepared(picture)
    assert (logo.mode, logo.size) == ("1", (200, 100))
    assert logo.convert("L").histogram()[0] == 200 * 100, "line art is not dithered"


def test_a_photo_is_dithered() -> None:
    logo = _prepared(Image.linear_gradient("L"))
    shades = logo.convert("L").resize((1, 4), Image.Resampling.BOX).tobytes()
    assert list(shades) == sorted(shades)
    assert shades[0] < 60 < 190 < shades[-1]


def test_a_tall_logo_keeps_its_shape() -> None:
    assert _prepared(Image.new("L", (100, 400))).size == (50, 200)


@pytest.mark.parametrize("data", [b"", b"no picture", _png(Image.new("1", (9, 9)))[:40]])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        prepare_logo(data)


def test_a_white_picture_is_no_reason_to_fail() -> None:
    assert _prepared(Image.new("L", (80, 40), 255)).size == (200, 100)


def test_a_logo_wider_than_the_paper_is_made_narrower() -> None:
    wide = _png(Image.new("1", (800, 100), 0))
    assert bitmap(Picture("logo", wide), 384).width == 384
    assert len(bitmap(Picture("logo", wide), 384).rows) == 48


@pytest.mark.parametrize("columns", [32, 42, 48])
def test_the_picture_is_as_wide_as_the_paper(columns: int) -> None:
    rows = layout(Document("", (Text("x" * columns), Qr("data"))), columns)
    image = to_image(rows, columns)
    left, _, right, _ = image.point(lambda value: 255 - value).getbbox()
    assert left >= 24 and right <= image.width - 24


@pytest.mark.parametrize("data", [b"\x1bQ", b"\x07\x07", b"\x10\x99", b"\x1dv0\x00\x30", b"\x80"])
def test_the_interpreter_passes_nothing_it_does_not_know(data: bytes) -> None:
    with pytest.raises(UnknownCommand):
        interpret(data)
