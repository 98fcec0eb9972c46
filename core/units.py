"""Units of Indonesian trade: short forms, which are measured, what a pack usually holds."""

from __future__ import annotations

_SYNONYMS: dict[str, str] = {
    "pcs": "pc piece pieces biji bj bji bh buah bua unit ea",
    "butir": "btr buter",
    "ekor": "ekr ek",
    "batang": "btg btng",
    "lembar": "lbr lmbr lembaran helai",
    "pasang": "psg psng pair",
    "set": "setel stel",
    "bungkus": "bks bgks bngks bungkusan",
    "slop": "slof slp press",
    "sachet": "sct scht sachets saset saschet sast",
    "renteng": "rtg rntg rtng renceng rcg rnc",
    "strip": "str strp stp blister lempeng",
    "tablet": "tab tbl kaplet kapsul caps",
    "botol": "btl btol bottle",
    "kaleng": "klg klng can",
    "kotak": "ktk",
    "box": "bx boks doos",
    "toples": "tpl stoples tples",
    "galon": "gln",
    "jerigen": "jrg jrigen jeriken jirigen",
    "tabung": "tbg",
    "drum": "drm",
    "cup": "cp",
    "gelas": "glas",
    "pouch": "pch refill",
    "tube": "tub",
    "roll": "rol gulung",
    "pak": "pack pck pk pac",
    "bal": "bl bale",
    "dus": "dos dooz karton ktn crt ctn carton kardus",
    "krat": "crate",
    "lusin": "lsn ls lus dz dozen",
    "kodi": "kd kdi",
    "gros": "grs gross",
    "rim": "rm ream",
    "ikat": "ikt iket",
    "sisir": "ssr sisiran",
    "tandan": "tdn tndn",
    "tangkai": "tgk",
    "siung": "sng",
    "tumpuk": "tpk onggok",
    "rak": "tray try baki",
    "keranjang": "krj krnjg",
    "karung": "krg krng goni",
    "sak": "zak sk zk",
    "kg": "kilo kilogram kgs klo",
    "gram": "g grm gm",
    "ons": "on",
    "pon": "pound",
    "kuintal": "kwintal kw kwt kuin",
    "ton": "tn",
    "liter": "ltr lt l litr",
    "ml": "cc mili mililiter",
    "gantang": "gtg",
    "meter": "m mtr mt",
    "cm": "senti sentimeter",
    "yard": "yd yar",
    "inci": "inch dim",
    "kaki": "ft foot",
    "m2": "m²",
    "kubik": "m3 m³ kubikasi kbk",
    "lonjor": "ljr lnjr staf staff",
    "paket": "pkt pket parcel hampers",
    "porsi": "prs piring mangkok mkk",
    "potong": "ptg ptng iris",
    "kali": "x",
    "jam": "jm hour",
    "hari": "hr day",
    "bulan": "bln month",
}
"""Our own compilation. Short forms with two meanings (gr: gram or gros; kr: krat or karung;
doz: dus or lusin; tb, gls, kl, ball, kap) are left out on purpose: a guess would change stock."""

_NAMES = {short: name for name, words in _SYNONYMS.items() for short in (name, *words.split())}

_MEASURED = frozenset(
    [
        "kg",
        "gram",
        "ons",
        "pon",
        "kuintal",
        "ton",
        "liter",
        "ml",
        "gantang",
        "meter",
        "cm",
        "yard",
        "inci",
        "kaki",
        "m2",
        "kubik",
    ]
)

_USUAL_FACTORS = {
    "lusin": 12,
    "kodi": 20,
    "gros": 144,
    "rim": 500,
    "slop": 10,
    "renteng": 10,
    "strip": 10,
    "krat": 24,
    "rak": 30,
    "karung": 50,
    "kuintal": 100,
    "ton": 1000,
}
_CONTENT_DIFFERS = frozenset(
    [
        "set",
        "box",
        "pak",
        "bal",
        "dus",
        "keranjang",
        "sak",
        "jerigen",
        "tabung",
        "galon",
        "drum",
        "toples",
        "lonjor",
        "tumpuk",
        "paket",
    ]
)


def normal_unit(text: str) -> str:
    """The one name of a unit for any of its short forms: "Btl." is "botol", "KILO" is "kg".

    What is not known, or has two meanings, comes back as typed, in small letters.
    """
    plain = " ".join(text.lower().split()).rstrip(". ")
    return _NAMES.get(plain, plain)


def is_measured(unit: str) -> bool:
    """Whether goods in this unit are weighed or measured, so that fractions are usual."""
    return normal_unit(unit) in _MEASURED


def usual_factor(unit: str) -> int | None:
    """How many base units one usually holds; None where content differs or is unknown: ask.

    A proposal for a product whose base unit is another one (pcs for a lusin, bungkus for a
    slop, kg for karung, kuintal and ton); always shown before it is taken. A unit that goods
    are themselves counted or measured in holds 1.
    """
    name = normal_unit(unit)
    if name in _CONTENT_DIFFERS or name not in _SYNONYMS:
        return None
    return _USUAL_FACTORS.get(name, 1)
