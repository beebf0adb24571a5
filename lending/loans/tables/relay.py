"""From school to school: what a loan's copy goes on to, and what both schools counted."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base

STANDING = "cancelled_at is null"


class Relay(Base):
    """A loan's copy goes on to the school of a reservation without coming home.

    It was agreed, the first school gave it, the next one took it. Whether it still counts is worked out from both
    bookings: one that is over, or has another copy, takes the relay with it.
    """

    __tablename__ = "relay"
    id: Mapped[int] = mapped_column(primary_key=True)
    from_booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    to_booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    mode: Mapped[str] = mapped_column(String(12))
    carrier: Mapped[str] = mapped_column(String(120))
    tracking_number: Mapped[str] = mapped_column(String(60))
    agreed_at: Mapped[dt.datetime]
    agreed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[dt.datetime | None]
    given_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    taken_at: Mapped[dt.datetime | None]
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    cancelled_at: Mapped[dt.datetime | None]
    cancelled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    __table_args__ = (
        CheckConstraint("from_booking_id <> to_booking_id", name="two"),
        CheckConstraint("mode in ('handed_over', 'round', 'carrier', 'meeting')", name="mode"),
        CheckConstraint("given_at is null or given_at >= agreed_at", name="given"),
        CheckConstraint("taken_at is null or (given_at is not null and taken_at >= given_at)", name="taken"),
        CheckConstraint(
            "cancelled_at is null or (taken_at is null and cancelled_at >= coalesce(given_at, agreed_at))",
            name="cancelled",
        ),
        CheckConstraint("given_by is null or given_at is not null", name="who_gave"),
        CheckConstraint("taken_by is null or taken_at is not null", name="who_took"),
        CheckConstraint("cancelled_by is null or cancelled_at is not null", name="who_cancelled"),
        Index(
            "uq_relay_from",
            "from_booking_id",
            unique=True,
            sqlite_where=text(STANDING),
            postgresql_where=text(STANDING),
        ),
        Index(
            "uq_relay_to",
            "to_booking_id",
            unique=True,
            sqlite_where=text(STANDING),
            postgresql_where=text(STANDING),
        ),
        Index("ix_relay_from_booking_id", "from_booking_id"),
        Index("ix_relay_to_booking_id", "to_booking_id"),
    )


class RelayGap(Base):
    """Pieces of a line that were missing or broken when it was given or taken; without a line, the thing as a whole."""

    __tablename__ = "relay_gap"
    id: Mapped[int] = mapped_column(primary_key=True)
    relay_id: Mapped[int] = mapped_column(ForeignKey("relay.id"))
    hand: Mapped[str] = mapped_column(String(5))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("content_line.id", ondelete="CASCADE"), index=True)
    missing: Mapped[int]
    broken: Mapped[int]
    __table_args__ = (
        UniqueConstraint("relay_id", "hand", "line_id"),
        # NULL equals nothing: the thing as a whole needs a rule of its own.
        Index(
            "uq_relay_gap_whole",
            "relay_id",
            "hand",
            unique=True,
            sqlite_where=text("line_id is null"),
            postgresql_where=text("line_id is null"),
        ),
        CheckConstraint("hand in ('given', 'taken')", name="hand"),
        CheckConstraint("missing >= 0 and broken >= 0 and missing + broken > 0", name="something"),
    )
