"""When a loan is brought back."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base

# Written as a literal: SQLite cannot use a partial index when the state arrives as a bound parameter.
IS_PLANNED = "state = 'planned'"


class Appointment(Base):
    """A day and an hour at a depot's desk; one for each loan. Days and times of day are local to the depot.

    Where the depot has a maximum, the row holds one of its seats in that hour: `seat` of `seats`, and no two rows
    hold the same. `due_on` is the last day of the loan that it was made for: when that moves, so does this.
    `cancelled` ones were given up by a person, `over` ones by the return.
    """

    __tablename__ = "appointment"
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), primary_key=True)
    depot_id: Mapped[int] = mapped_column(ForeignKey("depot.id"))
    comes_on: Mapped[dt.date]
    hour: Mapped[int]
    starts_at: Mapped[dt.time]
    ends_at: Mapped[dt.time]
    seat: Mapped[int | None]
    seats: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(9), default="planned")
    due_on: Mapped[dt.date]
    is_chosen: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_before_holidays: Mapped[bool] = mapped_column(default=False, server_default=false())
    brought_by: Mapped[str] = mapped_column(String(80), default="", server_default="")
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        CheckConstraint("state in ('planned', 'cancelled', 'over')", name="state"),
        CheckConstraint("hour between 0 and 23", name="hour"),
        CheckConstraint("starts_at < ends_at", name="slot"),
        CheckConstraint("(seat is null) = (seats is null)", name="seat_of_seats"),
        CheckConstraint("seat between 1 and seats", name="seat"),
        Index(
            "uq_appointment_seat",
            *("depot_id", "comes_on", "hour", "seat"),
            unique=True,
            sqlite_where=text(IS_PLANNED),
            postgresql_where=text(IS_PLANNED),
        ),
    )
