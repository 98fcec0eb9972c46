"""Line icons of the pages: strokes on a 24-unit grid, drawn in the text's colour.

The same hand as the counter's (pos.ui.foundation.icon_paths): 2 units wide, round ends.
"""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

_RECEIPT: Final = "M6 3v18l2-1.5 2 1.5 2-1.5 2 1.5 2-1.5 2 1.5V3l-2 1.5L14 3l-2 1.5L10 3 8 4.5z"
PATHS: Final = {
    "today": "M4 20h16M7 20v-7M12 20V6M17 20v-10",
    "sales": f"{_RECEIPT}M9 9h6M9 13h6",
    "goods": "M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9",
    "customers": "M5.5 8.5a3.5 3.5 0 1 0 7 0 3.5 3.5 0 1 0-7 0M3 19c.6-3.4 3-5 6-5s5.4 1.6 6 5"
    "M15.5 5.2a3.5 3.5 0 0 1 0 6.6M17 14.2c2.2.5 3.6 2.1 4 4.8",
    "more": "M4 7h16M4 12h16M4 17h16",
    "devices": "M3 5h18v11H3zM9 20h6M12 16v4",
    "check": "M5 12.5l4.5 4.5L19 7.5",
    "alert": "M12 4l9 16H3zM12 10v4M12 17v.1",
    "two": "M8 4v15M4 15l4 4 4-4M16 20V5M12 9l4-4 4 4",
    "settings": "M4 7h9M17 7h3M4 17h3M11 17h9M13 7a2 2 0 1 0 4 0 2 2 0 1 0-4 0"
    "M7 17a2 2 0 1 0 4 0 2 2 0 1 0-4 0",
    "account": "M8 8a4 4 0 1 0 8 0 4 4 0 1 0-8 0M4.5 20c.8-4 3.8-6 7.5-6s6.7 2 7.5 6",
    "store": "M4 10v10h16V10M3 10l2-6h14l2 6a3 3 0 0 1-6 0 3 3 0 0 1-6 0 3 3 0 0 1-6 0z"
    "M9.5 20v-5h5v5",
    "orders": "M5 8h14l-1 12H6zM9 8V7a3 3 0 0 1 6 0v1M9.5 13l2 2 3.5-3.5",
    "next": "M9 5l7 7-7 7",
    "back": "M15 5l-7 7 7 7",
    "search": "M4.5 10.5a6 6 0 1 0 12 0 6 6 0 1 0-12 0M15 15l5.5 5.5",
    "edit": "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
    "add": "M12 5v14M5 12h14",
    "close": "M6 6l12 12M18 6L6 18",
    "heart": "M12 20s-8-4.9-8-10.6A4.4 4.4 0 0 1 12 7a4.4 4.4 0 0 1 8 2.4C20 15.1 12 20 12 20z",
    "box": "M4 4h16v4H4zM6 8v12h12V8M10 12h4",
}
"""Each icon as one path."""


def icon(name: str) -> Markup:
    """An icon for beside a text that says the same: hidden from screen readers."""
    return Markup(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>'
    ).format(PATHS[name])
