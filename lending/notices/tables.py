"""Messages to people. The row is written with what it tells of; the outbox carries its key to the sender."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base


class Notice(Base):
    """One message about one thing to one person; `key` makes it unique for ever."""

    __tablename__ = "notice"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    subject: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[dt.datetime]
    sent_at: Mapped[dt.datetime | None]
    cancelled_at: Mapped[dt.datetime | None]
    message_id: Mapped[str | None] = mapped_column(String(250))
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_notice_person", "person_id", "created_at"),
    )
