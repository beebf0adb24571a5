"""Invitations to borrow for a school."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base

IS_UNANSWERED = "accepted_at is null and withdrawn_at is null"


class SchoolInvitation(Base):
    """A colleague who was asked to borrow for a school too.

    `token_hash` is that of the link, made when the mail is written; a later mail replaces it. One invitation of a
    person to a school is unanswered at a time.
    """

    __tablename__ = "school_invitation"
    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.organisation_id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    accepted_at: Mapped[dt.datetime | None]
    withdrawn_at: Mapped[dt.datetime | None]
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint("accepted_at is null or withdrawn_at is null", name="one_answer"),
        CheckConstraint("created_at < expires_at", name="lifetime"),
        CheckConstraint("person_id <> invited_by_id", name="somebody_else"),
        Index(
            "uq_school_invitation_unanswered",
            "school_id",
            "person_id",
            unique=True,
            sqlite_where=text(IS_UNANSWERED),
            postgresql_where=text(IS_UNANSWERED),
        ),
    )
