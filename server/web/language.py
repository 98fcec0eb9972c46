"""The pages' two languages: texts in code and templates are Indonesian, English a catalogue.

The same way as at the counter; the catalogue is `server/locale/en/LC_MESSAGES/huyula.po`.
"""

from __future__ import annotations

import gettext
import io
from functools import lru_cache
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CATALOGUE: Final = Path(__file__).resolve().parent.parent / "locale/en/LC_MESSAGES/huyula.po"
LANGUAGES: Final = ("id", "en")


def N_(text: str) -> str:
    """Mark a text of a table for the catalogue; it is translated when it is shown."""
    return text


@lru_cache(maxsize=2)
def texts(language: str) -> gettext.NullTranslations:
    """The texts of a language ("id" or "en")."""
    if language != "en":
        return gettext.NullTranslations()
    out = io.BytesIO()
    with CATALOGUE.open("rb") as source:
        write_mo(out, read_po(source, locale="en"))
    out.seek(0)
    return gettext.GNUTranslations(out)


class Words:
    """How texts are said in one language."""

    def __init__(self, language: str) -> None:
        """For "id" or "en"."""
        self.language = language
        self._texts = texts(language)

    def _(self, text: str, **details: object) -> str:
        """A text, with its places filled."""
        said = self._texts.gettext(text)
        return said.format(**details) if details else said

    def ngettext(self, one: str, many: str, n: int, **details: object) -> str:
        """A text that counts; `{n}` is the count."""
        return self._texts.ngettext(one, many, n).format(n=n, **details)
