"""Every refusal of the server has a sentence in both languages."""

from __future__ import annotations

import importlib
import pkgutil
import string
from collections.abc import Iterator

import pytest

import server
from core.errors import Refused
from server.messages import SENTENCES, sentence


def _refusals() -> Iterator[type[Refused]]:
    for module in pkgutil.walk_packages(server.__path__, "server."):
        if ".migrations." not in module.name:
            importlib.import_module(module.name)
    waiting = [Refused]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("server."):
            yield kind


def test_every_code_has_a_sentence() -> None:
    missing = sorted({kind.code for kind in _refusals()} - set(SENTENCES))
    assert not missing


@pytest.mark.parametrize("code", SENTENCES)
def test_both_languages_speak_of_the_same_things(code: str) -> None:
    fields = [
        {name for _, name, _, _ in string.Formatter().parse(text) if name}
        for text in SENTENCES[code]
    ]
    assert fields[0] == fields[1]
    for text in SENTENCES[code]:
        assert text[0].isupper() or text[0] == "{"


def test_a_code_without_a_sentence_is_said_all_the_same() -> None:
    class Odd(Refused):
        code = "odd"

    assert "odd" in sentence(Odd(), "id") and "odd" in sentence(Odd(), "en")
