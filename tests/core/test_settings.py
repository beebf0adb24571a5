"""Settings come from the environment, with errors that name the variable."""

from pathlib import Path

import pytest

from lending.settings import BadSettingError, Settings, env_name, read_settings


def test_the_defaults_need_no_environment() -> None:
    assert read_settings({}) == Settings()


def test_values_are_read_as_their_kind() -> None:
    read = read_settings({"LENDING_PORT": "9000", "LENDING_DEMO": "true", "LENDING_MEDIA_DIR": "/srv/media"})
    assert (read.port, read.demo, read.media_dir) == (9000, True, Path("/srv/media"))


def test_a_value_that_cannot_be_read_names_its_variable() -> None:
    with pytest.raises(BadSettingError, match="LENDING_PORT"):
        read_settings({"LENDING_PORT": "eight"})


def test_an_unknown_variable_is_refused_with_its_name() -> None:
    with pytest.raises(BadSettingError, match="LENDING_DATABSE_URL"):
        read_settings({"LENDING_DATABSE_URL": "sqlite://"})


def test_every_setting_has_a_name_in_the_environment() -> None:
    assert env_name("database_url") == "LENDING_DATABASE_URL"
