"""What was done to bookings, line by line and never changed; and the secret addresses of calendars."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base


class BookingEvent(Base):
    """One act on a booking. `device_at` is what the device's own clock said, where it was not the server's."""

    __tablename__ = "booking_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    copy_id: Mapped[int | None] = mapped_column(ForeignKey("copy.id"), index=True)
    act: Mapped[str] = mapped_column(String(24))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    happened_at: Mapped[dt.datetime]
    device_at: Mapped[dt.datetime | None]


class Feed(Base):
    """A secret address under which a calendar can be read: a person's loans, or a depot's comings and goings."""

    __tablename__ = "feed"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    depot_id: Mapped[int | None] = mapped_column(ForeignKey("depot.id"), index=True)
    created_at: Mapped[dt.datetime]
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint("(person_id is null) <> (depot_id is null)", name="one_subject"),
    )
