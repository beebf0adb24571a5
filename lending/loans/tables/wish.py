"""Who waits for a title, and for when."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base

OPEN_WISHES = "state in ('waiting', 'offered')"


class Wish(Base):
    """A school waits for a copy of a title, for `length_days` within the local days `[starts_on, ends_on)`.

    The first by `rank` whose wish fits is served first. While `offered`, an open hold (`booking.wish_id`) keeps a copy.
    `hopeless_at` says since when no copy exists that could ever serve it. `suspended_until_on` keeps the rank but
    skips the wish before that day.
    """

    __tablename__ = "wish"
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(12))
    title_id: Mapped[int] = mapped_column(ForeignKey("title.id"))
    association_id: Mapped[int] = mapped_column(ForeignKey("association.organisation_id"))
    depot_id: Mapped[int | None] = mapped_column(ForeignKey("depot.id"))
    school_id: Mapped[int] = mapped_column(ForeignKey("school.organisation_id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    length_days: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    offers: Mapped[int] = mapped_column(default=0)
    rank: Mapped[int] = mapped_column(default=1)
    suspended_until_on: Mapped[dt.date | None]
    hopeless_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        UniqueConstraint("reference"),
        CheckConstraint("state in ('waiting', 'offered', 'served', 'expired', 'cancelled')", name="state"),
        CheckConstraint("starts_on < ends_on", name="window"),
        CheckConstraint("length_days > 0", name="length"),
        CheckConstraint("(state in ('waiting', 'offered')) = (closed_at is null)", name="closed"),
        Index(
            "uq_wish_open",
            "title_id",
            "school_id",
            unique=True,
            sqlite_where=text(OPEN_WISHES),
            postgresql_where=text(OPEN_WISHES),
        ),
        Index(
            "ix_wish_queue",
            "title_id",
            "association_id",
            "rank",
            sqlite_where=text(OPEN_WISHES),
            postgresql_where=text(OPEN_WISHES),
        ),
        Index("ix_wish_school", "school_id", "created_at"),
    )
