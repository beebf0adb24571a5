"""What every loan was on every turn of the worker: the loans' histories, from which reminders are computed anew."""

import datetime as dt
from dataclasses import dataclass, field

from lending.core.database import Database

OUT = """
    select booking.id, booking.person_id, booking.association_id, title.kind, booking.ends_on, booking.claimed_at
    from booking join title on title.id = booking.title_id
    where booking.state = 'out' and booking.cause = 'loan'
    order by booking.id
"""
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LoanSeen:
    """A loan in somebody's hands, as it stood. `is_claimed`: its borrower says to have brought it back."""

    booking_id: int
    person_id: int
    association_id: int
    kind: str
    due_on: dt.date
    is_claimed: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of the worker, and how the loans stood just before it."""

    at: dt.datetime
    is_first_of_day: bool
    loans: tuple[LoanSeen, ...]


@dataclass
class Diary:
    """All turns of the year, in order."""

    turns: list[Turn] = field(default_factory=list)

    def look(self, db: Database, at: dt.datetime, *, is_first_of_day: bool) -> None:
        """Write down what is out now."""
        with db.connect() as connection:
            rows = connection.exec_driver_sql(OUT).all()
        self.turns.append(Turn(at, is_first_of_day, tuple(_seen(*row) for row in rows)))


def _seen(
    booking_id: int, person_id: int, association_id: int, kind: str, ends_on: str, claimed_at: str | None
) -> LoanSeen:
    due_on = dt.date.fromisoformat(str(ends_on)) - DAY
    return LoanSeen(booking_id, person_id, association_id, kind, due_on, claimed_at is not None)
