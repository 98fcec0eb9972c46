"""A process takes its threads' memory from few places."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

_THREADS = """
import ctypes, sys, threading
from server.app.memory import keep_little
assert keep_little()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
together, done = threading.Barrier(16), threading.Barrier(16)
def take():
    together.wait()
    libc.malloc(ctypes.c_size_t(5_000))
    done.wait()
threads = [threading.Thread(target=take) for _ in range(16)]
[one.start() for one in threads]
[one.join() for one in threads]
libc.malloc_info.argtypes = [ctypes.c_int, ctypes.c_void_p]
libc.fdopen.restype = ctypes.c_void_p
out = libc.fdopen(1, b"w")
libc.malloc_info(0, out)
libc.fflush(ctypes.c_void_p(out))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="of glibc")
def test_threads_share_a_few_places() -> None:
    said = subprocess.run(
        [sys.executable, "-c", _THREADS], capture_output=True, check=True, text=True
    ).stdout
    assert 1 <= said.count("<heap nr=") <= 2, said
