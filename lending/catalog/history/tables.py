"""Who changed which field of a title or a copy."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base


class RecordChange(Base):
    """One field of one title or copy, before and after, as people read it. Nobody = the product itself."""

    __tablename__ = "record_change"
    id: Mapped[int] = mapped_column(primary_key=True)
    title_id: Mapped[int | None] = mapped_column(ForeignKey("title.id"))
    copy_id: Mapped[int | None] = mapped_column(ForeignKey("copy.id"))
    field: Mapped[str] = mapped_column(String(40))
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[dt.datetime]
    __table_args__ = (
        CheckConstraint("(title_id is null) <> (copy_id is null)", name="one_record"),
        Index("ix_record_change_title", "title_id", "changed_at"),
        Index("ix_record_change_copy", "copy_id", "changed_at"),
    )
