"""Our own line icons: strokes on a 24-unit grid, 2 units wide, round ends.

Each text is the inside of an SVG; the colour and the frame are put round it by `icons`.
"""

from __future__ import annotations

from typing import Final

_DOT = '<circle cx="{}" cy="{}" r="0.6" fill="currentColor"/>'


def _p(*paths: str) -> str:
    return "".join(f'<path d="{path}"/>' for path in paths)


def _c(x: float, y: float, radius: float) -> str:
    return f'<circle cx="{x}" cy="{y}" r="{radius}"/>'


def _r(x: float, y: float, width: float, height: float, corner: float = 2) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{corner}"/>'


def _dots(*places: tuple[float, float]) -> str:
    return "".join(_DOT.format(x, y) for x, y in places)


_RECEIPT = "M6 3v18l2-1.5 2 1.5 2-1.5 2 1.5 2-1.5 2 1.5V3l-2 1.5L14 3l-2 1.5L10 3 8 4.5z"
_BOX = "M12 3l8 4.5v9L12 21l-8-4.5v-9z"

PATHS: Final[dict[str, str]] = {
    "add": _p("M12 5v14", "M5 12h14"),
    "alert": _p("M12 4l9 16H3z", "M12 10v4") + _dots((12, 17)),
    "back": _p("M20 12H5", "M11 6l-6 6 6 6"),
    "backspace": _p(
        "M9 5h10a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H9l-6-7z", "M12 9.5l5 5", "M17 9.5l-5 5"
    ),
    "barcode": _p("M4 6v12", "M8 6v12", "M11 6v12", "M15 6v12", "M20 6v12", "M17.5 6v12"),
    "bell": _p("M6 17V11a6 6 0 0 1 12 0v6l1.5 1.5h-15z", "M10.5 21h3"),
    "box": _p(_BOX, "M4 7.5l8 4.5 8-4.5", "M12 12v9"),
    "camera": _p("M4 8h3.5L9 5.5h6L16.5 8H20v11H4z") + _c(12, 13, 3.2),
    "cart": _p("M3 4h2.5l2.3 11h9.7l2-8H6.4") + _c(9, 19, 1.4) + _c(16.5, 19, 1.4),
    "cash": _r(3, 6, 18, 12) + _c(12, 12, 2.6) + _dots((6.5, 12), (17.5, 12)),
    "chart": _p("M4 20h16", "M7 20v-7", "M12 20V6", "M17 20v-10"),
    "check": _p("M5 12.5l4.5 4.5L19 7.5"),
    "clock": _c(12, 12, 8.5) + _p("M12 7.5V12l3 2"),
    "close": _p("M6 6l12 12", "M18 6L6 18"),
    "customer": _c(12, 8, 4) + _p("M4.5 20c.8-4 3.8-6 7.5-6s6.7 2 7.5 6"),
    "customers": _c(9, 8.5, 3.5)
    + _p(
        "M3 19c.6-3.4 3-5 6-5s5.4 1.6 6 5",
        "M15.5 5.2a3.5 3.5 0 0 1 0 6.6",
        "M17 14.2c2.2.5 3.6 2.1 4 4.8",
    ),
    "delete": _p("M4 7h16", "M9 7V4h6v3", "M6 7l1 13h10l1-13", "M10 11v5.5", "M14 11v5.5"),
    "discount": _p("M19 5L5 19") + _c(7.5, 7.5, 2.5) + _c(16.5, 16.5, 2.5),
    "drawer": _r(3, 13, 18, 7) + _p("M10 16.5h4", "M6 13V5h12v8", "M9 9h6"),
    "edit": _p("M4 20l1-4L16 5l3 3L8 19z", "M14 7l3 3"),
    "exchange": _p("M8 4v15", "M4 15l4 4 4-4", "M16 20V5", "M12 9l4-4 4 4"),
    "file": _p("M6 3h8l4 4v14H6z", "M14 3v4h4", "M9 12h6", "M9 16h6"),
    "grid": _r(4, 4, 6.5, 6.5, 1)
    + _r(13.5, 4, 6.5, 6.5, 1)
    + _r(4, 13.5, 6.5, 6.5, 1)
    + _r(13.5, 13.5, 6.5, 6.5, 1),
    "help": _c(12, 12, 8.5)
    + _p("M9.7 9.5a2.4 2.4 0 1 1 3.5 2.2c-.8.4-1.2.9-1.2 1.8")
    + _dots((12, 16.5)),
    "history": _p("M4 12a8 8 0 1 0 2.5-5.8L4 8.5", "M4 4v4.5h4.5", "M12 8v4.3l2.8 1.7"),
    "import": _p("M12 4v11", "M7.5 10.5L12 15l4.5-4.5", "M4 16v4h16v-4"),
    "info": _c(12, 12, 8.5) + _p("M12 11v5.5") + _dots((12, 8)),
    "keyboard": _r(3, 6, 18, 12)
    + _dots((7, 10), (10.3, 10), (13.6, 10), (17, 10))
    + _p("M8 14.5h8"),
    "lock": _r(5, 11, 14, 9) + _p("M8 11V8a4 4 0 0 1 8 0v3", "M12 14.5v2"),
    "minus": _c(12, 12, 8.5) + _p("M8.5 12h7"),
    "note": _p("M5 4h14v11l-5 5H5z", "M14 20v-5h5", "M8.5 9h7", "M8.5 12.5h4"),
    "park": _p("M9 5v14", "M15 5v14"),
    "payment": _r(3, 5, 18, 14) + _p("M15 10.5h6v4h-6a2 2 0 0 1 0-4z", "M6.5 9h4"),
    "plus": _c(12, 12, 8.5) + _p("M12 8.5v7", "M8.5 12h7"),
    "printer": _p("M7 9V3h10v6", "M7 17H4v-6a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v6h-3", "M7 14h10v7H7z"),
    "qr": _r(4, 4, 6, 6, 1)
    + _r(14, 4, 6, 6, 1)
    + _r(4, 14, 6, 6, 1)
    + _p("M14 14h2.5v2.5H14z", "M20 14v2", "M20 19.5v.5h-3.5"),
    "quantity": _p("M5 9h14", "M5 15h14", "M10 4L8 20", "M16 4l-2 16"),
    "receipt": _p(_RECEIPT, "M9 9h6", "M9 13h6"),
    "refund": _p("M4 9h10a5 5 0 0 1 0 10H8", "M8 5L4 9l4 4"),
    "save": _p("M5 4h11l3 3v13H5z", "M8 4v5h7V4", "M8 20v-6h8v6"),
    "search": _c(10.5, 10.5, 6) + _p("M15 15l5.5 5.5"),
    "settings": _p("M4 7h9", "M17 7h3", "M4 17h3", "M11 17h9") + _c(15, 7, 2) + _c(9, 17, 2),
    "shift": _c(12, 12, 4)
    + _p(
        "M12 3v2",
        "M12 19v2",
        "M3 12h2",
        "M19 12h2",
        "M5.6 5.6L7 7",
        "M17 17l1.4 1.4",
        "M5.6 18.4L7 17",
        "M17 7l1.4-1.4",
    ),
    "stop": _p("M8.5 3.5h7l5 5v7l-5 5h-7l-5-5v-7z", "M12 8v5") + _dots((12, 16)),
    "store": _p(
        "M4 10V20h16V10",
        "M3 10l2-6h14l2 6a3 3 0 0 1-6 0 3 3 0 0 1-6 0 3 3 0 0 1-6 0z",
        "M9.5 20v-5h5v5",
    ),
    "tag": _p("M4 4h8l8.5 8.5-8 8L4 12z") + _c(8, 8, 1.3),
    "transfer": _p("M4 8h15", "M15 4l4 4-4 4", "M20 16H5", "M9 12l-4 4 4 4"),
    "undo": _p("M5 9h9.5a4.5 4.5 0 0 1 0 9H9", "M9 5L5 9l4 4"),
}
"""Icons by name, in the order of the alphabet."""
