"""Runs jobs in turns, in the background of a process."""

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from lending.worker.leader import Leader

LOCAL_ZONE = ZoneInfo("Europe/Paris")
THREADS = 4
LONGEST_STOP_SECONDS = 5.0
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """Something to do every so many seconds, or daily at a local time. It returns how much it did."""

    name: str
    run: Callable[[], int]
    seconds: int | None = None
    at: dt.time | None = None

    def trigger(self) -> IntervalTrigger | CronTrigger:
        """When it runs."""
        if self.at is None:
            return IntervalTrigger(seconds=self.seconds or 1, timezone=LOCAL_ZONE)
        return CronTrigger(hour=self.at.hour, minute=self.at.minute, timezone=LOCAL_ZONE)


@dataclass(frozen=True)
class Ran:
    """What a run of a job did; `error` is empty unless it failed."""

    name: str
    count: int
    seconds: float
    error: str = ""


def run_job(job: Job) -> Ran:
    """Run a job and say in one line what it did or why it failed; nothing for a run without work."""
    started = time.monotonic()
    try:
        count = job.run()
    except Exception as error:
        # A job that fails today runs again in its next turn, and the others run meanwhile.
        log.error("job %s failed: %s: %s", job.name, type(error).__name__, error)  # noqa: TRY400 - one line per run
        log.debug("job %s failed", job.name, exc_info=True)
        return Ran(job.name, 0, time.monotonic() - started, f"{type(error).__name__}: {error}")
    seconds = time.monotonic() - started
    if count:
        log.info("job %s did %d in %d ms", job.name, count, seconds * 1000)
    return Ran(job.name, count, seconds)


class Turns:
    """Gives each job its turns while this process leads; stops within seconds."""

    def __init__(self, jobs: Sequence[Job], leader: Leader) -> None:
        """Nothing runs before `start`."""
        self._jobs = jobs
        self._leader = leader
        self._idle = threading.Condition()
        self._running = 0
        self._is_stopping = False
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(THREADS)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=LOCAL_ZONE,
        )
        # A turn that comes while the last one still runs is left out, which is no news.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)

    def start(self) -> None:
        """Begin: what runs every few seconds runs at once."""
        for job in self._jobs:
            at_once = {} if job.at else {"next_run_time": dt.datetime.now(LOCAL_ZONE)}
            self._scheduler.add_job(self._take_turn, job.trigger(), args=(job,), id=job.name, **at_once)
        self._scheduler.start()

    def stop(self) -> None:
        """End: no new turn begins; what runs gets some seconds to finish. Stopping twice does nothing."""
        with self._idle:
            self._is_stopping = True
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        with self._idle:
            self._idle.wait_for(lambda: self._running == 0, timeout=LONGEST_STOP_SECONDS)
        self._leader.resign()

    def _take_turn(self, job: Job) -> None:
        with self._idle:
            if self._is_stopping:
                return
            self._running += 1
        try:
            if self._leader.leads():
                run_job(job)
        finally:
            with self._idle:
                self._running -= 1
                self._idle.notify_all()
