"""One measured figure beside its reference and its bar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple


class Figure(NamedTuple):
    """`ours` and `reference` in the unit that `figure` names; `holds` says whether the bar does."""

    figure: str
    ours: float
    reference: float | None
    ratio: float | None
    bar: str
    holds: bool

    def as_dict(self) -> dict[str, Any]:
        """The figure as results.json holds it."""
        return self._asdict()


def at_most(figure: str, ours: float, bar: float, unit: str = "ms") -> Figure:
    """A figure with an absolute bar."""
    return Figure(
        f"{figure} ({unit})", round(ours, 3), None, None, f"<= {bar:g} {unit}", ours <= bar
    )


def at_least(figure: str, ours: float, bar: float, unit: str) -> Figure:
    """A figure with an absolute bar that it must reach."""
    return Figure(
        f"{figure} ({unit})", round(ours, 3), None, None, f">= {bar:g} {unit}", ours >= bar
    )


def times(figure: str, ours: float, reference: float, bar: float, unit: str = "ms") -> Figure:
    """A figure whose bar is a multiple of a reference measured in the same run."""
    ratio = ours / reference
    return Figure(
        f"{figure} ({unit})",
        round(ours, 3),
        round(reference, 3),
        round(ratio, 2),
        f"<= {bar:g} times",
        ratio <= bar,
    )


def quantile(values: Sequence[float], part: float) -> float:
    """The value below which `part` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]
