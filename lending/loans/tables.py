"""Rules of lending and the one table of occupations: whatever keeps a copy busy is a booking."""

import datetime as dt

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base

# Written as literals: SQLite cannot use a partial index when the states arrive as bound parameters.
OPEN_STATES = "state in ('planned', 'out')"


class LoanRule(Base):
    """A rule of lending. No association = the network's default; no kind = every kind; the most specific wins.

    A null column says nothing and leaves the word to the less specific rule. Lengths are in days;
    preparation and turnaround count the depot's open days.
    """

    __tablename__ = "loan_rule"
    id: Mapped[int] = mapped_column(primary_key=True)
    association_id: Mapped[int | None] = mapped_column(ForeignKey("association.organisation_id"))
    kind: Mapped[str | None] = mapped_column(String(8))
    scope: Mapped[str] = mapped_column(String(30))
    loan_days: Mapped[int | None]
    max_loan_days: Mapped[int | None]
    max_open_loans: Mapped[int | None]
    lead_days: Mapped[int | None]
    horizon_days: Mapped[int | None]
    preparation_days: Mapped[int | None]
    turnaround_days: Mapped[int | None]
    reminder_days: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        CheckConstraint("kind in ('trunk', 'game', 'book', 'sheet')", name="kind"),
        CheckConstraint(
            "loan_days > 0 and max_loan_days > 0 and max_open_loans > 0 and horizon_days > 0",
            name="positive",
        ),
        CheckConstraint(
            "lead_days >= 0 and preparation_days >= 0 and turnaround_days >= 0 and reminder_days >= 0",
            name="not_negative",
        ),
        # Null is never equal to null, so that the pair alone could stand twice: `scope` spells it out.
        UniqueConstraint("scope"),
        CheckConstraint(
            "scope = coalesce(cast(association_id as varchar), '*') || ':' || coalesce(kind, '*')",
            name="scope",
        ),
    )


def rule_scope(association_id: int | None, kind: str | None) -> str:
    """What makes a rule the only one of its scope: `37:trunk`, `37:*`, `*:*`."""
    return f"{'*' if association_id is None else association_id}:{kind or '*'}"


class Booking(Base):
    """One planned or actual occupation of a copy, in local days.

    `[starts_on, ends_on)` is what the borrower sees (the last day to bring it back is the day before `ends_on`);
    `[blocked_starts_on, blocked_ends_on)` adds preparation and turnaround and grows while the loan is overdue.
    An open booking without a copy is at risk: a person must look at it.
    """

    __tablename__ = "booking"
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(12))
    title_id: Mapped[int] = mapped_column(ForeignKey("title.id"))
    copy_id: Mapped[int | None]
    association_id: Mapped[int] = mapped_column(ForeignKey("association.organisation_id"))
    depot_id: Mapped[int] = mapped_column(ForeignKey("depot.id"))
    cause: Mapped[str] = mapped_column(String(12), default="loan")
    state: Mapped[str] = mapped_column(String(10), default="planned")
    pinned: Mapped[bool] = mapped_column(default=False)
    school_id: Mapped[int | None] = mapped_column(ForeignKey("school.organisation_id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    blocked_starts_on: Mapped[dt.date]
    blocked_ends_on: Mapped[dt.date]
    created_at: Mapped[dt.datetime]
    checked_out_at: Mapped[dt.datetime | None]
    returned_at: Mapped[dt.datetime | None]
    cancelled_at: Mapped[dt.datetime | None]
    return_check_id: Mapped[int | None] = mapped_column(ForeignKey("contents_check.id"))
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        UniqueConstraint("reference"),
        # The pair keeps a booking from ever holding a copy of another title.
        ForeignKeyConstraint(["copy_id", "title_id"], ["copy.id", "copy.title_id"]),
        CheckConstraint("cause in ('loan', 'transfer', 'maintenance', 'hold')", name="cause"),
        CheckConstraint("state in ('planned', 'out', 'done', 'cancelled')", name="state"),
        CheckConstraint("cause <> 'loan' or school_id is not null", name="borrower"),
        CheckConstraint("state <> 'out' or copy_id is not null", name="out_has_copy"),
        CheckConstraint(
            "(state in ('out', 'done')) = (checked_out_at is not null)",
            name="checked_out",
        ),
        CheckConstraint("(state = 'done') = (returned_at is not null)", name="returned"),
        CheckConstraint("(state = 'cancelled') = (cancelled_at is not null)", name="cancelled"),
        CheckConstraint("starts_on < ends_on", name="period"),
        CheckConstraint("blocked_starts_on < blocked_ends_on", name="blocked"),
        Index(
            "ix_booking_title_open",
            "title_id",
            "blocked_starts_on",
            "blocked_ends_on",
            sqlite_where=text(OPEN_STATES),
            postgresql_where=text(OPEN_STATES),
        ),
        Index(
            "ix_booking_copy_open",
            "copy_id",
            "blocked_starts_on",
            sqlite_where=text(OPEN_STATES),
            postgresql_where=text(OPEN_STATES),
        ),
        Index(
            "ix_booking_association_open",
            "association_id",
            "starts_on",
            sqlite_where=text(OPEN_STATES),
            postgresql_where=text(OPEN_STATES),
        ),
        Index(
            "ix_booking_association_out",
            "association_id",
            "ends_on",
            sqlite_where=text("state = 'out'"),
            postgresql_where=text("state = 'out'"),
        ),
        Index(
            "uq_booking_possession",
            "copy_id",
            unique=True,
            sqlite_where=text("state = 'out'"),
            postgresql_where=text("state = 'out'"),
        ),
        Index("ix_booking_copy_history", "copy_id", "starts_on"),
        Index("ix_booking_school_history", "school_id", "starts_on"),
    )
