"""What was done at desks, kept for as long as it can be taken back."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base


class DeskAct(Base):
    """A hand-over, a loan over the counter or a return, with what stood `before` (JSON) and how things stood after it.

    It can be undone until `undo_until_at`, once, while the versions and the history are those of the act.
    """

    __tablename__ = "desk_act"
    id: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str] = mapped_column(String(10))
    depot_id: Mapped[int] = mapped_column(ForeignKey("depot.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    copy_id: Mapped[int] = mapped_column(ForeignKey("copy.id"))
    before: Mapped[str] = mapped_column(Text)
    booking_version: Mapped[int]
    copy_version: Mapped[int]
    event_id: Mapped[int] = mapped_column(ForeignKey("booking_event.id"))
    done_at: Mapped[dt.datetime] = mapped_column(index=True)
    undo_until_at: Mapped[dt.datetime]
    undone_at: Mapped[dt.datetime | None]
    __table_args__ = (
        CheckConstraint("action in ('hand_over', 'lend', 'take_back')", name="action"),
        CheckConstraint("undo_until_at > done_at", name="undo_until"),
        CheckConstraint("undone_at is null or (undone_at >= done_at and undone_at <= undo_until_at)", name="undone"),
        Index("ix_desk_act_person", "person_id", "depot_id", "id"),
    )
