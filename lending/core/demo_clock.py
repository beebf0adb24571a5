"""A clock that a demonstration can move; every process of the demonstration sees the same time."""

import datetime as dt

from sqlalchemy import select

from lending.core.clock import SystemClock
from lending.core.database import Database
from lending.core.tables import DemoState

SHIFT = "clock_shift_seconds"


class ShiftedClock:
    """The machine's clock plus a shift that is kept in the database."""

    def __init__(self, db: Database) -> None:
        """`db` must be migrated."""
        self._db = db
        self._system = SystemClock()

    def now(self) -> dt.datetime:
        """The present instant of the demonstration, aware, in UTC."""
        return self._system.now() + self.shift()

    def shift(self) -> dt.timedelta:
        """How far the clock was moved."""
        with self._db.read() as session:
            seconds = session.scalar(select(DemoState.value).where(DemoState.name == SHIFT))
        return dt.timedelta(seconds=int(seconds or 0))

    def move(self, by: dt.timedelta) -> None:
        """Move it forward or back, on top of earlier moves."""
        with self._db.write() as session:
            row = session.get(DemoState, SHIFT)
            if row is None:
                row = DemoState(name=SHIFT, value="0")
                session.add(row)
            row.value = str(int(row.value) + int(by.total_seconds()))
