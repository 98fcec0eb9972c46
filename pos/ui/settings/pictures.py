"""Pictures that settings are made from: the shop's logo and a photo of its QRIS sticker."""

from __future__ import annotations

from pathlib import Path

from core.errors import Refused
from pos.printing.bitmap import prepare_logo

MOST_BYTES = 20_000_000


class BadPicture(Refused):
    """The file is no picture that can be read, or one of absurd size."""

    code = "bad_picture"


class NoReader(Refused):
    """This installation has no reader of QR pictures; the code can be scanned or pasted."""

    code = "no_code_reader"


class NoCode(Refused):
    """There is no QR code to be seen in the picture."""

    code = "no_code_in_picture"


def logo_from(file: Path) -> bytes:
    """A logo fit for paper (PNG, one bit) out of a picture file.

    Raises:
        BadPicture.
    """
    try:
        if file.stat().st_size > MOST_BYTES:
            raise BadPicture(file=file.name)
        return prepare_logo(file.read_bytes())
    except (OSError, ValueError) as error:
        raise BadPicture(file=file.name) from error


def code_in(file: Path) -> str:
    """The text of the QR code in a picture file.

    Raises:
        BadPicture, NoReader, NoCode.
    """
    from PIL import Image

    try:
        from zxingcpp import read_barcodes
    except ImportError as error:
        raise NoReader() from error
    try:
        if file.stat().st_size > MOST_BYTES:
            raise BadPicture(file=file.name)
        with Image.open(file) as image:
            found = read_barcodes(image.convert("L"))
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise BadPicture(file=file.name) from error
    texts = [one.text for one in found if one.text.startswith("000201")]
    if not texts and not found:
        raise NoCode(file=file.name)
    return str((texts or [found[0].text])[0])
