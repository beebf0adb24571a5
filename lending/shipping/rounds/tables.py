"""Rounds, their stops, and what the van does at each."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base
from lending.shipping.rounds.rules.states import KEPT_ERRANDS


class Round(Base):
    """A van leaves a depot on a local day and comes back. Times are local, `back_at` and `metres` those of the plan."""

    __tablename__ = "round"
    id: Mapped[int] = mapped_column(primary_key=True)
    depot_id: Mapped[int] = mapped_column(ForeignKey("depot.id"), index=True)
    held_on: Mapped[dt.date]
    departs_at: Mapped[dt.time]
    returns_by: Mapped[dt.time]
    driver: Mapped[str] = mapped_column(String(120), default="")
    most_parcels: Mapped[int]
    most_kg: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="planned")
    back_at: Mapped[dt.time | None]
    metres: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[dt.datetime]
    started_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        CheckConstraint("state in ('planned', 'under_way', 'done', 'cancelled')", name="state"),
        CheckConstraint("departs_at < returns_by", name="hours"),
        CheckConstraint("most_parcels between 1 and 200", name="most_parcels"),
        CheckConstraint("most_kg between 1 and 3500", name="most_kg"),
        CheckConstraint("metres >= 0", name="metres"),
        CheckConstraint("(state in ('under_way', 'done')) = (started_at is not null)", name="started"),
        CheckConstraint("(state in ('done', 'cancelled')) = (closed_at is not null)", name="closed"),
    )


class RoundStop(Base):
    """A school or a depot where the van stops. Without a number it does not fit into the round.

    `opens_at` and `closes_at` are hours told by hand, instead of those of the place. The other times are the plan's.
    The van left at `visited_at`; where a phone without network told it later, the server heard of it at `noted_at`.
    """

    __tablename__ = "round_stop"
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int | None]
    school_id: Mapped[int | None] = mapped_column(ForeignKey("school.organisation_id"))
    depot_id: Mapped[int | None] = mapped_column(ForeignKey("depot.id"))
    opens_at: Mapped[dt.time | None]
    closes_at: Mapped[dt.time | None]
    arrives_at: Mapped[dt.time | None]
    begins_at: Mapped[dt.time | None]
    late_minutes: Mapped[int] = mapped_column(default=0)
    metres: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(Text, default="")
    visited_at: Mapped[dt.datetime | None]
    noted_at: Mapped[dt.datetime | None]
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        UniqueConstraint("round_id", "school_id"),
        UniqueConstraint("round_id", "depot_id"),
        # Errands point at both, so that none is at a stop of another round.
        UniqueConstraint("id", "round_id"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("(school_id is null) <> (depot_id is null)", name="place"),
        CheckConstraint("(opens_at is null) = (closes_at is null)", name="hours"),
        CheckConstraint("opens_at < closes_at", name="window"),
        CheckConstraint("(number is null) = (arrives_at is null)", name="timed"),
        CheckConstraint("late_minutes >= 0 and metres >= 0", name="not_negative"),
        CheckConstraint("visited_at is null or number is not null", name="visited"),
        CheckConstraint(
            "noted_at is null or (visited_at is not null and visited_at <= noted_at)",
            name="noted",
        ),
    )


class RoundErrand(Base):
    """A loan or a shipment that is brought to a stop or collected there.

    It was done at `done_at`; where a phone without network told it later, the server heard of it at `noted_at`.
    """

    __tablename__ = "round_errand"
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int]
    stop_id: Mapped[int] = mapped_column(index=True)
    what: Mapped[str] = mapped_column(String(10))
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"))
    shipment_id: Mapped[int | None] = mapped_column(ForeignKey("shipment.id"))
    parcels: Mapped[int]
    grams: Mapped[int]
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    done_at: Mapped[dt.datetime | None]
    noted_at: Mapped[dt.datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["stop_id", "round_id"], ["round_stop.id", "round_stop.round_id"]),
        # What is carried, or was, is on one round; what was missed may go on another.
        *(
            Index(
                f"uq_round_errand_{thing}",
                f"{thing}_id",
                "what",
                unique=True,
                sqlite_where=text(KEPT_ERRANDS),
                postgresql_where=text(KEPT_ERRANDS),
            )
            for thing in ("booking", "shipment")
        ),
        CheckConstraint("(booking_id is null) <> (shipment_id is null)", name="thing"),
        CheckConstraint("what in ('delivery', 'collection')", name="what"),
        CheckConstraint("state in ('waiting', 'done', 'missed')", name="state"),
        CheckConstraint("(state = 'done') = (done_at is not null)", name="done"),
        CheckConstraint("noted_at is null or (done_at is not null and done_at <= noted_at)", name="noted"),
        CheckConstraint("parcels >= 1 and grams >= 0", name="load"),
    )
