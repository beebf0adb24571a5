"""What is known of a document beside its file, and which sheets go with which titles."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base


class DocumentDetail(Base):
    """Who may read a document, its text and its first page. A document without such a row is for everybody."""

    __tablename__ = "document_detail"
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), primary_key=True)
    audience: Mapped[str] = mapped_column(String(8), default="all")
    text: Mapped[str] = mapped_column(Text, default="")
    preview_key: Mapped[str | None] = mapped_column(String(120))
    downloads: Mapped[int] = mapped_column(default=0)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[dt.datetime]
    __table_args__ = (
        CheckConstraint("audience in ('all', 'members')", name="audience"),
        CheckConstraint("downloads >= 0", name="downloads"),
    )


class Companion(Base):
    """An action sheet that goes with a trunk or another title."""

    __tablename__ = "companion"
    sheet_id: Mapped[int] = mapped_column(ForeignKey("title.id", ondelete="CASCADE"), primary_key=True)
    title_id: Mapped[int] = mapped_column(ForeignKey("title.id", ondelete="CASCADE"), primary_key=True, index=True)
    __table_args__ = (CheckConstraint("sheet_id <> title_id", name="two_titles"),)
