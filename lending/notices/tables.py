"""Messages to people. The row is written with what it tells of; the outbox carries its key to the sender."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base

IS_UNREAD = "read_at is null and cancelled_at is null"


class Notice(Base):
    """One message about one thing to one person; `key` makes it unique for ever.

    `association_id` speaks and answers for it; the federation does where it is null. `held_until_at` is when a quiet
    day's message goes out. `gathered_at` is when it was left to the next digest, `read_at` when the person saw it in
    the product.
    """

    __tablename__ = "notice"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    association_id: Mapped[int | None] = mapped_column(ForeignKey("association.organisation_id"))
    subject: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[dt.datetime]
    held_until_at: Mapped[dt.datetime | None]
    sent_at: Mapped[dt.datetime | None]
    gathered_at: Mapped[dt.datetime | None]
    read_at: Mapped[dt.datetime | None]
    cancelled_at: Mapped[dt.datetime | None]
    message_id: Mapped[str | None] = mapped_column(String(250))
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_notice_person", "person_id", "created_at"),
        Index("ix_notice_association", "association_id", "created_at"),
        Index("ix_notice_sent", "sent_at"),
        Index("ix_notice_message", "message_id"),
        Index(
            "ix_notice_unread",
            "person_id",
            sqlite_where=text(IS_UNREAD),
            postgresql_where=text(IS_UNREAD),
        ),
    )


class LetterBatch(Base):
    """Letters on paper that an association's desk printed together."""

    __tablename__ = "letter_batch"
    id: Mapped[int] = mapped_column(primary_key=True)
    association_id: Mapped[int] = mapped_column(ForeignKey("association.organisation_id"), index=True)
    printed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    printed_at: Mapped[dt.datetime]


class PaperLetter(Base):
    """A message that no mail can carry. It waits to be printed, or is in the one batch with which it was."""

    __tablename__ = "paper_letter"
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), primary_key=True)
    waits_since_at: Mapped[dt.datetime]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("letter_batch.id"), index=True)


class NoticePreference(Base):
    """How a person wants one kind of message by mail. No row: at once. For the digest itself: how often."""

    __tablename__ = "notice_preference"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    delivery: Mapped[str] = mapped_column(String(8))
    __table_args__ = (CheckConstraint("delivery in ('now', 'digest', 'never', 'daily', 'weekly')", name="delivery"),)


class NoticeWording(Base):
    """What an association says instead of our own words, in one language. Variables are codes in braces."""

    __tablename__ = "notice_wording"
    association_id: Mapped[int] = mapped_column(ForeignKey("association.organisation_id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    subject: Mapped[str] = mapped_column(String(150))
    body: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[dt.datetime]
    __table_args__ = (
        CheckConstraint("language in ('fr', 'en')", name="language"),
        CheckConstraint("length(subject) between 1 and 150", name="subject"),
        CheckConstraint("length(body) between 1 and 4000", name="body"),
    )


class SigningKey(Base):
    """The secret that signs links to opt out. There is one; nobody ever sees it."""

    __tablename__ = "signing_key"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    secret: Mapped[bytes] = mapped_column(LargeBinary(32))
    __table_args__ = (CheckConstraint("id = 1", name="only"),)


class Bounce(Base):
    """A message that came back. A permanent one makes the address fail until somebody says that it works again."""

    __tablename__ = "bounce"
    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    status: Mapped[str] = mapped_column(String(11))
    is_permanent: Mapped[bool]
    diagnostic: Mapped[str] = mapped_column(String(300))
    received_at: Mapped[dt.datetime]
    cleared_at: Mapped[dt.datetime | None]
    __table_args__ = (
        # A report that is read twice is told once.
        UniqueConstraint("notice_id", "email", "status"),
        Index("ix_bounce_email", "email"),
    )
