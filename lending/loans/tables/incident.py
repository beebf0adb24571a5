"""What went wrong with a copy, what it cost, and how it was settled."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base


class Incident(Base):
    """Something missing, damaged, lost or said to have come back, from its discovery to its settlement.

    `owner_id` owns the copy, `keeper_id` lent it: where they differ, `paid_by` says who bears the cost.
    Costs are in cents.
    """

    __tablename__ = "incident"
    id: Mapped[int] = mapped_column(primary_key=True)
    copy_id: Mapped[int] = mapped_column(ForeignKey("copy.id"), index=True)
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("association.organisation_id"))
    keeper_id: Mapped[int] = mapped_column(ForeignKey("association.organisation_id"))
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="open")
    outcome: Mapped[str | None] = mapped_column(String(10))
    cost_cents: Mapped[int] = mapped_column(default=0)
    paid_by: Mapped[str | None] = mapped_column(String(10))
    deposit: Mapped[str | None] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(Text, default="")
    opened_at: Mapped[dt.datetime]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[dt.datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        CheckConstraint("kind in ('missing', 'damaged', 'lost', 'claimed')", name="kind"),
        CheckConstraint("state in ('open', 'settled')", name="state"),
        CheckConstraint(
            "outcome in ('paid', 'replaced', 'waived', 'found', 'was_here', 'never_came')",
            name="outcome",
        ),
        CheckConstraint("paid_by in ('borrower', 'keeper', 'owner', 'insurance')", name="paid_by"),
        CheckConstraint("deposit in ('kept', 'released')", name="deposit"),
        CheckConstraint("cost_cents >= 0", name="cost"),
        CheckConstraint("(state = 'settled') = (closed_at is not null)", name="closed"),
        CheckConstraint("(state = 'settled') = (outcome is not null)", name="settled"),
        Index(
            "uq_incident_open",
            "copy_id",
            "kind",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_incident_keeper", "keeper_id", "state", "opened_at"),
    )
