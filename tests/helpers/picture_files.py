"""Picture files for tests: whole, large, damaged and hostile ones."""

from __future__ import annotations

import io
import random
import struct
import zlib
from pathlib import Path
from typing import Any

from PIL import Image


def photo(size: tuple[int, int] = (900, 600), colour: str = "orange") -> Any:
    """A plain picture with a darker half at its left."""
    made = Image.new("RGB", size, colour)
    made.paste("black", (0, 0, size[0] // 2, size[1]))
    return made


def file_of(folder: Path, name: str = "foto.png", **more: Any) -> Path:
    """A picture file; its kind follows from its name."""
    file = folder / name
    photo(**more).save(file)
    return file


def noise(size: tuple[int, int], seed: int) -> bytes:
    """A PNG that nothing can pack: every dot another colour."""
    dots = random.Random(seed).randbytes(size[0] * size[1] * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", size, dots).save(out, "PNG")
    return out.getvalue()


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of some bytes that says it has this many dots."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        checked = kind + body
        return struct.pack(">I", len(body)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 10_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
