"""Stocktakes and every scan of them."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base

IS_OPEN = text("state = 'open'")


class Stocktake(Base):
    """A count of a depot, or of one of its shelves (`shelf` empty: all of them)."""

    __tablename__ = "stocktake"
    id: Mapped[int] = mapped_column(primary_key=True)
    depot_id: Mapped[int] = mapped_column(ForeignKey("depot.id"), index=True)
    shelf: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[str] = mapped_column(String(6), default="open")
    opened_at: Mapped[dt.datetime]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[dt.datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        CheckConstraint("state in ('open', 'closed')", name="state"),
        CheckConstraint("(state = 'closed') = (closed_at is not null)", name="closed"),
        Index("uq_stocktake_open", "depot_id", "shelf", unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
    )


class StocktakeScan(Base):
    """A code that was read. `key` is the device's: what is sent twice is kept once. No copy: nobody knows the code."""

    __tablename__ = "stocktake_scan"
    id: Mapped[int] = mapped_column(primary_key=True)
    stocktake_id: Mapped[int] = mapped_column(ForeignKey("stocktake.id"))
    key: Mapped[str] = mapped_column(String(100))
    code: Mapped[str] = mapped_column(String(60))
    copy_id: Mapped[int | None] = mapped_column(ForeignKey("copy.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    seen_at: Mapped[dt.datetime]
    device_at: Mapped[dt.datetime | None]
    received_at: Mapped[dt.datetime]
    __table_args__ = (
        UniqueConstraint("stocktake_id", "key"),
        CheckConstraint("code <> ''", name="code"),
    )


class StocktakeLine(Base):
    """What a closed count says of a copy."""

    __tablename__ = "stocktake_line"
    stocktake_id: Mapped[int] = mapped_column(ForeignKey("stocktake.id"), primary_key=True)
    copy_id: Mapped[int] = mapped_column(ForeignKey("copy.id"), primary_key=True, index=True)
    finding: Mapped[str] = mapped_column(String(14))
    __table_args__ = (
        CheckConstraint(
            "finding in ('counted', 'out', 'handled', 'missing', 'misplaced', 'should_be_out', 'found_again')",
            name="finding",
        ),
    )
