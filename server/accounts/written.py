"""Recovery codes as people copy them: from paper, a photo, or somebody's reading aloud."""

from __future__ import annotations

import base64


def written_code(random: bytes) -> str:
    """A code in groups of four letters: of 10 bytes 80 bits, of 15 bytes 120."""
    text = base64.b32encode(random).decode("ascii")
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def read_written(text: str) -> bytes:
    """A code however it was copied: blanks, small letters, 0 for O."""
    plain = "".join(one for one in text.upper() if one.isalnum())
    return plain.translate(str.maketrans("018", "OIB")).encode()
