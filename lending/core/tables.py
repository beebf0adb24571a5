"""Tables that serve every package: what must follow a transaction, answers already given, state of the demo."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base

WAITING = "state = 'waiting'"


class OutboxRow(Base):
    """Something that must follow a committed transaction. It holds a key, never a payload."""

    __tablename__ = "outbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(200))
    key: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[dt.datetime]
    next_at: Mapped[dt.datetime]
    leased_until: Mapped[dt.datetime | None]
    done_at: Mapped[dt.datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (
        UniqueConstraint("topic", "key"),
        CheckConstraint("state in ('waiting', 'done', 'parked')", name="state"),
        CheckConstraint("attempts >= 0", name="attempts"),
        Index(
            "ix_outbox_waiting",
            "topic",
            "next_at",
            "id",
            sqlite_where=text(WAITING),
            postgresql_where=text(WAITING),
        ),
    )


class AnsweredRequest(Base):
    """The answer to a request that carried an Idempotency-Key, given again when the request is repeated."""

    __tablename__ = "answered_request"
    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    answer: Mapped[str] = mapped_column(Text)
    created_at: Mapped[dt.datetime] = mapped_column(index=True)


class DemoState(Base):
    """Facts of a demonstration, such as how far its clock was moved."""

    __tablename__ = "demo_state"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))
