"""Waiting for processes on a machine that may be busy, or be stopped whole for a while."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

STEP_S = 1.0


def both(process: subprocess.Popen[str], stdin: str, wait_s: float) -> tuple[str, str] | None:
    """What a process says until it ends; None where it still runs after so long.

    Waited for in small steps: where the whole machine stood still, its clock has gone on, but the
    process has had no chance, and only one step is over.
    """
    left, given = wait_s, stdin or None
    while True:
        try:
            return process.communicate(given, timeout=min(left, STEP_S))
        except subprocess.TimeoutExpired:
            left, given = left - STEP_S, None  # the rest of it is still sent
            if left <= 0:
                return None


def hangs(wait_s: float, is_over: Callable[[float], bool]) -> bool:
    """Whether something is not over after so long; `is_over` waits for a step and looks."""
    left = wait_s
    while not is_over(min(left, STEP_S)):
        left -= STEP_S
        if left <= 0:
            return True
    return False
