"""A snapshot made by hand and the server that hands it out, as far as `Beginning` asks."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.sync.digest import GroupDigest
from core.sync.feed import cursor_bytes
from core.sync.past import Past, PastRows, write_past
from core.sync.past import signed_bytes as signed_past
from core.sync.snapshot import (
    CONTRACT,
    GROUPS,
    Chunk,
    Contents,
    Head,
    Manifest,
    PageEnd,
    Row,
    join_rows,
    signed_bytes,
    write_contents,
    write_row,
)
from pos.sync.snapshot_check import Sums

SIGNING = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
SERVER_KEY = SIGNING.public_key().public_bytes_raw()


class SmallSnapshot:
    """Rows by group at a place of a shop's feed; takes the place of a `Speaker`."""

    def __init__(
        self,
        shop: bytes,
        rows: Mapping[str, Sequence[Row]],
        *,
        n: int,
        feed_hash: bytes,
        after: int,
        after_hash: bytes,
        digest: dict[str, GroupDigest] | None = None,
    ) -> None:
        """Pack and sign them."""
        sums, self.chunks, listed = Sums(), {}, []
        # What it answers to whoever asks for older entries.
        self.past = PastRows(shop, after, after_hash, 0, 0, b"", ())
        for group in GROUPS:
            some = rows.get(group, ())
            for row in some:
                sums.add(row)
            if some:
                body = zstandard.compress(join_rows([write_row(row) for row in some]))
                name = hashlib.sha256(body).digest()
                self.chunks[name] = body
                listed.append(Chunk(group, name, len(some), len(body)))
        heads = tuple(Head(key, *head) for key, head in sorted(sums.heads.items()))
        self.contents = Contents(
            shop, 1, n, feed_hash, after, after_hash, CONTRACT, digest or sums.digests(), heads,
            tuple(listed),
            (PageEnd(n, feed_hash, SIGNING.sign(cursor_bytes(shop, 1, n, feed_hash))),),
        )  # fmt: skip

    def ask(self, expected: type[Any], *asked: Any, **more: Any) -> Manifest | Past:
        """The manifest, or what is older."""
        if expected is Past:
            rows = write_past(self.past)
            return Past(1, 1, "r", rows, SIGNING.sign(signed_past(rows)))
        contents = write_contents(self.contents)
        return Manifest(1, 1, "r", contents, SIGNING.sign(signed_bytes(contents)))

    def fetch(self, path: str, start: int, end: int) -> bytes:
        """A piece of a chunk."""
        return self.chunks[bytes.fromhex(path.rpartition("/")[2])][start:end]
