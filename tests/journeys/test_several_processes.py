"""Several processes answer as one: each takes its share, one that dies is replaced, all end together."""

import os
import re
import signal
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest

from tests.kit.patience import eventually
from tests.kit.servers import command, environment, free_port, server

ANSWERS = re.compile(r"process (\d+) answers")
COMPLETE = "Application startup complete"
PATIENCE_SECONDS = 90


@pytest.fixture
def settings(postgres_url: str, tmp_path: Path) -> dict[str, str]:
    made = environment(tmp_path, postgres_url, free_port(), LENDING_WEB_PROCESSES="2")
    assert command(made, "migrate").returncode == 0
    return made


def is_healthy(settings: dict[str, str]) -> bool:
    return httpx.get(f"{settings['LENDING_BASE_URL']}/ready", timeout=20).status_code == HTTPStatus.OK


@pytest.mark.timeout(300)
def test_two_processes_answer_and_one_that_dies_is_replaced(settings: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "web.log"

    def begun() -> list[int]:
        return [int(one) for one in ANSWERS.findall(log.read_text(encoding="utf-8"))]

    def are_ready(count: int) -> bool:
        return log.read_text(encoding="utf-8").count(COMPLETE) == count

    with server(settings, log) as running:
        eventually(lambda: are_ready(2), PATIENCE_SECONDS)
        first, second = begun()
        assert len({first, second, running.pid}) == 3
        os.kill(first, signal.SIGKILL)
        eventually(lambda: are_ready(3), PATIENCE_SECONDS)
        assert is_healthy(settings)
    assert running.returncode is not None
    for pid in begun():
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_several_processes_refuse_a_database_of_one(tmp_path: Path) -> None:
    told = command(environment(tmp_path, f"sqlite:///{tmp_path}/x.db", free_port(), LENDING_WEB_PROCESSES="2"), "serve")
    assert told.returncode == 1
    assert "LENDING_WEB_PROCESSES" in told.stderr
    assert "PostgreSQL" in told.stderr
