"""A gateway to pay through."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.helpers.sandbox import Sandbox, sandbox_running


@pytest.fixture(scope="session")
def one_sandbox() -> Iterator[Sandbox]:
    """A gateway for all tests of a run: each takes order keys of its own."""
    with sandbox_running() as running:
        yield running


@pytest.fixture
def sandbox(one_sandbox: Sandbox) -> Sandbox:
    """The gateway without faults."""
    one_sandbox.wish()
    return one_sandbox
