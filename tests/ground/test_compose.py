"""The composition names only what exists: settings, commands, services, volumes."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from lending.cli import main
from lending.settings import Settings, env_name, read_settings

ROOT = Path(__file__).parent.parent.parent
SETTINGS = {env_name(field) for field in Settings.__struct_fields__}
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
OWN = {name: one for name, one in COMPOSE["services"].items() if "build" in one}


def test_the_five_parts_are_there() -> None:
    assert {"web", "worker", "postgres", "meilisearch", "mail"} <= set(COMPOSE["services"])


@pytest.mark.parametrize("name", OWN)
def test_every_setting_exists_and_can_be_read(name: str) -> None:
    given = OWN[name]["environment"]
    assert set(given) <= SETTINGS
    plain = {key: re.sub(r"\$\{[A-Z_]+(?::[-?]([^}]*))?\}", r"\1", value) for key, value in given.items()}
    assert read_settings(plain).database_url.startswith("postgresql+psycopg://")


@pytest.mark.parametrize("name", OWN)
def test_every_command_exists(name: str) -> None:
    program, command = OWN[name]["command"][:2]
    assert program == "lending"
    assert command in main.commands


def test_the_worker_runs_beside_the_web_and_not_inside() -> None:
    assert OWN["web"]["environment"]["LENDING_WORKER_INSIDE"] == "false"
    assert OWN["worker"]["command"] == ["lending", "worker"]


def test_what_a_service_waits_for_and_stores_in_exists() -> None:
    for one in COMPOSE["services"].values():
        assert set(one.get("depends_on", {})) <= set(COMPOSE["services"])
        assert {volume.split(":")[0] for volume in one.get("volumes", [])} <= set(COMPOSE["volumes"])


def test_no_secret_has_a_value_in_the_file() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    for name in ("POSTGRES_PASSWORD", "MEILI_MASTER_KEY"):
        assert re.search(rf"{name}: (?!\$\{{)", text) is None
        assert f"{name}=" in (ROOT / ".env.example").read_text(encoding="utf-8")


def test_ports_are_published_on_this_machine_only() -> None:
    ports = [port for one in COMPOSE["services"].values() for port in one.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_image_sets_only_what_exists() -> None:
    named = set(re.findall(r"LENDING_[A-Z_]+", (ROOT / "Dockerfile").read_text(encoding="utf-8")))
    assert named <= SETTINGS
