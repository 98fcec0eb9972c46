"""Faults put into the product on purpose, one at a time: the simulator must notice each."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

from tests.simulation import late, order_mutants, pictures, sync_mutants
from tests.simulation.swarm import PICTURES

Patches = AbstractContextManager[Any]


class Mutant(NamedTuple):
    """`make` puts the fault in; the run with `fault` alone shows it by one of `invariants`."""

    make: Callable[[], Patches]
    fault: str
    invariants: frozenset[int]


def _mutant(make: Callable[[], Patches], fault: str, *numbers: int) -> Mutant:
    return Mutant(make, fault, frozenset(numbers))


MUTANTS: dict[str, Mutant] = {
    "M1": _mutant(sync_mutants.skip_by_number, "clone", 2, 5, 14),
    "M2": _mutant(sync_mutants.ack_before_commit, "server_restart", 3),
    "M4": _mutant(sync_mutants.no_unique_place, "delayed", 2, 3, 5),
    "M5": _mutant(sync_mutants.stock_set_absolutely, "burst", 7, 15),
    "M6": _mutant(sync_mutants.cursor_first, "killed_applying", 4, 7, 8, 9, 15),
    "M7": _mutant(sync_mutants.cursor_last, "killed_applying", 7, 9, 15),
    "M8": _mutant(sync_mutants.flag_sent, "lost", 2, 14),
    "M13a": _mutant(sync_mutants.no_backoff, "outage", 14),
    "M13b": _mutant(sync_mutants.backoff_without_reset, "outage", 14),
    "M14": _mutant(sync_mutants.html_is_an_ack, "portal", 1, 2, 14),
    "M17": _mutant(sync_mutants.nothing_new_beyond_head, "server_restore", 17, 14, 4),
    "M18": _mutant(sync_mutants.epoch_ignored, "server_restore", 17, 14, 4),
    "M19": _mutant(sync_mutants.mark_ignored, "bring_back", 6),
    "M20": _mutant(sync_mutants.same_register_code, "restore", 6),
    "M21": _mutant(sync_mutants.carried_anew, "server_restore+bring_back+clone", 2, 7, 8),
    "M22": _mutant(sync_mutants.quarantine_stops, "poison", 14, 2),
    "M24": _mutant(sync_mutants.arrival_decides, "owner_edit", 16),
    "M27": _mutant(sync_mutants.bytes_encoded_anew, "newer_field", 9, 14),
    "M28": _mutant(sync_mutants.shop_from_body, "foreign_push", 11),
    "M29": _mutant(sync_mutants.not_flushed, "power_cut", 1),
    "M30": _mutant(late.number_after_rows, late.NAME, 4),
    "M33": _mutant(late.half_is_dropped, late.HALF, 17),
    "P1": _mutant(pictures.copy_unchecked, PICTURES, 34),
    "P2": _mutant(pictures.cut_is_the_end, PICTURES, 34),
    **{name: _mutant(*one) for name, one in order_mutants.FAULTS.items()},
}
