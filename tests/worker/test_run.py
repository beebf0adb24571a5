"""The worker with the product's own jobs."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from lending.settings import Settings
from lending.wiring import Services, build
from lending.worker import WorkerThread
from lending.worker.leader import leader_of
from lending.worker.once import run_once, summary
from lending.worker.table import jobs_of
from tests.kit.mail import create_reader

PATIENCE_SECONDS = 10
# It imports the whole product, which takes long beside a test run that fills the machine.
PATIENCE_OF_A_PROCESS_SECONDS = 400


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


def test_one_run_does_every_job_and_says_what_each_did(services: Services) -> None:
    done = run_once(services)
    assert [one.name for one in done.ran] == [job.name for job in jobs_of(services)]
    assert done.failed == 0
    assert len(services.notices.inbox()) == 1
    lines = list(summary(done, services))
    assert "ok  send-mail: did 1" in lines
    assert lines[-1] == "Mail: 0 wait, 0 are held for quiet days, 0 failed."


def test_one_run_leaves_the_work_to_who_leads(services: Services) -> None:
    other = leader_of(services.db)
    assert other.leads()
    done = run_once(services)
    assert (done.ran, done.failed) == ((), 0)
    assert services.notices.inbox() == []
    assert list(summary(done, services)) == ["Nothing was run: another worker leads, it runs the jobs."]
    other.resign()


class TestAProcess:
    """The command as a timer calls it."""

    @pytest.fixture
    def environment(self, services: Services, sqlite_url: str, tmp_path: Path) -> dict[str, str]:
        assert services.notices.inbox() == []
        return os.environ | {
            "LENDING_DATABASE_URL": sqlite_url,
            "LENDING_SEARCH_URL": f"file:{tmp_path}/search",
            "LENDING_MEDIA_DIR": str(tmp_path / "media"),
            "LENDING_MAIL_URL": f"file:{tmp_path}/mails",
        }

    def run(self, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "lending", "worker", "--once"]
        return subprocess.run(
            command, capture_output=True, text=True, env=environment, check=False, timeout=PATIENCE_OF_A_PROCESS_SECONDS
        )

    def test_it_sends_what_waits_and_ends_well(self, environment: dict[str, str], services: Services) -> None:
        done = self.run(environment)
        assert done.returncode == 0, done.stderr
        assert "ok  send-mail: did 1" in done.stdout
        assert "0 failed." in done.stdout.splitlines()[-2]
        assert len(services.notices.inbox()) == 1

    def test_a_job_that_fails_stops_no_other_and_is_told_by_the_exit_code(
        self, environment: dict[str, str], services: Services
    ) -> None:
        with services.db.write() as session:
            session.execute(text("drop table desk_act"))
        done = self.run(environment)
        assert done.returncode == 1
        (bad,) = [line for line in done.stdout.splitlines() if line.startswith("BAD ")]
        assert bad.startswith("BAD clean-up: OperationalError")
        assert "1 failed." in done.stdout.splitlines()[-2]
        assert len(services.notices.inbox()) == 1


def test_the_thread_of_a_serving_process_sends_what_waits(services: Services) -> None:
    worker = WorkerThread(services)
    worker.start()
    pause = threading.Event()
    assert any(services.notices.inbox() or pause.wait(0.05) for _ in range(PATIENCE_SECONDS * 20))
    worker.stop()
