"""Search: time of a keystroke's data side, and how many slips are found among the first five.

Real names from `product_names.csv.xz` in the folder that HUYULA_DATA names, else generated ones.
Run: `python -m benchmarks.bench_search [ROWS]`.
"""

from __future__ import annotations

import csv
import json
import lzma
import os
import random
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from core.text import fold
from pos.search.index import rebuild
from pos.search.lookup import find

_FILE: Final = "product_names.csv.xz"
_SEED: Final = 20261124
_QUERIES: Final = 1000
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
Row = tuple[bytes, str, int]


def names(rows: int) -> list[str]:
    """`rows` product names: a seeded cut of the real ones, topped up with pack sizes."""
    known = _real_names() or _generated_names()
    chance = random.Random(_SEED)
    chance.shuffle(known)
    packs = ("2 pcs", "6 pcs", "250 g", "500 g", "1 kg", "12 x 40 g")
    extra = (f"{name} {pack}" for pack in packs for name in known)
    topped = known[:rows]
    while len(topped) < rows:
        topped.append(next(extra))
    return topped


def _real_names() -> list[str]:
    folder = os.environ.get("HUYULA_DATA")
    if not folder or not (Path(folder) / _FILE).exists():
        return []
    with lzma.open(Path(folder) / _FILE, "rt", encoding="utf-8", newline="") as file:
        return [row["name"] for row in csv.DictReader(file)]


def _generated_names() -> list[str]:
    chance = random.Random(_SEED)
    syllables = [a + b for a in "bcdfghjklmnprstw" for b in ("a", "e", "i", "o", "u", "an", "ing")]
    lexicon = ["".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(20_000)]
    weights = [1 / (place + 20) for place in range(len(lexicon))]
    return [
        " ".join(chance.choices(lexicon, weights, k=chance.randint(2, 5))) for _ in range(200_000)
    ]


def slip(word: str, chance: random.Random) -> str:
    """One letter left out, doubled by another, changed or swapped, anywhere but in front."""
    at = chance.randrange(1, len(word) - 1)
    other = chance.choice(_LETTERS)
    return chance.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + other + word[at:],
            word[:at] + other + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )


def slipped(of: Sequence[str], chance: random.Random) -> list[tuple[str, str]]:
    """Seeded (query, folded name): names of two words, one with a slip that folding keeps."""
    pairs = [name for name in of if len(parts := name.split()) == 2 and all(map(_plain, parts))]
    queries: list[tuple[str, str]] = []
    while len(queries) < _QUERIES:
        parts = chance.choice(pairs).lower().split()
        name = fold(" ".join(parts))
        place = chance.randrange(2)
        parts[place] = slip(parts[place], chance)
        if fold(" ".join(parts)) != name:
            queries.append((" ".join(parts), name))
    return queries


def _plain(word: str) -> bool:
    return len(word) >= 4 and word.isalpha() and word.isascii()


def measure(rows: int) -> dict[str, object]:
    """Build an index of `rows` products and measure it; times in milliseconds."""
    chance = random.Random(_SEED + 1)
    goods = names(rows)
    ids = {n.to_bytes(16, "big"): fold(name) for n, name in enumerate(goods)}
    sold = chance.sample(range(rows), rows)
    table: list[Row] = [
        (key, name, amount) for (key, name, amount) in zip(ids, goods, sold, strict=True)
    ]
    conn = sqlite3.connect(":memory:", isolation_level=None)
    begun = time.perf_counter()
    conn.execute("BEGIN")
    rebuild(conn, table)
    conn.execute("COMMIT")
    built = time.perf_counter() - begun
    slips = slipped(goods, chance)
    answers = [[ids[key] for key in find(conn, query, 20)] for query, _ in slips]
    return {
        "rows": rows,
        "build_ms": round(built * 1000),
        "slips": len(slips),
        "slips_in_first_5": _share(slips, answers, 5),
        "slips_in_first_20": _share(slips, answers, 20),
        **_times(conn, goods, [query for query, _ in slips], chance),
    }


def _share(slips: Sequence[tuple[str, str]], answers: Sequence[Sequence[str]], first: int) -> float:
    hits = sum(name in answer[:first] for (_, name), answer in zip(slips, answers, strict=True))
    return round(hits / len(slips), 3)


def _times(
    conn: sqlite3.Connection, goods: Sequence[str], slips: Sequence[str], chance: random.Random
) -> dict[str, object]:
    """p50, p99 and the longest by kind of query, and over all."""
    sample = [name.lower() for name in chance.choices(goods, k=_QUERIES)]
    kinds: dict[str, list[str]] = {
        "1-3 letters": [name[: chance.randint(1, 3)] for name in sample],
        "4-7 letters": [name[: chance.randint(4, 7)] for name in sample],
        "8-10 letters": [name[: chance.randint(8, 10)] for name in sample],
        "two words": [_two_words(name) for name in sample],
        "slip": list(slips),
        "slip, second partial": [query[:-2] for query in slips],
        "inside a word": [name.split()[-1][1:6] or name for name in sample],
    }
    taken = {kind: _clock(lambda q: find(conn, q, 20), queries) for kind, queries in kinds.items()}
    every = sorted(one for times in taken.values() for one in times)
    return {
        "p99_ms": _at(every, 0.99),
        "max_ms": _at(every, 1.0),
        "kinds": {k: {"p50": _at(t, 0.5), "p99": _at(t, 0.99)} for k, t in taken.items()},
    }


def _two_words(name: str) -> str:
    parts = name.split()
    return f"{parts[0]} {parts[1][:3]}" if len(parts) > 1 else name


def _clock(run: Callable[[str], object], queries: Sequence[str]) -> list[float]:
    taken = []
    for query in queries:
        begun = time.perf_counter()
        run(query)
        taken.append((time.perf_counter() - begun) * 1000)
    return sorted(taken)


def _at(ordered: Sequence[float], part: float) -> float:
    return round(ordered[min(len(ordered) - 1, int(part * len(ordered)))], 2)


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000), indent=2))
