"""A product's picture from a terminal: set, refused, taken away, and what the proof says of it."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.picture_files import bomb, file_of
from tests.helpers.process import Machine


def test_a_picture_is_set_refused_and_taken_away(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.found()
    set_one = machine.run("product", "set", "B002", "--picture", str(file_of(tmp_path)))
    assert (set_one.code, set_one.data["changed"]) == (0, True)
    assert len(bytes.fromhex(set_one.data["picture"])) == 32
    again = machine.run("product", "set", "B002", "--picture", str(tmp_path / "foto.png"))
    assert again.data == {**set_one.data, "changed": False}
    assert machine.run("verify").data["ok"]

    (tmp_path / "rusak.png").write_bytes(bomb())
    refused = machine.run("product", "set", "B002", "--picture", str(tmp_path / "rusak.png"))
    assert (refused.code, refused.data["error"]) == (1, "bad_product_picture")
    assert refused.err.startswith("rusak.png") and refused.err.count("\n") == 1

    gone = machine.run("product", "set", "B002", "--no-picture")
    assert (gone.data["changed"], gone.data["picture"]) == (True, "")
    both = machine.run("product", "set", "B002", "--no-picture", "--picture", "x.png")
    assert (both.code, both.data["error"]) == (2, "usage")


def test_a_product_is_added_with_its_picture(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.found()
    file = str(file_of(tmp_path, "foto.webp"))
    added = machine.run("product", "add", "--name", "Sagela", "--price", "9000", "--picture", file)
    assert added.code == 0
    same = machine.run("product", "set", added.data["id"], "--picture", file)
    assert not same.data["changed"]
