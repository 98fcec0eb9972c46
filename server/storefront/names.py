"""A gerai's address: what its name may be, and one proposed from the shop's name.

Nobody takes the name of an agency, of a bank or of a page of ours: a buyer would believe it.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from core.text import ascii_text

SHORTEST: Final = 3
LONGEST: Final = 40
Fault = Literal["", "short", "long", "letters", "hyphens", "id_like", "reserved"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_HEX: Final = re.compile(r"[0-9a-f]{32}")
# What the server answers itself, and words by which it would be taken for its own.
_OURS: Final = _words(
    "admin akun api bahasa bantuan bayar beranda cari checkout docs favicon gerai health huyula "
    "kebijakan kelola keluar keranjang keuangan koperasi lapor login masuk metrics pasar pembeli "
    "pesanan peta-situs privasi ready robots sitemap static status tentang toko umkm ukm www"
)
# Agencies and what speaks in their name, wherever the word stands.
_AGENCIES: Final = _words(
    "bappeda bawaslu bkn bnpb bpjs bpkp bpom bps bpbd bumn bupati dekranasda dinas diskop "
    "diskominfo djp dprd gubernur imigrasi kejaksaan kementerian kemenkeu kominfo kpk kpu "
    "kejari menkop ojk ombudsman pemda pemkab pemkot pemprov pln polda polisi polres polri "
    "polsek presiden satpol setda tni walikota wawali official resmi"
)
# Banks and who moves money. "Mandiri" is a word of many shops, so it is a bank's only by itself.
_BANKS: Final = _words(
    "bank-indonesia bca bni bri brimo bsg bsi btn btpn cimb danamon dana gopay linkaja livin "
    "midtrans ovo permata qris shopeepay xendit"
)
_ALONE: Final = _words("bank mandiri sulutgo pegadaian danareksa")


def fault_of(name: str) -> Fault:
    """Why a name cannot be an address, "" where it can."""
    if len(name) < SHORTEST:
        return "short"
    if len(name) > LONGEST:
        return "long"
    if not re.fullmatch(r"[a-z0-9-]+", name):
        return "letters"
    if name.startswith("-") or name.endswith("-") or "--" in name:
        return "hyphens"
    if _HEX.fullmatch(name.replace("-", "")):
        return "id_like"
    return "reserved" if is_reserved(name) else ""


def is_reserved(name: str) -> bool:
    """Whether a name is ours, an agency's or a bank's."""
    words = name.split("-")
    if name in _OURS or name in _ALONE or _AGENCIES.intersection(words):
        return True
    if _BANKS.intersection(words):
        return True
    # A "bank sampah" takes in waste and is a cooperative's own work.
    return words[0] == "bank" and words[1:2] != ["sampah"]


def normal_name(typed: str) -> str:
    """What somebody typed, as an address is written: small letters, hyphens between words."""
    spelled = ascii_text(typed).lower().replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", spelled).strip("-")


def propose(shop_name: str) -> str:
    """An address for a shop of this name, that keeps every rule; whole words where they fit."""
    name = _cut(normal_name(shop_name))
    if fault_of(name) in ("short", "id_like"):
        name = _cut(f"toko-{name}".strip("-"))
    return "gerai-saya" if fault_of(name) else name


def numbered(name: str, number: int) -> str:
    """The same with a number behind it, for where the name is taken."""
    tail = f"-{number}"
    return f"{_cut(name, LONGEST - len(tail))}{tail}"


def _cut(name: str, most: int = LONGEST) -> str:
    if len(name) <= most:
        return name
    kept = name[: most + 1].rpartition("-")[0]
    return kept if len(kept) >= SHORTEST else name[:most].strip("-")
