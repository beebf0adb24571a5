"""What happens without anybody asking: mail, reminders, overdue loans, the search index, clean-up.

A job asks the present state ("loans due soon without a reminder"), so that a run that was missed loses nothing
and a run too many does nothing. One process leads and the others stand by.
"""

import signal
import threading

from lending.wiring import Services
from lending.worker.leader import leader_of
from lending.worker.scheduler import Turns
from lending.worker.table import jobs_of
from lending.worker.waker import Waker

# Whoever changed a title looks for it the next moment.
AT_ONCE = ("sync-search",)


class WorkerThread(Turns):
    """The worker in the background of a process that serves; it dies with the process."""

    def __init__(self, services: Services) -> None:
        """All jobs of the product, led by the database's lock."""
        jobs, leader = jobs_of(services), leader_of(services.db)
        super().__init__(jobs, leader)
        self._wakers = [Waker(services.db, job, leader) for job in jobs if job.name in AT_ONCE]

    def start(self) -> None:
        """Begin: turns, and what runs at once after a write."""
        super().start()
        for waker in self._wakers:
            waker.start()

    def stop(self) -> None:
        """End both."""
        for waker in self._wakers:
            waker.stop()
        super().stop()


def run_worker(services: Services) -> None:
    """Work until a signal ends it."""
    worker = WorkerThread(services)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    worker.start()
    ended.wait()
    worker.stop()
