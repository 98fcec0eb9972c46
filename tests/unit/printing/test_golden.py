"""Receipts as printed, compared with pictures that a person has looked at.

The text dump is compared first: its difference can be read. With HUYULA_GOLDEN=write the files are
written anew; look at every picture before keeping them.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageChops

from core.receipt import Document
from core.receipt_layout import layout
from pos.printing.escpos import to_escpos
from pos.printing.picture import to_png
from pos.printing.profile import DOTS, profile_for
from pos.printing.rendering import render
from pos.printing.text import to_text
from tests.printing_tools.interpreter import Paper, interpret
from tests.printing_tools.samples import QRIS, receipt, slip

GOLDEN = Path(__file__).parents[2] / "golden" / "receipts"
DOCUMENTS = {"full": receipt, "small": slip}
# Another release of the font renderer may shade a dot differently; a moved letter is far more.
MOST_DIFFERENT = 0.0005


def _paper(document: Document, columns: int) -> Paper:
    data = to_escpos(layout(document, columns), profile_for(columns, "partial"))
    return interpret(data, DOTS[columns])


def _golden(name: str, made: bytes) -> bytes:
    file = GOLDEN / name
    if os.environ.get("HUYULA_GOLDEN") == "write":
        file.write_bytes(made)
    return file.read_bytes()


@pytest.mark.parametrize("columns", [32, 42, 48])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_paper_says_what_it_said(name: str, columns: int) -> None:
    made = _paper(DOCUMENTS[name](), columns).dump()
    assert made == _golden(f"{name}-{columns}.txt", made.encode()).decode()


@pytest.mark.parametrize("columns", [32, 48])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_paper_looks_as_it_looked(name: str, columns: int) -> None:
    paper = _paper(DOCUMENTS[name](), columns)
    golden = Image.open(io.BytesIO(_golden(f"{name}-{columns}.png", paper.png()))).convert("1")
    made = paper.image()
    assert made.size == golden.size
    different = ImageChops.logical_xor(made, golden).histogram()[255]
    assert different <= made.width * made.height * MOST_DIFFERENT


@pytest.mark.parametrize("columns", [32, 42, 48])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_nothing_wraps_at_the_edge_and_the_paper_is_cut_once(name: str, columns: int) -> None:
    paper = _paper(DOCUMENTS[name](), columns)
    assert paper.wrapped == []
    assert paper.events == ["cut partial"]


@pytest.mark.parametrize("columns", [32, 42, 48])
def test_the_code_on_paper_and_in_the_picture_is_read_again(columns: int) -> None:
    document = receipt()
    paper = _paper(document, columns).image().convert("L")
    picture = Image.open(io.BytesIO(to_png(layout(document, columns), columns)))
    for image in (paper, picture):
        assert [found.text for found in zxingcpp.read_barcodes(image)] == [QRIS]


@pytest.mark.parametrize("columns", [32, 42, 48])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_output_has_the_same_words(name: str, columns: int) -> None:
    document = DOCUMENTS[name]()
    rows = layout(document, columns)
    printed = [
        line[3:].split()
        for line in _paper(document, columns).dump().splitlines()
        if line[2] == "|" and "[raster" not in line
    ]
    shown = [
        line.split()
        for line in to_text(rows, columns).splitlines()
        if not line.startswith(("[", "<>"))
    ]
    assert printed == shown


def test_a_deaf_width_of_another_head_is_kept() -> None:
    """A 180 dpi printer has 512 dots and 42 columns: pictures fill just that."""
    profile = profile_for(42)
    narrow = type(profile)(42, 512, "none")
    paper = interpret(to_escpos(layout(receipt(), 42), narrow), 512)
    assert "  |[raster 512]" in paper.lines
    assert paper.wrapped == []


@pytest.mark.parametrize("form", ["pdf", "png"])
def test_the_same_document_gives_the_same_file(form: str) -> None:
    first, second = (render(slip(), form, 48) for _ in range(2))  # type: ignore[arg-type]
    assert first == second
    assert first.startswith(b"%PDF" if form == "pdf" else b"\x89PNG")


def test_a_pdf_is_as_long_as_its_receipt_and_as_wide_as_its_paper() -> None:
    def size(document: Document, columns: int) -> list[float]:
        box = render(document, "pdf", columns).partition(b"/MediaBox [")[2].partition(b"]")[0]
        return [float(part) for part in box.split()][2:]

    assert size(slip(), 32)[0] < size(slip(), 48)[0] < 80 / 25.4 * 72 + 10
    assert size(slip(), 32)[1] < size(receipt(), 32)[1]


def test_the_document_itself_is_data() -> None:
    assert b'"Indomie goreng"' in render(slip(), "json", 32)
