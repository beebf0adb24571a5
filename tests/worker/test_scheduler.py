"""Jobs get their turns, whatever the other jobs do, and end when they are told to."""

import datetime as dt
import logging
import threading
import time
from typing import Any
from unittest.mock import Mock

import pytest

from lending.settings import Settings
from lending.worker.scheduler import Job, Turns, run_job
from lending.worker.table import jobs_of

PATIENCE_SECONDS = 10


class AlwaysLeads:
    """Nobody else is there."""

    def leads(self) -> bool:
        return True

    def resign(self) -> None:
        """There is nobody to hand over to."""


class NeverLeads(AlwaysLeads):
    """Another process has the lead."""

    def leads(self) -> bool:
        return False


def fail() -> int:
    message = "the mail server is on fire"
    raise RuntimeError(message)


class TestOneRun:
    @pytest.fixture(autouse=True)
    def listening(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO)

    def test_a_run_that_did_something_says_so_in_one_line(self, caplog: pytest.LogCaptureFixture) -> None:
        ran = run_job(Job("send-mail", lambda: 3, seconds=1))
        assert (ran.count, ran.error) == (3, "")
        (record,) = caplog.records
        assert record.getMessage().startswith("job send-mail did 3 in ")

    def test_a_run_without_work_says_nothing(self, caplog: pytest.LogCaptureFixture) -> None:
        assert run_job(Job("send-mail", lambda: 0, seconds=1)).error == ""
        assert caplog.records == []

    def test_a_run_that_failed_says_why_in_one_line(self, caplog: pytest.LogCaptureFixture) -> None:
        assert run_job(Job("send-mail", fail, seconds=1)).error == "RuntimeError: the mail server is on fire"
        (record,) = caplog.records
        assert record.getMessage() == "job send-mail failed: RuntimeError: the mail server is on fire"
        assert record.levelno == logging.ERROR


class TestTurns:
    def test_a_failing_job_stops_neither_itself_nor_the_others(self) -> None:
        failures, others = threading.Semaphore(0), threading.Event()

        def fail_again() -> int:
            failures.release()
            return fail()

        turns = Turns(
            [Job("bad", fail_again, seconds=1), Job("good", lambda: others.set() or 1, seconds=1)], AlwaysLeads()
        )
        turns.start()
        assert others.wait(PATIENCE_SECONDS)
        assert all(failures.acquire(timeout=PATIENCE_SECONDS) for _ in range(2))
        turns.stop()

    def test_who_does_not_lead_does_nothing(self) -> None:
        ran = threading.Event()
        turns = Turns([Job("any", lambda: ran.set() or 1, seconds=1)], NeverLeads())
        turns.start()
        assert not ran.wait(0.3)
        turns.stop()

    def test_stopping_waits_for_the_job_that_runs(self) -> None:
        begun, ended = threading.Event(), threading.Event()

        def take_a_moment() -> int:
            begun.set()
            time.sleep(0.3)
            ended.set()
            return 1

        turns = Turns([Job("slow", take_a_moment, seconds=1)], AlwaysLeads())
        turns.start()
        assert begun.wait(PATIENCE_SECONDS)
        turns.stop()
        assert ended.is_set()
        turns.stop()

    def test_stopping_before_the_start_does_no_harm(self) -> None:
        Turns([], AlwaysLeads()).stop()

    def test_a_daily_job_waits_for_its_hour(self) -> None:
        ran = threading.Event()
        later = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=5)).time().replace(microsecond=0)
        turns = Turns([Job("daily", lambda: ran.set() or 1, at=later)], AlwaysLeads())
        turns.start()
        assert not ran.wait(0.3)
        turns.stop()


class TestTable:
    @pytest.fixture(params=[True, False], ids=["demo", "service"])
    def jobs(self, request: pytest.FixtureRequest) -> list[Job]:
        services: Any = Mock(settings=Settings(demo=request.param))
        return jobs_of(services)

    def test_every_job_has_a_name_of_its_own(self, jobs: list[Job]) -> None:
        assert len({job.name for job in jobs}) == len(jobs)

    def test_nothing_is_due_in_the_hour_that_summer_time_drops_or_doubles(self, jobs: list[Job]) -> None:
        daily = [job.at for job in jobs if job.at]
        assert daily
        assert not [at for at in daily if dt.time(1, 59) < at < dt.time(3, 1)]

    def test_every_job_has_either_an_interval_or_an_hour(self, jobs: list[Job]) -> None:
        assert all((job.seconds is None) != (job.at is None) for job in jobs)
