"""How this server is set up: environment variables over one TOML file over defaults."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec

from core.errors import Refused

FILE_VARIABLE: Final = "HUYULA_SERVER_CONFIG"
_VARIABLES: Final = {
    "db": "HUYULA_DB",
    "db_owner": "HUYULA_DB_OWNER",
    "db_role": "HUYULA_DB_ROLE",
    "host": "HUYULA_HOST",
    "port": "HUYULA_PORT",
    "language": "HUYULA_LANG",
    "workers": "HUYULA_WORKERS",
    "threads": "HUYULA_THREADS",
    "most_waiting": "HUYULA_MOST_WAITING",
    "body_bytes": "HUYULA_BODY_BYTES",
    "drain_seconds": "HUYULA_DRAIN_SECONDS",
    "proxies": "HUYULA_PROXIES",
    "picture_bytes": "HUYULA_PICTURE_BYTES",
    "picture_days": "HUYULA_PICTURE_DAYS",
    "sealing_keys": "HUYULA_SEALING_KEYS",
    "contact_days": "HUYULA_CONTACT_DAYS",
    "hosts": "HUYULA_HOSTS",
    "gerai_domain": "HUYULA_GERAI_DOMAIN",
    "gerai_hosts": "HUYULA_GERAI_HOSTS",
    "log_level": "HUYULA_LOG_LEVEL",
}


class BadSetting(Refused):
    """A setting has a value that it cannot have."""

    code = "bad_setting"


class BadConfigFile(Refused):
    """The file of settings is not there or is not TOML."""

    code = "bad_config_file"


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every setting with its default (docs/server.md says what each is for)."""

    db: str = ""
    db_owner: str = ""
    db_role: Annotated[str, msgspec.Meta(pattern="^[a-z_][a-z0-9_]{0,62}$")] = "huyula_app"
    host: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=0, le=65_535)] = 8080
    language: Literal["id", "en"] = "id"
    workers: Annotated[int, msgspec.Meta(ge=1, le=64)] = 1
    threads: Annotated[int, msgspec.Meta(ge=1, le=256)] = 8
    most_waiting: Annotated[int, msgspec.Meta(ge=0, le=100_000)] = 256
    body_bytes: Annotated[int, msgspec.Meta(ge=1_024)] = 8 * 1024 * 1024
    drain_seconds: Annotated[int, msgspec.Meta(ge=0, le=600)] = 20
    proxies: str = "127.0.0.1"
    picture_bytes: Annotated[int, msgspec.Meta(ge=0)] = 512 * 1024 * 1024
    picture_days: Annotated[int, msgspec.Meta(ge=1, le=3_650)] = 30
    sealing_keys: str = ""
    contact_days: Annotated[int, msgspec.Meta(ge=1, le=3_650)] = 90
    hosts: str = ""
    gerai_domain: str = ""
    gerai_hosts: str = ""
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def address(self) -> str:
        """The service's database: without a word, a file in the user's data folder."""
        return self.db or default_address()

    @property
    def owner_address(self) -> str:
        """The database as its tables' owner; the same where nothing is said."""
        return self.db_owner or self.address


def load_config(environment: Mapping[str, str], **given: Any) -> Config:
    """Put the settings together; `given` (the command line's) goes before all.

    Raises:
        BadConfigFile: the file that `HUYULA_SERVER_CONFIG` names cannot be read.
        BadSetting: a value cannot be used, or a name is unknown.
    """
    file = environment.get(FILE_VARIABLE, "")
    values = _read_file(Path(file)) if file else {}
    for name, variable in _VARIABLES.items():
        if environment.get(variable):
            values[name] = environment[variable]
    values.update({name: value for name, value in given.items() if value is not None})
    try:
        return msgspec.convert(values, Config, strict=False)
    except msgspec.ValidationError as error:
        why, _, place = str(error).partition(" - at `$.")
        raise BadSetting(name=place.rstrip("`") or "-", why=why) from None


def _read_file(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise BadConfigFile(file=str(file), why=why) from None


def default_address() -> str:
    """SQLite in the user's data folder: nothing needs to be set up to try the server out."""
    import platformdirs

    folder = Path(platformdirs.user_data_dir("huyula", appauthor=False))
    return f"sqlite:///{folder / 'server.db'}"
