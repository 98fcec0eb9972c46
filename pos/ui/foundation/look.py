"""What the window looks like now: the colours and the size that are in force."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from pos.ui.foundation.tokens import LIGHT, SCALES, Colours, ScaleName


@dataclass(frozen=True, slots=True)
class Look:
    """Colours and size in force; `dark` says which theme the colours are, `touch` fingers."""

    colours: Colours = LIGHT
    scale: ScaleName = "normal"
    dark: bool = False
    touch: bool = False

    def units(self, size: int) -> int:
        """A token's size at the size setting in force."""
        return round(size * SCALES[self.scale])


class LookHolder(QObject):
    """Holds the look and says when it changed, after fonts and stylesheet are in force."""

    changed = Signal()

    def __init__(self) -> None:
        """Begin with the light theme at normal size."""
        super().__init__()
        self.now = Look()

    def set_touch(self, on: bool) -> None:
        """Make room for fingers, or no longer."""
        if on != self.now.touch:
            self.now = replace(self.now, touch=on)
            self.changed.emit()


_holder: list[LookHolder] = []


def looks() -> LookHolder:
    """The one holder of the program; widgets connect to its `changed`."""
    if not _holder:
        _holder.append(LookHolder())
    return _holder[0]


def look() -> Look:
    """The look in force."""
    return looks().now
