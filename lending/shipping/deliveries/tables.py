"""How loans travel to schools and back, and what was missing when they came."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base


class Delivery(Base):
    """A loan leaves for its school (`out`) or leaves it again (`back`). What ends the way back is the loan's return.

    `carrier` is in whose hands it is. The school confirmed at `arrived_at`.
    """

    __tablename__ = "delivery"
    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    way: Mapped[str] = mapped_column(String(4))
    mode: Mapped[str] = mapped_column(String(12))
    carrier: Mapped[str] = mapped_column(String(120))
    tracking_number: Mapped[str] = mapped_column(String(60))
    street: Mapped[str] = mapped_column(String(200))
    sent_at: Mapped[dt.datetime]
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    arrived_at: Mapped[dt.datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    __table_args__ = (
        UniqueConstraint("booking_id", "way"),
        CheckConstraint("way in ('out', 'back')", name="way"),
        CheckConstraint("mode in ('handed_over', 'round', 'carrier', 'meeting')", name="mode"),
        CheckConstraint("way = 'back' or mode <> 'carrier' or street <> ''", name="street"),
        CheckConstraint("arrived_at is null or (way = 'out' and arrived_at >= sent_at)", name="arrived"),
        CheckConstraint("confirmed_by is null or arrived_at is not null", name="confirmed"),
    )


class DeliveryGap(Base):
    """Pieces of a line that were missing or broken when it came to the school; without a line, the thing as a whole."""

    __tablename__ = "delivery_gap"
    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("content_line.id", ondelete="CASCADE"), index=True)
    missing: Mapped[int]
    broken: Mapped[int]
    __table_args__ = (
        UniqueConstraint("delivery_id", "line_id"),
        # NULL equals nothing: the thing as a whole needs a rule of its own.
        Index(
            "uq_delivery_gap_whole",
            "delivery_id",
            unique=True,
            sqlite_where=text("line_id is null"),
            postgresql_where=text("line_id is null"),
        ),
        CheckConstraint("missing >= 0 and broken >= 0 and missing + broken > 0", name="something"),
    )
