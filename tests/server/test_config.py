from __future__ import annotations

from pathlib import Path

import pytest

from server.config import FILE_VARIABLE, BadConfigFile, BadSetting, Config, load_config


def test_without_a_word_it_is_a_file_on_this_machine() -> None:
    config = load_config({})
    assert config == Config()
    assert config.address.startswith("sqlite:///") and config.owner_address == config.address


def test_the_command_line_goes_before_the_environment_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "server.toml"
    file.write_text('host = "0.0.0.0"\nport = 1\nlanguage = "en"\n')
    environment = {FILE_VARIABLE: str(file), "HUYULA_PORT": "2", "HUYULA_HOST": ""}
    assert load_config(environment).port == 2
    config = load_config(environment, port="3", host=None)
    assert (config.host, config.port, config.language) == ("0.0.0.0", 3, "en")


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({"HUYULA_PORT": "many"}, "port"),
        ({"HUYULA_PORT": "70000"}, "port"),
        ({"HUYULA_LANG": "fr"}, "language"),
        ({"HUYULA_DB_ROLE": "x; DROP TABLE shop"}, "db_role"),
        ({"HUYULA_THREADS": "0"}, "threads"),
    ],
)
def test_a_value_that_cannot_be_is_named(environment: dict[str, str], name: str) -> None:
    with pytest.raises(BadSetting) as refused:
        load_config(environment)
    assert refused.value.details["name"] == name and refused.value.details["why"]


@pytest.mark.parametrize("text", ["port = ", "\x00", 'surprise = "x"', "port = []"])
def test_a_file_that_cannot_be_used(tmp_path: Path, text: str) -> None:
    file = tmp_path / "server.toml"
    file.write_text(text)
    with pytest.raises((BadConfigFile, BadSetting)):
        load_config({FILE_VARIABLE: str(file)})


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadConfigFile):
        load_config({FILE_VARIABLE: str(tmp_path / "none.toml")})
