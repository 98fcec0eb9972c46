"""What a built wheel holds: every file of the packages, also migrations, texts and pages."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ("core", "pos", "server")
_LEFT_OUT = shutil.ignore_patterns("__pycache__")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """The names in a wheel that is built from a copy: building leaves folders behind."""
    source = tmp_path_factory.mktemp("source")
    for name in PACKAGES:
        shutil.copytree(ROOT / name, source / name, ignore=_LEFT_OUT)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", "out", "."]
    done = subprocess.run([*build, *options], cwd=source, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (built,) = (source / "out").glob("*.whl")
    return frozenset(zipfile.ZipFile(built).namelist())


def test_every_file_of_the_packages_is_in_it(wheel: frozenset[str]) -> None:
    there = {
        str(file.relative_to(ROOT))
        for name in PACKAGES
        for file in (ROOT / name).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert sorted(there - wheel) == []


@pytest.mark.parametrize(
    "name",
    [
        "server/db/migrations/versions/r0001_first.py",
        "pos/db/migrations/versions/r0001_first.py",
        "server/db/migrations/env.py",
        "server/web/templates/today.html",
        "server/locale/en/LC_MESSAGES/huyula.po",
    ],
)
def test_what_no_import_would_miss_is_in_it(wheel: frozenset[str], name: str) -> None:
    assert name in wheel


def test_nothing_else_is_in_it(wheel: frozenset[str]) -> None:
    tops = {name.partition("/")[0] for name in wheel}
    assert {one for one in tops if not one.endswith(".dist-info")} == set(PACKAGES)
