"""A clock that moves when a simulated day goes on."""

import datetime as dt


class MovedClock:
    """Stands still until it is moved, and never goes back."""

    def __init__(self, instant: dt.datetime) -> None:
        """`instant` is aware."""
        self._instant = instant

    def now(self) -> dt.datetime:
        """The present instant of the simulation, aware, in UTC."""
        return self._instant

    def move_to(self, instant: dt.datetime) -> None:
        """Let it be later."""
        if instant < self._instant:
            message = f"{instant} lies before {self._instant}"
            raise ValueError(message)
        self._instant = instant
