"""Filling a sentence's template with figures, as the reader's language writes them.

A template's fields are a refusal's details; `{x:rp}` writes rupiah, `{x:qty}` thousandths,
`{x:usage}` what a library says of a command or a setting.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from typing import Any

from core.money import format_rupiah
from core.quantity import show_quantity
from core.usage import in_indonesian


def fill(template: str, details: Mapping[str, Any], language: str) -> str:
    """The template with its fields filled; what is missing shows as a dash rather than failing."""
    return _Filler(language).vformat(template, (), details)


class _Filler(string.Formatter):
    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        return kwargs.get(str(key), "-")

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec == "rp" and isinstance(value, int):
            return format_rupiah(value)
        if format_spec == "qty" and isinstance(value, int):
            return show_quantity(value, self.language)
        if format_spec == "usage" and self.language != "en":
            return in_indonesian(str(value))
        return str(value)
