"""No text of the window is without English, and the check itself notices what is missing."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", ROOT / "scripts/messages.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def shop(tmp_path: Path, messages: ModuleType) -> Path:
    (tmp_path / "pos").mkdir()
    write(tmp_path, 'x = _("Bayar {total}")\ny = ngettext("{n} barang", "{n} barang", 2)\n')
    return tmp_path


def write(root: Path, code: str) -> None:
    (root / "pos/screen.py").write_text(code, encoding="utf-8")


def translate(root: Path, messages: ModuleType, old: str, new: str) -> None:
    file = root / messages.CATALOGUE
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def finish(root: Path, messages: ModuleType) -> None:
    messages.update(root)
    pay = 'msgid "Bayar {total}"\nmsgstr "'
    translate(root, messages, pay, pay + "Pay {total}")
    translate(root, messages, 'msgstr[0] "', 'msgstr[0] "{n} item')
    translate(root, messages, 'msgstr[1] "', 'msgstr[1] "{n} items')


def test_every_text_of_the_counter_has_english(messages: ModuleType) -> None:
    assert list(messages.problems(ROOT)) == []


def test_texts_without_english_are_found(shop: Path, messages: ModuleType) -> None:
    messages.update(shop)
    found = list(messages.problems(shop))
    assert len(found) == 2
    assert all(line.startswith("no English") for line in found)


def test_a_finished_catalogue_passes_and_update_keeps_it(shop: Path, messages: ModuleType) -> None:
    finish(shop, messages)
    assert list(messages.problems(shop)) == []
    before = (shop / messages.CATALOGUE).read_bytes()
    messages.update(shop)
    assert (shop / messages.CATALOGUE).read_bytes() == before


def test_a_text_that_left_the_code_is_found_and_dropped(shop: Path, messages: ModuleType) -> None:
    finish(shop, messages)
    write(shop, 'x = _("Bayar {total}")\n')
    assert [line.split(":")[0] for line in messages.problems(shop)] == ["no longer in the code"]
    messages.update(shop)
    assert list(messages.problems(shop)) == []


def test_a_lost_placeholder_is_found(shop: Path, messages: ModuleType) -> None:
    finish(shop, messages)
    translate(shop, messages, "Pay {total}", "Pay {amount}")
    assert [line.split(":")[0] for line in messages.problems(shop)] == [
        "other placeholders in English"
    ]


def test_a_text_that_begins_to_count_needs_its_second_form(
    shop: Path, messages: ModuleType
) -> None:
    finish(shop, messages)
    write(shop, 'x = ngettext("Bayar {total}", "Bayar {total}", 2)\n')
    assert "no English" in "".join(messages.problems(shop))
    messages.update(shop)
    assert [line.split(":")[0] for line in messages.problems(shop)] == ["no English"]
    translate(shop, messages, 'msgstr[0] ""', 'msgstr[0] "Pay one {total}"')
    assert list(messages.problems(shop)) == []
    english = messages.read(shop / messages.CATALOGUE)
    assert english.get("Bayar {total}").string == ("Pay one {total}", "Pay {total}")


def test_a_text_that_counts_no_more_keeps_its_english(shop: Path, messages: ModuleType) -> None:
    finish(shop, messages)
    write(shop, 'x = _("Bayar {total}")\ny = _("{n} barang")\n')
    assert [line.split(":")[0] for line in messages.problems(shop)] == ["no English"]
    messages.update(shop)
    assert list(messages.problems(shop)) == []
    assert messages.read(shop / messages.CATALOGUE).get("{n} barang").string == "{n} items"


def test_the_command_says_what_is_wrong(
    shop: Path, messages: ModuleType, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(messages, "ROOT", shop)
    assert messages.main(["update"]) == 1
    assert "no English" in capsys.readouterr().out
    finish(shop, messages)
    assert messages.main([]) == 0
    assert messages.main(["nonsense"]) == 2
