"""Transfers of copies between depots, each step of them, and rotations."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base
from lending.shipping.rules import OPEN_STATES


class Transfer(Base):
    """A copy goes from one depot to another. The booking keeps it busy meanwhile; the owner never changes.

    `keep_at_destination` says that the copy stays where it arrives; else it goes home to `home_depot_id` once what it
    came for is over.
    """

    __tablename__ = "transfer"
    id: Mapped[int] = mapped_column(primary_key=True)
    copy_id: Mapped[int] = mapped_column(ForeignKey("copy.id"))
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    from_depot_id: Mapped[int] = mapped_column(ForeignKey("depot.id"), index=True)
    to_depot_id: Mapped[int] = mapped_column(ForeignKey("depot.id"), index=True)
    home_depot_id: Mapped[int] = mapped_column(ForeignKey("depot.id"))
    for_booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))
    reason: Mapped[str] = mapped_column(String(14))
    keep_at_destination: Mapped[bool]
    state: Mapped[str] = mapped_column(String(10), default="planned")
    leaves_on: Mapped[dt.date]
    created_at: Mapped[dt.datetime]
    sent_at: Mapped[dt.datetime | None]
    received_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        CheckConstraint(
            "reason in ('fill_booking', 'return_home', 'rebalance', 'rotation', 'repair', 'manual')", name="reason"
        ),
        CheckConstraint("state in ('planned', 'ready', 'sent', 'received', 'lost', 'cancelled')", name="state"),
        CheckConstraint("from_depot_id <> to_depot_id or state <> 'planned'", name="somewhere_else"),
        CheckConstraint("state not in ('sent', 'received', 'lost') or sent_at is not null", name="sent"),
        CheckConstraint("(state = 'received') = (received_at is not null)", name="received"),
        CheckConstraint("(state in ('received', 'lost', 'cancelled')) = (closed_at is not null)", name="closed"),
        Index(
            "uq_transfer_open",
            "copy_id",
            unique=True,
            sqlite_where=text(OPEN_STATES),
            postgresql_where=text(OPEN_STATES),
        ),
        UniqueConstraint("booking_id"),
    )


class TransferEvent(Base):
    """One step of a transfer, never changed: who had the copy in hand, where and when."""

    __tablename__ = "transfer_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    transfer_id: Mapped[int] = mapped_column(ForeignKey("transfer.id"), index=True)
    act: Mapped[str] = mapped_column(String(12))
    depot_id: Mapped[int] = mapped_column(ForeignKey("depot.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    happened_at: Mapped[dt.datetime]
    note: Mapped[str] = mapped_column(Text, default="")


class Rotation(Base):
    """A copy that moves from depot to depot by itself: one row per copy, its stages in `rotation_stage`."""

    __tablename__ = "rotation"
    id: Mapped[int] = mapped_column(primary_key=True)
    copy_id: Mapped[int] = mapped_column(ForeignKey("copy.id"))
    is_cyclical: Mapped[bool]
    is_active: Mapped[bool] = mapped_column(default=True)
    stage: Mapped[int] = mapped_column(default=0)
    arrived_on: Mapped[dt.date]
    has_skipped: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (UniqueConstraint("copy_id"), CheckConstraint("stage >= 0", name="stage"))


class RotationStage(Base):
    """So many days in a depot."""

    __tablename__ = "rotation_stage"
    rotation_id: Mapped[int] = mapped_column(ForeignKey("rotation.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    depot_id: Mapped[int] = mapped_column(ForeignKey("depot.id"))
    days: Mapped[int]
    __table_args__ = (CheckConstraint("number >= 0 and days > 0", name="days"),)
