"""The worker with the product's own jobs."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from lending.settings import Settings
from lending.wiring import Services, build
from lending.worker import WorkerThread, run_worker
from lending.worker.leader import leader_of
from tests.kit.mail import create_reader

PATIENCE_SECONDS = 10


@pytest.fixture
def services(sqlite_url: str, tmp_path: Path) -> Iterator[Services]:
    (tmp_path / "media").mkdir()
    services = build(
        Settings(
            database_url=sqlite_url,
            search_url=f"file:{tmp_path}/search",
            media_dir=tmp_path / "media",
            mail_url=f"file:{tmp_path}/mails",
            demo=True,
        )
    )
    services.notices.send_link(create_reader(services.db))
    yield services
    services.close()


def test_one_run_does_every_job(services: Services) -> None:
    assert run_worker(services, once=True) == 0
    assert len(services.notices.inbox()) == 1


def test_one_run_leaves_the_work_to_who_leads(services: Services, caplog: pytest.LogCaptureFixture) -> None:
    other = leader_of(services.db)
    assert other.leads()
    assert run_worker(services, once=True) == 0
    assert services.notices.inbox() == []
    assert "another worker leads" in caplog.text
    other.resign()


def test_the_thread_of_a_serving_process_sends_what_waits(services: Services) -> None:
    worker = WorkerThread(services)
    worker.start()
    pause = threading.Event()
    assert any(services.notices.inbox() or pause.wait(0.05) for _ in range(PATIENCE_SECONDS * 20))
    worker.stop()
