"""Pictures of goods: made small, named by their content, kept in a table beside the journal.

A fact carries a picture's SHA-256 and never its bytes, so that pictures can travel apart and late.
What comes from outside is read within limits and written anew: nothing of the file, not the place
where a photo was taken either, gets into the shop's data. A picture that another counter chose
comes as the server's copy, with the server's signature that it is one of the picture so named.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.errors import Refused
from core.sync.pictures import COPY_BYTES, COPY_SIDE, MADE_BYTES, SHOWN_SIDE, copy_bytes
from pos.db.database import Database
from pos.device.signed import is_signed

MOST_BYTES = 20_000_000
"""The largest file that is read."""

MOST_PIXELS = {"JPEG": 51_000_000, "PNG": 24_000_000, "WEBP": 24_000_000}
"""A phone of 50 megapixels makes JPEG, decoded at an eighth; the others cost 4 bytes a dot."""

SIDES = (SHOWN_SIDE, COPY_SIDE, 480, 320)
MOST_KEPT = MADE_BYTES
"""A kept picture has at most this many bytes; a thousand of them make 120 MB at the very most."""

_QUALITIES = (82, 70, 58, 46)
_JPEG = b"\xff\xd8\xff"


class BadPicture(Refused):
    """The file is no picture that can be kept; `why` is missing, bytes, pixels or unreadable."""

    code = "bad_product_picture"


def picture_from(file: Path) -> bytes:
    """A picture fit to be kept (JPEG, at most `MOST_KEPT` bytes) out of a PNG, JPEG or WebP file.

    Takes up to two seconds for the largest files, so a window calls it beside itself.

    Raises:
        BadPicture.
    """
    try:
        # A pipe or a device would be read for ever.
        if not file.is_file():
            raise BadPicture(why="missing", file=file.name)
        with file.open("rb") as source:
            data = source.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadPicture(why="missing", file=file.name) from error
    return prepared(data, file.name)


def prepared(data: bytes, name: str = "") -> bytes:
    """The same out of a file's bytes; `name` is what a refusal calls it.

    Raises:
        BadPicture.
    """
    if len(data) > MOST_BYTES:
        raise BadPicture(why="bytes", file=name)
    try:
        return _smallest(_decoded(data, name))
    except Refused:
        raise
    except Exception as error:
        # A damaged file may raise nearly anything in a decoder; all of it means the same.
        raise BadPicture(why="unreadable", file=name) from error


def _decoded(data: bytes, name: str) -> Any:
    """The picture upright on white, no side longer than the first of `SIDES`."""
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(data), formats=tuple(MOST_PIXELS)) as image:
        # Known from the head of the file: nothing has been unpacked yet.
        # A phone's JPEG often holds a second picture (depth, brightness) and is called MPO then.
        kind = "JPEG" if image.format == "MPO" else str(image.format)
        if image.width * image.height > MOST_PIXELS[kind]:
            raise BadPicture(why="pixels", file=name)
        whole: Any = image
        whole.draft("RGB", (SIDES[0], SIDES[0]))
        whole.load()
        with contextlib.suppress(Exception):
            # Only a hint of the camera's; a damaged one costs no picture.
            whole = ImageOps.exif_transpose(whole)
        if whole.mode not in ("RGB", "L"):
            whole = whole.convert("RGBA")
        whole.thumbnail((SIDES[0], SIDES[0]), Image.Resampling.LANCZOS)
        whole = whole.convert("RGBA")
        ground = Image.new("RGBA", whole.size, "white")
        ground.alpha_composite(whole)
        return ground.convert("RGB")


def _smallest(image: Any) -> bytes:
    """The best JPEG within `MOST_KEPT`: less quality first, then smaller."""
    for side in SIDES:
        image.thumbnail((side, side))
        for quality in _QUALITIES:
            out = io.BytesIO()
            image.save(out, "JPEG", quality=quality, optimize=True)
            if out.tell() <= MOST_KEPT:
                return out.getvalue()
    raise BadPicture(why="bytes")


def picture_hash(data: bytes) -> bytes:
    """The name of a picture: SHA-256 of its bytes."""
    return hashlib.sha256(data).digest()


def keep_picture(db: Database, data: bytes) -> bytes:
    """Keep a prepared picture, inside the caller's transaction; returns its name.

    Raises:
        BadPicture: these are not `prepared` bytes.
    """
    if len(data) > MOST_KEPT or not data.startswith(_JPEG):
        raise BadPicture(why="bytes", file="")
    name = picture_hash(data)
    _put(db, name, data, b"", b"")
    return name


def keep_copy(db: Database, name: bytes, data: bytes, signature: bytes) -> None:
    """Keep the server's copy of the picture of this name, inside the caller's transaction.

    The caller has checked the signature. What was chosen here meanwhile stays.

    Raises:
        BadPicture: no counter could show these bytes.
    """
    if len(data) > COPY_BYTES or not data.startswith(_JPEG):
        raise BadPicture(why="bytes", file="")
    if not db.scalar("SELECT 1 FROM picture WHERE hash=?", (name,)):
        _put(db, name, data, picture_hash(data), signature)


def _put(db: Database, name: bytes, data: bytes, copy: bytes, signature: bytes) -> None:
    db.run(
        "INSERT OR REPLACE INTO picture (hash, data, copy, signature) VALUES (?,?,?,?)",
        (name, data, copy, signature),
    )


def drop_unused(db: Database, name: bytes) -> None:
    """Forget a picture that no product shows any more, inside the caller's transaction."""
    db.run(
        "DELETE FROM picture WHERE hash=? AND NOT EXISTS (SELECT 1 FROM product WHERE picture=?)",
        (name, name),
    )


def drop_all_unused(db: Database) -> int:
    """Forget every picture that no product shows any more (another counter changed it), inside the
    caller's transaction; how many went."""
    return db.run(f"DELETE FROM picture WHERE {_UNUSED}")


def has_unused(db: Database) -> bool:
    """Whether there is such a picture."""
    return bool(db.scalar(f"SELECT EXISTS (SELECT 1 FROM picture WHERE {_UNUSED})"))


_UNUSED = "NOT EXISTS (SELECT 1 FROM product p WHERE p.picture<>x'' AND p.picture=picture.hash)"


def picture_data(db: Database, name: bytes) -> bytes:
    """A picture's bytes; empty where it is not here."""
    found = db.scalar("SELECT data FROM picture WHERE hash=?", (name,)) if name else None
    return bytes(found) if found is not None else b""


def changed_pictures(db: Database) -> Iterator[tuple[bytes, bytes]]:
    """Pictures whose bytes are not what their name, or the server for its copies, says: the name,
    and what they are now."""
    shop, key = _server(db)
    for (row,) in db.rows("SELECT rowid FROM picture ORDER BY rowid") if _has_table(db) else ():
        name, data, copy, signature = _as_bytes(db, row)
        found = picture_hash(data)
        if copy or signature:
            is_whole = found == copy and is_signed(key, signature, copy_bytes(shop, name, copy))
        else:
            is_whole = found == name
        if not is_whole:
            yield name, found


def _as_bytes(db: Database, row: int) -> tuple[bytes, bytes, bytes, bytes]:
    # Cast: what was changed behind the program's back may be of another type as well.
    columns = "CAST(hash AS BLOB), CAST(data AS BLOB), CAST(copy AS BLOB), CAST(signature AS BLOB)"
    if not _has_copies(db):
        columns = "CAST(hash AS BLOB), CAST(data AS BLOB), x'', x''"
    found = db.tuple_of(f"SELECT {columns} FROM picture WHERE rowid=?", (row,))
    name, data, copy, signature = found or (b"", b"", b"", b"")
    return bytes(name), bytes(data), bytes(copy), bytes(signature)


def _server(db: Database) -> tuple[bytes, bytes]:
    """The shop's id at the server and the server's public key; empty for a counter on its own."""
    values = dict(
        db.tuple_of("SELECT name, value FROM local_setting WHERE name=?", (name,)) or (name, "")
        for name in ("sync_shop", "sync_server_key")
    )
    try:
        return bytes.fromhex(values["sync_shop"]), bytes.fromhex(values["sync_server_key"])
    except ValueError:
        return b"", b""


def pictures_not_here(db: Database) -> list[bytes]:
    """Names of pictures that products show and that are not here, in order."""
    rows = db.raw.execute(
        "SELECT DISTINCT picture FROM product WHERE picture<>x''"
        " AND NOT EXISTS (SELECT 1 FROM picture WHERE hash=product.picture) ORDER BY picture"
    )
    return [bytes(row[0]) for row in rows]


def missing_pictures(db: Database) -> list[tuple[bytes, str]]:
    """Pictures that products name and that are not here: the picture's name, the product's."""
    absent = "NOT IN (SELECT hash FROM picture)" if _has_table(db) else "IS NOT NULL"
    rows = db.rows(
        "SELECT CAST(picture AS BLOB), CAST(name AS TEXT) FROM product WHERE picture<>x''"
        f" AND picture {absent} ORDER BY id"
    )
    return [(bytes(row[0]), str(row[1])) for row in rows]


def _has_copies(db: Database) -> bool:
    """Not in a file of the third form that is only looked at."""
    return any(row[1] == "copy" for row in db.rows("PRAGMA table_info(picture)"))


def _has_table(db: Database) -> bool:
    """Not in a file of the first form that is only looked at."""
    return bool(db.scalar("SELECT 1 FROM sqlite_master WHERE type='table' AND name='picture'"))
