"""What an operator can do for a buyer who lost password and code: delete, and nothing else."""

from __future__ import annotations

import json

import pytest

from server.buyers.details import details_of
from server.buyers.keeping import keep_orders
from server.buyers.refusals import SignedOut
from server.cli.main import main
from server.services import Services
from tests.server.buyers.test_entering import KEY, OTHER, PHONE, made


def test_an_operator_finds_accounts_by_number_and_deletes_the_one_that_is_asked_for(
    services: Services, address: str, clock: object, capsys: pytest.CaptureFixture[str]
) -> None:
    lost, other = made(services).known, made(services, OTHER).known
    keep_orders(services, lost, [KEY])

    def run(*words: str, code: int = 0) -> list[dict[str, object]]:
        assert main(["--db", address, "--json", *words]) == code
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    listed = run("buyer", "list", PHONE)
    assert {str(one["account"]).replace("-", "") for one in listed} == {
        lost.buyer_id.hex(), other.buyer_id.hex(),
    }  # fmt: skip
    assert {key for one in listed for key in one} == {"account", "created_ms", "seen_ms"}
    assert run("buyer", "list", "0813-0000-1111") == []
    assert run("buyer", "list", "nonsense", code=1)[0]["error"] == "buyer_bad"
    run("buyer", "forget", lost.buyer_id.hex())
    with pytest.raises(SignedOut):
        details_of(services, lost)
    assert details_of(services, other).name == "Ibu Hadija"
    for gone in (lost.buyer_id.hex(), "nonsense"):
        assert run("buyer", "forget", gone, code=1)[0]["error"] == "buyer_unknown"
