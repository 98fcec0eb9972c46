"""The one stylesheet, made from the tokens: corners, padding and states by property.

Plain colours come from the palette and fonts from type roles; here is only what neither can say.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pos.ui.foundation.look import Look
from pos.ui.foundation.tokens import Colours, Height, Radius, Size, Space

_ASSETS: Final = Path(__file__).parent / "assets"


def stylesheet(look: Look) -> str:
    """The application's stylesheet for a look."""
    parts = (_labels, _buttons, _fields, _choices, _tables, _surfaces, _scrolling)
    return "\n".join(part(look.colours, look) for part in parts)


def _check(look: Look) -> str:
    return (_ASSETS / f"check-{'dark' if look.dark else 'light'}.svg").as_posix()


def _down(look: Look) -> str:
    return (_ASSETS / f"down-{'dark' if look.dark else 'light'}.svg").as_posix()


def _labels(c: Colours, _look: Look) -> str:
    tones = "".join(
        f'QLabel[tone="{tone}"]{{color:{getattr(c, tone)}}}'
        for tone in ("ok", "warn", "bad", "info")
    )
    return f"""
QLabel{{background:transparent}}
QLabel[type="label"]{{color:{c.ink2}}}
QLabel[type="hint"]{{color:{c.ink2}}}
QLabel[type="status"]{{color:{c.ink2}}}
{tones}
QToolTip{{background:{c.ink};color:{c.surface};border:0;padding:{Space.HAIR}px {Space.SMALL}px}}"""


def _button(c: Colours, kind: str, fill: str, edge: str, hover: str) -> str:
    return f"""
QPushButton[kind="{kind}"]{{background:{fill};border:{Size.EDGE}px solid {edge}}}
QPushButton[kind="{kind}"]:hover,QPushButton[kind="{kind}"]:pressed{{background:{hover}}}
QPushButton[kind="{kind}"]:focus{{border:{Size.FOCUS}px solid {c.focus}}}
QPushButton[kind="{kind}"]:disabled{{background:{c.sunken};border-color:{c.line}}}"""


def _buttons(c: Colours, _look: Look) -> str:
    return (
        f"""
QPushButton{{background:{c.surface};color:{c.ink};border:{Size.EDGE}px solid {c.edge};
 border-radius:{Radius.FIELD}px;padding:0 {Space.MEDIUM}px}}
QPushButton:focus{{border:{Size.FOCUS}px solid {c.focus}}}
QPushButton[shape="pay"]{{border-radius:{Radius.PAY}px}}
QPushButton[shape="chip"]{{border-radius:{Radius.CHIP}px}}
QPushButton:disabled{{color:{c.disabled}}}
QPushButton[kind="primary"],QPushButton[kind="primary"]:hover{{color:{c.on_primary}}}
QPushButton[kind="danger"]{{color:{c.bad}}}"""
        + _button(c, "primary", c.primary, c.primary, c.primary_hover)
        + _button(c, "secondary", c.surface, c.edge, c.primary_soft)
        + _button(c, "danger", c.surface, c.bad, c.bad_soft)
        + _button(c, "quiet", "transparent", "transparent", c.primary_soft)
        + f"""
QPushButton[kind="quiet"]:disabled{{background:transparent;border-color:transparent}}
QPushButton:checked{{background:{c.primary_soft};border:{Size.FOCUS}px solid {c.primary}}}
QPushButton:checked:focus{{border:{Size.FOCUS}px solid {c.focus}}}"""
    )


def _fields(c: Colours, look: Look) -> str:
    fields = "QLineEdit,QPlainTextEdit,QTextEdit"
    focused = ",".join(f"{one}:focus" for one in fields.split(","))
    disabled = ",".join(f"{one}:disabled" for one in fields.split(","))
    tones = "".join(
        f'QLineEdit[tone="{tone}"],QLineEdit[tone="{tone}"]:focus{{background:'
        f"{getattr(c, tone + '_soft')};border:{Size.FOCUS}px solid {getattr(c, tone)};"
        f"padding:0 {Space.GUTTER - 1}px}}"
        for tone in ("ok", "warn", "bad", "info")
    )
    return f"""
{fields}{{background:{c.surface};color:{c.ink};border:{Size.EDGE}px solid {c.edge};
 border-radius:{Radius.FIELD}px;padding:0 {Space.GUTTER}px;placeholder-text-color:{c.ink3};
 selection-background-color:{c.primary};selection-color:{c.on_primary}}}
QLineEdit{{min-height:{look.units(Height.FIELD) - 2}px}}
QLineEdit[shape="scan"]{{min-height:{look.units(Height.SCAN) - 2}px}}
QPlainTextEdit,QTextEdit{{padding:{Space.SMALL}px}}
{focused}{{border:{Size.FOCUS}px solid {c.focus};padding:0 {Space.GUTTER - 1}px}}
QPlainTextEdit:focus,QTextEdit:focus{{padding:{Space.SMALL - 1}px}}
{disabled}{{background:{c.sunken};color:{c.ink2};border-color:{c.line}}}
{tones}"""


def _choices(c: Colours, look: Look) -> str:
    box = look.units(Size.ICON_LARGE)
    kinds = "QCheckBox,QRadioButton"
    return f"""
{kinds}{{spacing:{Space.GUTTER}px;min-height:{look.units(Height.BUTTON)}px;
 padding:0 {Space.HAIR}px;border:{Size.FOCUS}px solid transparent;border-radius:{Radius.CHIP}px}}
QCheckBox:focus,QRadioButton:focus{{border-color:{c.focus}}}
QCheckBox::indicator,QRadioButton::indicator{{width:{box}px;height:{box}px}}
QCheckBox::indicator,QRadioButton::indicator{{border:{Size.FOCUS}px solid {c.edge};
 background:{c.surface}}}
QCheckBox::indicator{{border-radius:{Radius.CHIP}px}}
QRadioButton::indicator{{border-radius:{box // 2 + Size.FOCUS}px}}
QCheckBox::indicator:checked{{background:{c.primary};border-color:{c.primary};
 image:url("{_check(look)}")}}
QRadioButton::indicator:checked{{border:{box // 3}px solid {c.primary};
 width:{box - 2 * (box // 3) + 2 * Size.FOCUS}px;height:{box - 2 * (box // 3) + 2 * Size.FOCUS}px}}
QComboBox{{min-height:{look.units(Height.FIELD) - 2}px;padding:0 {Space.GUTTER}px;
 background:{c.surface};color:{c.ink};border:{Size.EDGE}px solid {c.edge};
 border-radius:{Radius.FIELD}px}}
QComboBox:focus{{border:{Size.FOCUS}px solid {c.focus};padding:0 {Space.GUTTER - 1}px;
 min-height:{look.units(Height.FIELD) - 4}px}}
QComboBox:disabled{{background:{c.sunken};color:{c.ink2};border-color:{c.line}}}
QComboBox::drop-down{{border:0;width:{Size.ICON_LARGE + Space.SMALL}px}}
QComboBox::down-arrow{{image:url("{_down(look)}");width:{Size.ICON}px;height:{Size.ICON}px}}
QComboBox QAbstractItemView{{border:{Size.EDGE}px solid {c.edge};background:{c.surface};
 selection-background-color:{c.primary_soft};selection-color:{c.ink}}}
QProgressBar{{border:0;border-radius:{Radius.CHIP}px;background:{c.sunken};color:{c.ink};
 min-height:{Space.LARGE}px;text-align:center}}
QProgressBar::chunk{{background:{c.primary_soft};border-radius:{Radius.CHIP}px}}"""


def _tables(c: Colours, look: Look) -> str:
    return f"""
QTableView,QListView{{background:{c.surface};border:{Size.EDGE}px solid {c.line};
 border-radius:{Radius.FIELD}px;gridline-color:{c.line};outline:0;
 selection-background-color:{c.primary_soft};selection-color:{c.ink}}}
QTableView:focus,QListView:focus{{border:{Size.FOCUS}px solid {c.focus}}}
QHeaderView{{background:{c.sunken};border:0}}
QHeaderView::section{{background:{c.sunken};color:{c.ink2};border:0;
 padding:0 {Space.GUTTER}px;min-height:{look.units(Height.HEADER)}px}}
QTableView QTableCornerButton::section{{background:{c.sunken};border:0}}"""


def _surfaces(c: Colours, _look: Look) -> str:
    softs = "".join(
        f'QFrame[surface="notice"][tone="{tone}"]{{background:{getattr(c, tone + "_soft")};'
        f"border:0;border-left:{Size.NOTICE_BAR}px solid {getattr(c, tone)}}}"
        for tone in ("ok", "warn", "bad", "info")
    )
    return f"""
QFrame[surface="card"]{{background:{c.surface};border:{Size.EDGE}px solid {c.line};
 border-radius:{Radius.CARD}px}}
QFrame[surface="panel"]{{background:{c.surface};border:{Size.EDGE}px solid {c.edge};
 border-radius:{Radius.CARD}px}}
QFrame[surface="plain"]{{background:transparent;border:0}}
QFrame[surface="ground"]{{background:{c.ground};border:0}}
QFrame[surface="bar"]{{background:{c.bar};border:0}}
QFrame[surface="foot"]{{background:{c.sunken};border:0}}
QFrame[surface="line"]{{background:{c.line};border:0}}
QFrame[surface="notice"]{{border:0;border-radius:{Radius.CHIP}px;
 border-top-left-radius:0;border-bottom-left-radius:0}}
{softs}
QFrame[surface="bar"] QLabel{{color:{c.on_bar}}}"""


def _scrolling(c: Colours, _look: Look) -> str:
    return f"""
QScrollArea{{background:transparent;border:0}}
QScrollArea>QWidget>QWidget[surface="scrolled"]{{background:transparent}}
QScrollBar{{background:{c.sunken};border:0;margin:0}}
QScrollBar:vertical{{width:{Size.SCROLLBAR}px}}
QScrollBar:horizontal{{height:{Size.SCROLLBAR}px}}
QScrollBar::handle{{background:{c.edge};border:3px solid {c.sunken};border-radius:{Radius.CHIP}px}}
QScrollBar::handle:vertical{{min-height:{Space.HUGE}px}}
QScrollBar::handle:horizontal{{min-width:{Space.HUGE}px}}
QScrollBar::add-line,QScrollBar::sub-line{{width:0;height:0}}
QScrollBar::add-page,QScrollBar::sub-page{{background:transparent}}"""
