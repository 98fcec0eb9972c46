"""A refused form comes back as it was sent: the words in their fields, the sentence at the field.

The template's side is `typing.html`. An id there is the form's name and the field's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from core.errors import Refused
from server.shops.editing import BadField
from server.web.forms import problem
from server.web.view import View

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


class Typed(NamedTuple):
    """What a page's form was sent with, and why it was refused; empty where nothing was.

    `main` is the field that holds its words, `field` the one at fault.
    """

    form: str = ""
    values: Mapping[str, str] = _NOTHING
    error: str = ""
    main: str = ""
    field: str = ""

    @property
    def target(self) -> str:
        """The id of the field at fault, of the words where it is none."""
        return f"{self.form}-{self.field or self.main}"

    def value(self, form: str, name: str, usual: str = "") -> str:
        """What a field of a form holds: what was typed, where it is the form that was refused."""
        return self.values.get(name, usual) if self.form == form else usual

    def fault(self, form: str, name: str) -> str:
        """The sentence about a field, "" where there is nothing wrong with it."""
        return self.error if (self.form, self.field) == (form, name) else ""

    def homeless(self, forms: Collection[str]) -> str:
        """The words that no form of the page takes up: what they were about has gone on."""
        return "" if self.form in forms else self.values.get(self.main, "").strip()


NOTHING_TYPED: Final = Typed()


def typed_in(
    view: View, form: str, refusal: Refused, main: str, at: Mapping[str, str] = _NOTHING
) -> Typed:
    """What a refused form is shown again with. `at` names the field that a refusal's code is
    about; any other is said at `main`."""
    if isinstance(refusal, BadField):
        return Typed(form, view.form, problem(view.words, refusal)[refusal.field], main,
                     refusal.field)  # fmt: skip
    field = refusal.details.get("field", "")
    field = field if field in view.form else at.get(refusal.code, main)
    return Typed(form, view.form, view.said(refusal), main, field)
