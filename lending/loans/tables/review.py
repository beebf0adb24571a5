"""What teachers tell each other about a title after they had it."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base


class Review(Base):
    """How a loan went: one for each loan, written by its school once the copy is back.

    `rating` goes from 1 to 5. `level` is a code of the vocabulary of levels. Nobody is named unless the author wished
    to be (`is_signed`). A hidden one is shown to its school and to those who may show it again.
    """

    __tablename__ = "review"
    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    title_id: Mapped[int] = mapped_column(ForeignKey("title.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    rating: Mapped[int]
    level: Mapped[str | None] = mapped_column(String(40))
    tip: Mapped[str] = mapped_column(Text, default="")
    is_signed: Mapped[bool] = mapped_column(default=False, server_default=false())
    written_at: Mapped[dt.datetime]
    hidden_at: Mapped[dt.datetime | None]
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    hidden_because: Mapped[str] = mapped_column(String(500), default="", server_default="")
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        UniqueConstraint("booking_id"),
        CheckConstraint("rating between 1 and 5", name="rating"),
        CheckConstraint("length(tip) <= 1000", name="tip"),
        CheckConstraint("hidden_at is not null or hidden_because = ''", name="hidden"),
        Index("ix_review_title", "title_id", "id"),
    )
