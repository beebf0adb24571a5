"""When an association reminds of lateness."""

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base


class OverdueStep(Base):
    """The reminder number `number` goes out so many days after the last day; somebody may get a copy.

    An association without rows reminds as `rules.reminders.DEFAULT_STEPS` say.
    """

    __tablename__ = "overdue_step"
    association_id: Mapped[int] = mapped_column(ForeignKey("association.organisation_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    after_days: Mapped[int]
    copy_to: Mapped[str] = mapped_column(String(5), default="none")
    __table_args__ = (
        UniqueConstraint("association_id", "after_days"),
        CheckConstraint("number between 1 and 8", name="number"),
        CheckConstraint("after_days between 1 and 365", name="after_days"),
        CheckConstraint("copy_to in ('none', 'union')", name="copy_to"),
    )
