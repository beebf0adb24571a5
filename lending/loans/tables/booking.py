"""The one table of occupations: whatever keeps a copy busy is a booking."""

import datetime as dt

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base

# Written as literals: SQLite cannot use a partial index when the states arrive as bound parameters.
OPEN_STATES = "state in ('planned', 'out')"


class Booking(Base):
    """One planned or actual occupation of a copy, in local days.

    `[starts_on, ends_on)` is what the borrower sees (the last day to bring it back is the day before `ends_on`);
    `[blocked_starts_on, blocked_ends_on)` adds preparation and turnaround and grows while the loan is overdue.
    An open booking without a copy is at risk: a person must look at it. `agreed_ends_on` keeps the first end when
    an extension, a recall or a closure moved it. A hold lasts until `held_until_at`: a basket's line, or the offer
    to who waits (`wish_id`). `order_reference` is shared by what was confirmed together. Money is in cents.
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
    held_until_at: Mapped[dt.datetime | None]
    wish_id: Mapped[int | None] = mapped_column(ForeignKey("wish.id"))
    order_reference: Mapped[str | None] = mapped_column(String(12))
    agreed_ends_on: Mapped[dt.date | None]
    renewals: Mapped[int] = mapped_column(default=0, server_default="0")
    recalled_at: Mapped[dt.datetime | None]
    claimed_at: Mapped[dt.datetime | None]
    lost_at: Mapped[dt.datetime | None]
    cancelled_because: Mapped[str | None] = mapped_column(String(10))
    awaits_approval: Mapped[bool] = mapped_column(default=False, server_default=false())
    awaits_agreement: Mapped[bool] = mapped_column(default=False, server_default=false())
    deposit_form: Mapped[str] = mapped_column(String(8), default="none", server_default="none")
    deposit_state: Mapped[str] = mapped_column(String(8), default="none", server_default="none")
    deposit_cents: Mapped[int] = mapped_column(default=0, server_default="0")
    fee_cents: Mapped[int] = mapped_column(default=0, server_default="0")
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        UniqueConstraint("reference"),
        # The pair keeps a booking from ever holding a copy of another title.
        ForeignKeyConstraint(["copy_id", "title_id"], ["copy.id", "copy.title_id"]),
        CheckConstraint("cause in ('loan', 'transfer', 'maintenance', 'hold')", name="cause"),
        CheckConstraint("state in ('planned', 'out', 'done', 'cancelled', 'lost')", name="state"),
        CheckConstraint("cause <> 'loan' or school_id is not null", name="borrower"),
        CheckConstraint("state <> 'out' or copy_id is not null", name="out_has_copy"),
        CheckConstraint(
            "(state in ('out', 'done', 'lost')) = (checked_out_at is not null)",
            name="checked_out",
        ),
        CheckConstraint("(state = 'done') = (returned_at is not null)", name="returned"),
        CheckConstraint("(state = 'cancelled') = (cancelled_at is not null)", name="cancelled"),
        CheckConstraint("state <> 'lost' or lost_at is not null", name="lost"),
        CheckConstraint("(cause = 'hold') = (held_until_at is not null)", name="held_until"),
        CheckConstraint("cause <> 'hold' or state in ('planned', 'cancelled')", name="hold_is_planned"),
        CheckConstraint(
            "cancelled_because in ('borrower', 'staff', 'lapsed', 'refused', 'expired', 'moved')",
            name="cancelled_because",
        ),
        CheckConstraint("cancelled_because is null or state = 'cancelled'", name="only_cancelled_because"),
        CheckConstraint("deposit_form in ('none', 'cheque', 'letter')", name="deposit_form"),
        CheckConstraint(
            "deposit_state in ('none', 'due', 'received', 'returned', 'cashed')",
            name="deposit_state",
        ),
        CheckConstraint("(deposit_form = 'none') = (deposit_state = 'none')", name="deposit"),
        CheckConstraint("deposit_cents >= 0 and fee_cents >= 0 and renewals >= 0", name="not_negative"),
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
        Index(
            "uq_booking_offer",
            "wish_id",
            unique=True,
            sqlite_where=text("state in ('planned', 'out') and wish_id is not null"),
            postgresql_where=text("state in ('planned', 'out') and wish_id is not null"),
        ),
        Index("ix_booking_order", "order_reference"),
        Index("ix_booking_person", "person_id", "cause", "state"),
        Index("ix_booking_copy_history", "copy_id", "starts_on"),
        Index("ix_booking_school_history", "school_id", "starts_on"),
    )
