"""What search keeps for itself: wishes that nothing answered, words that mean the same."""

import datetime as dt

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base


class UnmetSearch(Base):
    """A wish that found nothing, counted by day. It says what and where, never who.

    `association_code` is empty when no association was meant; `filters` is what `unmet.rules.filters_text` makes.
    """

    __tablename__ = "unmet_search"
    id: Mapped[int] = mapped_column(primary_key=True)
    searched_on: Mapped[dt.date]
    reason: Mapped[str] = mapped_column(String(12))
    association_code: Mapped[str] = mapped_column(String(3))
    words: Mapped[str] = mapped_column(String(100))
    filters: Mapped[str] = mapped_column(String(300))
    times: Mapped[int]
    __table_args__ = (
        UniqueConstraint("searched_on", "reason", "association_code", "words", "filters", name="uq_unmet_search_wish"),
        CheckConstraint("reason in ('search', 'reservation')", name="reason"),
        CheckConstraint("times > 0", name="times"),
    )


class Synonym(Base):
    """Words that mean the same in this field, between commas: who types one finds what speaks of another."""

    __tablename__ = "synonym"
    id: Mapped[int] = mapped_column(primary_key=True)
    terms: Mapped[str] = mapped_column(String(300))
    __table_args__ = (UniqueConstraint("terms"), CheckConstraint("terms like '%,%'", name="two"))
