"""Photos and where they are shown."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base


class Photo(Base):
    """A photo of a title, or the one of a line of contents. `media_key` names all its versions.

    The first by rank is the title's picture. A line that goes takes its photo with it.
    """

    __tablename__ = "photo"
    id: Mapped[int] = mapped_column(primary_key=True)
    title_id: Mapped[int | None] = mapped_column(ForeignKey("title.id", ondelete="CASCADE"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("content_line.id", ondelete="CASCADE"))
    rank: Mapped[int] = mapped_column(default=0)
    media_key: Mapped[str] = mapped_column(String(120), index=True)
    caption: Mapped[str] = mapped_column(String(300), default="")
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[dt.datetime]
    __table_args__ = (
        CheckConstraint("(title_id is null) <> (line_id is null)", name="one_place"),
        UniqueConstraint("title_id", "media_key"),
        UniqueConstraint("line_id"),
    )
