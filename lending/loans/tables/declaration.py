"""What a school says of a loan before it comes back."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base


class Declaration(Base):
    """Pieces of one line that the school says are missing or broken; without a line, the thing as a whole.

    `expected` is how many there should have been when it was said. `photo_key` names a file that only the school and
    the staff concerned may see. It stays when the loan is over.
    """

    __tablename__ = "declaration"
    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("content_line.id", ondelete="CASCADE"), index=True)
    expected: Mapped[int]
    missing: Mapped[int]
    broken: Mapped[int]
    note: Mapped[str] = mapped_column(String(500), default="", server_default="")
    photo_key: Mapped[str | None] = mapped_column(String(120))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    declared_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        UniqueConstraint("booking_id", "line_id"),
        # NULL equals nothing: the thing as a whole needs a rule of its own.
        Index(
            "uq_declaration_whole",
            "booking_id",
            unique=True,
            sqlite_where=text("line_id is null"),
            postgresql_where=text("line_id is null"),
        ),
        CheckConstraint("missing >= 0 and broken >= 0 and missing + broken > 0", name="something"),
        CheckConstraint("missing + broken <= expected", name="no_more_than_there_are"),
        CheckConstraint("length(note) <= 500", name="note"),
    )
