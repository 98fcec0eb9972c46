"""Sentences about spreading the shops over machines, and the words of the printed script."""

from __future__ import annotations

from typing import Final

SCALE: Final[dict[str, tuple[str, str]]] = {
    "not_shardable": (
        "Tabel ini belum dapat disebar ke beberapa mesin: {fault}",
        "This table cannot be spread over machines yet: {fault}",
    ),
    "not_distributed": (
        "Basis data ini memakai Citus, tetapi {what} belum disiapkan. Jalankan hasil "
        "huyula-server shard-plan dengan psql.",
        "This database runs Citus, but {what} is not set up yet. Run what huyula-server shard-plan "
        "prints with psql.",
    ),
}

SCRIPT: Final[dict[str, tuple[str, str]]] = {
    "head": (
        "Menyebar toko ke beberapa mesin dengan Citus. Jalankan sebagai superuser di koordinator: "
        "psql -v ON_ERROR_STOP=1. Boleh diulang.",
        "Spreads the shops over machines with Citus. Run as superuser on the coordinator: "
        "psql -v ON_ERROR_STOP=1. May be run again.",
    ),
    "local": (
        "Tetap di koordinator saja: {tables}",
        "Stay on the coordinator alone: {tables}",
    ),
}
