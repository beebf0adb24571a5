"""A job that waits for writes runs right after one, only where this process leads, and stops."""

import threading
import time
from pathlib import Path

from lending.core.database import Database
from lending.worker.leader import FileLock
from lending.worker.scheduler import Job
from lending.worker.waker import Waker


def test_a_write_is_followed_at_once(database: Database, tmp_path: Path) -> None:
    ran = threading.Event()

    def run() -> int:
        ran.set()
        return 0

    leader = FileLock(tmp_path / "leader")
    waker = Waker(database, Job("follow", run, 3600), leader)
    waker.start()
    assert not ran.wait(0.1)
    with database.write():
        pass
    assert ran.wait(2)
    waker.stop()
    waker.stop()
    leader.resign()


def test_who_does_not_lead_does_nothing(database: Database, tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "leader"), FileLock(tmp_path / "leader")
    assert first.leads()
    ran: list[int] = []

    def run() -> int:
        ran.append(1)
        return 1

    waker = Waker(database, Job("follow", run, 3600), second)
    waker.start()
    with database.write():
        pass
    time.sleep(0.2)
    waker.stop()
    assert ran == []
    first.resign()
