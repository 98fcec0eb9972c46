"""Reading a file and planning it against the shop's goods, as the window's thread does it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from core.errors import Refused
from pos.catalog.importing import ShopCatalog
from pos.importing.errors import MappingWrong, NoGoods, NoHeading
from pos.importing.headings import propose_mapping
from pos.importing.model import ImportPlan, Mapping, Table
from pos.importing.planning import plan
from pos.importing.process import read_in_process
from pos.opening import read_only
from pos.ui.catalog.job import Cancelled, Progress


class Looked(NamedTuple):
    """A file as read, with its plan, or why there is none yet."""

    table: Table
    plan: ImportPlan | None
    refusal: Refused | None


def look_at(path: Path, folder: Path, progress: Progress, cancelled: Cancelled) -> Looked:
    """Read a file and plan it.

    Raises:
        Refused: what `read_in_process` and `plan` refuse, but for columns not found: those the
            owner can name.
    """
    table = read_in_process(path, progress, cancelled)
    try:
        mapping = propose_mapping(table)
        return look_again(table, mapping, folder, progress, cancelled)
    except (NoHeading, NoGoods, MappingWrong) as refusal:
        return Looked(table, None, refusal)


def look_again(
    table: Table, mapping: Mapping, folder: Path, progress: Progress, cancelled: Cancelled
) -> Looked:
    """Plan a table by these columns.

    Raises:
        MappingWrong, ImportCancelled.
    """
    with closing(read_only(folder)) as db:
        catalog = ShopCatalog(db)
    return Looked(table, plan(table, mapping, catalog, None, progress, cancelled), None)
