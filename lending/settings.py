"""Every setting, read once from the environment. Names carry their units; `docs/operations.md` explains each."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import msgspec

PREFIX = "LENDING_"
# The test run has switches of its own, which are no settings of the product.
FOR_TESTS = ("LENDING_TEST_", "LENDING_REQUIRE_")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The defaults run the whole product on one machine, out of the folder `var/`."""

    database_url: str = "sqlite:///var/lending.db"
    search_url: str = "file:var/search"
    search_key: str = ""
    media_dir: Path = Path("media")
    media_url: str = ""
    mail_url: str = "file:var/mails"
    mail_from: str = "La Malle commune <malles@example.org>"
    mails_per_minute: int = 300
    base_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = False
    web_processes: Annotated[int, msgspec.Meta(ge=1, le=64)] = 1
    worker_inside: bool = True
    max_body_bytes: int = 1_000_000
    session_days: int = 30
    magic_link_minutes: int = 15
    gs1_prefix: Annotated[str, msgspec.Meta(pattern=r"^([0-9]{7,10})?$")] = ""
    log_level: str = "INFO"

    @property
    def is_secure(self) -> bool:
        """Whether people reach the product over HTTPS, so that cookies may be bound to it."""
        return self.base_url.startswith("https://")


class BadSettingError(ValueError):
    """A variable of the environment cannot be read as its setting."""


def env_name(field: str) -> str:
    """The environment's name of a setting."""
    return PREFIX + field.upper()


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings. Raises BadSettingError that names the variable, also for one that does not exist."""
    environ = os.environ if environ is None else environ
    known = {env_name(field): field for field in Settings.__struct_fields__}
    given = {name: value for name, value in environ.items() if name.startswith(PREFIX)}
    if unknown := [name for name in given if name not in known and not name.startswith(FOR_TESTS)]:
        message = f"no such setting: {', '.join(sorted(unknown))}"
        raise BadSettingError(message)
    settings = Settings(**{field: _read(name, field, given[name]) for name, field in known.items() if name in given})
    if settings.web_processes > 1 and settings.database_url.startswith("sqlite"):
        # Writers of one process take turns fairly; those of several would only poll for the file.
        message = f"{env_name('web_processes')}: several processes need PostgreSQL, this is SQLite"
        raise BadSettingError(message)
    return settings


def _read(name: str, field: str, value: str) -> Any:
    kind = get_type_hints(Settings, include_extras=True)[field]
    try:
        return Path(value) if kind is Path else msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as error:
        message = f"{name}: {error}"
        raise BadSettingError(message) from error
