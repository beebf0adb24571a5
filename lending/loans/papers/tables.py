"""What an association writes on its papers."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base


class PaperText(Base):
    """An association's own words on its papers; an empty one leaves the word to the usual text.

    `commitments` holds one clause a line. `logo_key` names a picture of the media store.
    """

    __tablename__ = "paper_text"
    association_id: Mapped[int] = mapped_column(ForeignKey("association.organisation_id"), primary_key=True)
    signatory: Mapped[str] = mapped_column(String(120), default="")
    commitments: Mapped[str] = mapped_column(Text, default="")
    insurance: Mapped[str] = mapped_column(Text, default="")
    slip_note: Mapped[str] = mapped_column(Text, default="")
    footer: Mapped[str] = mapped_column(String(200), default="")
    logo_key: Mapped[str | None] = mapped_column(String(120))
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    updated_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        CheckConstraint("length(signatory) <= 120 and length(footer) <= 200", name="lines"),
        CheckConstraint(
            "length(commitments) <= 4000 and length(insurance) <= 1000 and length(slip_note) <= 600", name="texts"
        ),
    )
