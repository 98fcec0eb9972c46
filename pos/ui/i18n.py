"""The window's two languages, switched at run time.

Texts in code are Bahasa Indonesia, so that language is always complete; English stands in
`pos/locale/en/LC_MESSAGES/huyula.po`. A widget takes its text as a function
(`lambda: _("Bayar")`) and asks again when the language changes.
"""

from __future__ import annotations

import gettext
import hashlib
import io
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

from PySide6.QtCore import QObject, QStandardPaths, Signal

from core.quantity import QTY, show_quantity

Language = Literal["id", "en"]
Text = str | Callable[[], str]
"""What a widget shows: a text that is the same in all languages, or how to say it now."""

CATALOGUE: Final = Path(__file__).resolve().parent.parent / "locale/en/LC_MESSAGES/huyula.po"


class Languages(QObject):
    """Holds the language in force and says when it changed."""

    changed = Signal()

    def __init__(self) -> None:
        """Begin in Bahasa Indonesia."""
        super().__init__()
        self.now: Language = "id"
        self.texts: gettext.NullTranslations = gettext.NullTranslations()


_holder: list[Languages] = []


def languages() -> Languages:
    """The one holder of the program; widgets connect to its `changed`."""
    if not _holder:
        _holder.append(Languages())
    return _holder[0]


def language() -> Language:
    """The language in force."""
    return languages().now


def shown_quantity(qty: int) -> str:
    """Thousandths as the reader sees them, not as they are typed: "90.000", in English "90,000"."""
    return show_quantity(qty, language())


def shown_count(count: int) -> str:
    """How many, with marks at the thousands."""
    return shown_quantity(count * QTY)


def set_language(chosen: Language) -> None:
    """Speak another language from now on; what is shown changes at once."""
    holder = languages()
    if chosen == holder.now:
        return
    holder.texts = gettext.NullTranslations() if chosen == "id" else load(CATALOGUE)
    holder.now = chosen
    holder.changed.emit()


def _(text: str) -> str:
    """A text in the language in force."""
    return languages().texts.gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """The same for a text that counts; Bahasa Indonesia gives the same words twice."""
    return languages().texts.ngettext(one, many, count)


def pgettext(context: str, text: str) -> str:
    """The same for a word that one language has two of; `context` tells them apart."""
    return languages().texts.pgettext(context, text)


def N_(text: str) -> str:
    """Mark a text of a table for the catalogue; `_` it when it is shown."""
    return text


def say(text: Text) -> str:
    """What a `Text` says now."""
    return text if isinstance(text, str) else text()


def load(po: Path, cache: Path | None = None) -> gettext.NullTranslations:
    """Read a catalogue: the compiled file beside it, else one compiled into the cache.

    The cached file is named by the catalogue's content, so an update is never missed. A folder
    that cannot be written, or a file that a power cut left damaged, costs time and nothing else.
    """
    beside = po.with_suffix(".mo")
    if beside.exists() and beside.stat().st_mtime >= po.stat().st_mtime:
        found = _read(beside)
        if found is not None:
            return found
    source = po.read_bytes()
    folder = cache or _cache_folder()
    kept = folder / f"{po.stem}-{hashlib.sha256(source).hexdigest()[:16]}.mo"
    return _read(kept) or _compile(source, kept)


def _read(file: Path) -> gettext.GNUTranslations | None:
    """A compiled catalogue, or None where there is none or it is damaged."""
    try:
        return gettext.GNUTranslations(io.BytesIO(file.read_bytes()))
    except (OSError, ValueError, struct.error):
        return None


def _compile(source: bytes, kept: Path) -> gettext.GNUTranslations:
    compiled = compile_po(source)
    _keep(kept, compiled)
    return gettext.GNUTranslations(io.BytesIO(compiled))


def compile_po(source: bytes) -> bytes:
    """A catalogue's text as the binary form that gettext reads."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    out = io.BytesIO()
    write_mo(out, read_po(io.BytesIO(source)))
    return out.getvalue()


def _cache_folder() -> Path:
    place = QStandardPaths.StandardLocation.CacheLocation
    return Path(QStandardPaths.writableLocation(place)) / "locale"


def _keep(file: Path, content: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        part.write_bytes(content)
        part.replace(file)
    except OSError:
        return
