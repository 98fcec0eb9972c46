"""What the repository promises about itself: locks, sizes, records."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.docs import dead_links

ROOT = Path(__file__).resolve().parents[2]
CODE = ("core", "pos", "server", "benchmarks", "scripts", "tests")
LOCKS = ("requirements.lock", "requirements-dev.lock")
BINARY = {".ttf", ".otf", ".woff", ".woff2", ".so", ".dll", ".exe", ".pyd", ".whl", ".jar", ".ico"}


def _project() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _requirements(lock: str) -> Iterator[str]:
    """Each requirement of a lock file with its hashes, continued lines joined."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            yield line


def _pins(lock: str) -> dict[str, str]:
    return dict(line.split()[0].split("==") for line in _requirements(lock))


def _python_files() -> Iterator[Path]:
    for folder in CODE:
        yield from sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_requirement_is_exact_and_hashed(lock: str) -> None:
    for line in _requirements(lock):
        assert re.match(r"[a-z0-9-]+==[0-9][^ ]* ", line), line
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", line), line


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_a_host(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text and "--extra-index" not in text and "--find-links" not in text


def test_both_locks_agree() -> None:
    counter, development = (_pins(lock) for lock in LOCKS)
    assert counter.items() <= development.items()


def test_what_is_pinned_in_the_project_is_locked() -> None:
    pinned = [one.split("==") for one in _project()["project"]["dependencies"] if "==" in one]  # type: ignore[index]
    assert {name.lower(): version for name, version in pinned}.items() <= _pins(LOCKS[0]).items()


def test_no_file_is_longer_than_400_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in _python_files()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long


@pytest.mark.parametrize("package", ["core", "pos", "server"])
def test_every_folder_of_code_is_a_package_that_says_what_it_is(package: str) -> None:
    folders = {path.parent for path in (ROOT / package).rglob("*.py")}
    for folder in folders - {f for f in folders if "migrations" in f.parts}:
        opening = folder / "__init__.py"
        assert opening.exists(), folder
        assert ast.get_docstring(ast.parse(opening.read_text(encoding="utf-8"))), opening


def test_no_font_or_program_of_others_is_kept_here() -> None:
    kept = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if kept.returncode:
        pytest.skip("not a git checkout")
    assert [name for name in kept.stdout.splitlines() if Path(name).suffix in BINARY] == []


def test_the_changelog_knows_this_version() -> None:
    version = _project()["project"]["version"]  # type: ignore[index]
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_decisions_are_numbered_without_a_gap_and_complete() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    for path in records:
        text = path.read_text(encoding="utf-8")
        for heading in ("## Context", "## Choice", "## Turned down", "## Consequence"):
            assert heading in text, f"{path.name} lacks {heading}"


def test_setup_refuses_an_unknown_kind_with_a_sentence() -> None:
    said = subprocess.run(
        ["sh", str(ROOT / "scripts" / "setup.sh"), "everything"], capture_output=True, text=True
    )
    assert said.returncode == 2
    assert "'everything'" in said.stderr


def test_a_dead_link_is_found_and_a_living_one_is_not(tmp_path: Path) -> None:
    (tmp_path / "here.md").write_text(
        "[a](there.md#part) [b](gone.md) [c](#heading) ![d](p/x.png) [e](https://example.org/x)",
        encoding="utf-8",
    )
    (tmp_path / "there.md").write_text("nothing", encoding="utf-8")
    assert list(dead_links(tmp_path)) == ["here.md: gone.md", "here.md: p/x.png"]


def test_server_and_counter_can_be_imported_beside_each_other() -> None:
    subprocess.run([sys.executable, "-c", "import core, pos, server"], cwd=ROOT, check=True)
