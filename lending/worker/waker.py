"""Runs a job right after something was written in this process, instead of with its next turn.

A wake-up carries no work: one that gets lost costs a second, because the job has its turns as well.
"""

import threading

from lending.core.database import Database
from lending.worker.leader import Leader
from lending.worker.scheduler import Job, run_job

PAUSE_SECONDS = 2.0


class Waker:
    """A thread that waits for writes."""

    def __init__(self, db: Database, job: Job, leader: Leader) -> None:
        """Nothing runs before `start`. The job must bear to be run while it runs."""
        self._job = job
        self._leader = leader
        self._woken = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name=f"after-write-{job.name}", daemon=True)
        db.after_write(self._woken.set)

    def start(self) -> None:
        """Begin to wait."""
        self._thread.start()

    def stop(self) -> None:
        """End, once what runs is done. Stopping twice does nothing."""
        self._ended.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def _work(self) -> None:
        while True:
            self._woken.wait()
            self._woken.clear()
            if self._ended.is_set():
                return
            if self._leader.leads():
                run_job(self._job)
            else:
                # Asking for the lead may cost a connection: not after every write.
                self._ended.wait(PAUSE_SECONDS)
