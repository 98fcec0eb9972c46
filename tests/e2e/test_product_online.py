"""Goods in the gerai from a terminal: switched off and on, refused for tobacco, and proved."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.process import Machine


def test_goods_are_taken_off_and_put_online_again(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.found()
    assert machine.run("product", "set", "B002", "--online", "no").data["changed"]
    assert not machine.run("product", "set", "B002", "--online", "no").data["changed"]
    assert machine.run("product", "set", "B002", "--online", "yes").data["changed"]
    assert machine.run("product", "set", "B002", "--halal", "id 7511 0000 0123 41024").data[
        "changed"
    ]
    assert not machine.run("product", "set", "B002", "--halal", "ID75110000012341024").data[
        "changed"
    ]
    assert machine.run("product", "set", "B002", "--halal", "entah").data["error"] == "bad_product"
    refused = machine.run("product", "add", "--name", "Surya 12", "--price", "30000",
                          "--category", "Rokok", "--online", "yes")  # fmt: skip
    assert (refused.code, refused.data["error"]) == (1, "bad_product")
    assert "PP 28/2024" in refused.err and refused.err.count("\n") == 1
    assert machine.run("verify").data["ok"]
