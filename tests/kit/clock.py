"""A clock that stands still until a test moves it."""

import datetime as dt

MONDAY_MORNING = dt.datetime(2027, 1, 11, 8, 0, tzinfo=dt.UTC)


class FixedClock:
    """Monday 11 January 2027, nine in the morning in Paris, unless told otherwise."""

    def __init__(self, instant: dt.datetime = MONDAY_MORNING) -> None:
        self.instant = instant

    def now(self) -> dt.datetime:
        return self.instant

    def advance(self, *, days: int = 0, hours: int = 0, minutes: int = 0) -> None:
        self.instant += dt.timedelta(days=days, hours=hours, minutes=minutes)
