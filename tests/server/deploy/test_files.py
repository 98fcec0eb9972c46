"""What `deploy/` ships fits together and fits the program: settings, files, scripts, units."""

from __future__ import annotations

import ipaddress
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from server.cli.payments import KEY_VARIABLE
from server.cli.people import PASSWORD_VARIABLE
from server.config import _VARIABLES, FILE_VARIABLE, Config

ROOT = Path(__file__).resolve().parents[3]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SCRIPTS = [*sorted((DEPLOY / "backup").iterdir()), DEPLOY / "postgres" / "roles.sh"]
PAGES = [ROOT / "docs" / name for name in ("operations.md", "scale.md", "server.md")]
KNOWN = {*_VARIABLES.values(), FILE_VARIABLE, PASSWORD_VARIABLE, KEY_VARIABLE}
_EXPOSED_AT_MOST = 2.0


def _files() -> list[Path]:
    return [one for one in sorted(DEPLOY.rglob("*")) if one.is_file()]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("file", [*_files(), *PAGES], ids=lambda one: one.name)
def test_every_setting_that_is_named_exists(file: Path) -> None:
    named = set(re.findall(r"\bHUYULA_[A-Z_]+\b", file.read_text(encoding="utf-8")))
    assert named <= KNOWN, named - KNOWN


def test_every_setting_is_described() -> None:
    text = (ROOT / "docs" / "server.md").read_text(encoding="utf-8")
    assert [one for one in _VARIABLES.values() if one not in text] == []


def test_what_the_compose_file_asks_for_is_in_the_example(compose: dict[str, Any]) -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", yaml.safe_dump(compose)))
    example = (DEPLOY / "example.env").read_text(encoding="utf-8")
    offered = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    assert asked == offered
    needed = set(re.findall(r"\$\{([A-Z_]+):\?", yaml.safe_dump(compose)))
    assert needed == set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))


def test_what_is_mounted_is_there(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for mount in service.get("volumes", ()):
            source = mount.split(":")[0]
            if source.startswith("."):
                assert (DEPLOY / source).exists(), (name, mount)
            else:
                assert source in compose["volumes"], (name, mount)
        for other in service.get("depends_on", ()):
            assert other in compose["services"], (name, other)


def test_only_the_proxy_can_be_reached(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert [name for name, one in services.items() if "ports" in one] == ["proxy"]
    assert [name for name, one in services.items() if "outside" in one.get("networks", ())] == [
        "proxy"
    ]
    assert compose["networks"]["inside"]["internal"] is True
    # Databases and their copies lead nowhere; the service has a way out, to payment providers, and
    # meets the proxy on the inside alone, for from there its word on the buyer's address is taken.
    ways = {name: set(one.get("networks", ())) for name, one in services.items()}
    assert ways["db"] == ways["backup"] == ways["migrate"] == {"inside"}
    (out,) = ways["server"] - {"inside"}
    assert compose["networks"][out].get("internal") is not True
    assert ways["server"] & ways["proxy"] == {"inside"}
    inside = compose["networks"]["inside"]["ipam"]["config"][0]["subnet"]
    believed = services["server"]["environment"]["HUYULA_PROXIES"]
    assert ipaddress.ip_network(believed) == ipaddress.ip_network(inside)


def test_the_service_knows_no_other_password_than_its_own(compose: dict[str, Any]) -> None:
    def secrets(name: str) -> set[str]:
        return set(re.findall(r"\b[A-Z]+_PASSWORD\b", str(compose["services"][name])))

    assert secrets("server") == {"APP_PASSWORD"}
    assert secrets("migrate") == {"OWNER_PASSWORD"}
    assert secrets("backup") == {"BACKUP_PASSWORD"}
    assert secrets("proxy") == set()


def test_the_sealing_keys_are_written_by_hand_alone(compose: dict[str, Any]) -> None:
    services = compose["services"]
    holds = {n: m for n, one in services.items() for m in one.get("volumes", ()) if "keys:" in m}
    assert holds == {"server": "keys:/keys:ro", "key": "keys:/keys"}
    assert services["key"]["profiles"] and services["key"]["network_mode"] == "none"
    place = services["key"]["command"].split()[-1]
    assert f"#SEALING_KEYS={place}\n" in (DEPLOY / "example.env").read_text(encoding="utf-8")


def test_stopping_is_given_longer_than_requests_need(compose: dict[str, Any]) -> None:
    drain = Config().drain_seconds
    assert int(compose["services"]["server"]["stop_grace_period"].rstrip("s")) > drain
    unit = (DEPLOY / "systemd" / "huyula-server.service").read_text(encoding="utf-8")
    assert int(re.findall(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)[0]) > drain


def test_every_image_has_a_version(compose: dict[str, Any]) -> None:
    images = {one["image"] for one in compose["services"].values()} - {"huyula-server"}
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    images |= set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE))
    for image in images:
        assert re.fullmatch(r"[a-z0-9.]+/[a-z0-9_/-]+:\d[\w.-]*", image), image


def test_what_the_image_copies_is_let_through() -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    let = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").split()
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", dockerfile, re.MULTILINE)
    for name in " ".join(copied).split():
        assert (ROOT / name).exists() and f"!{name}" in let, name


def _cut(lock: str) -> str:
    """What the image's awk leaves of a lock file."""
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    (program,) = re.findall(rf"awk '(.*)' {lock} ", dockerfile)
    words = ["awk", program, lock]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def _names(lock: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE))


def _cut_off(lock: str, name: str) -> str:
    return lock.partition(f"\n{name}==")[2].partition("\n    #")[0]


def test_the_image_gets_every_library_but_qt() -> None:
    whole, cut = (ROOT / "requirements.lock").read_text(encoding="utf-8"), _cut("requirements.lock")
    assert _names(whole) - _names(cut) == {"pyside6-essentials", "shiboken6"}
    assert _names(_cut("requirements-dev.lock")) == {"setuptools"}
    gone = sum(
        _cut_off(whole, name).count("--hash=") for name in ("pyside6-essentials", "shiboken6")
    )
    assert cut.count("--hash=") == whole.count("--hash=") - gone > 100


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda one: one.name)
def test_scripts_can_be_run(script: Path) -> None:
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n", str(script)], check=True)


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """The units with a program that is there, as systemd looks for it."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not here")
    made = []
    for unit in UNITS:
        copy = tmp_path / unit.name
        text = unit.read_text(encoding="utf-8")
        copy.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.MULTILINE))
        made.append(copy)
    return made


def test_systemd_takes_the_units(units: list[Path]) -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", *map(str, units)],
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_service_is_locked_in(units: list[Path]) -> None:
    (service,) = [one for one in units if one.name == "huyula-server.service"]
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(service)],
        capture_output=True,
        text=True,
    )
    (level,) = re.findall(r"exposure level for \S+: ([0-9.]+)", done.stdout)
    assert float(level) <= _EXPOSED_AT_MOST, done.stdout
