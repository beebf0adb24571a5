"""The federation's tree of organisations, their depots and the calendars of these."""

import datetime as dt

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base

ORGANISATION_KINDS = ("federation", "union", "association", "school")


class Organisation(Base):
    """Federation, regional union, association or school. `path` holds the ids from the root: `/1/5/37/`."""

    __tablename__ = "organisation"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    path: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(200))
    __table_args__ = (
        UniqueConstraint("path"),
        CheckConstraint("kind in ('federation', 'union', 'association', 'school')", name="kind"),
        CheckConstraint("(kind = 'federation') = (parent_id is null)", name="root"),
        Index("ix_organisation_kind_name", "kind", "name"),
    )


class Association(Base):
    """What a departmental association has beyond its place in the tree.

    `holiday_zone` is that of its schools; `holiday_territory` names the public holidays of its depots
    ('' = mainland, '57' = Alsace and Moselle, '974' = La Réunion, null = none).
    """

    __tablename__ = "association"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(3))
    number: Mapped[int]
    holiday_zone: Mapped[str] = mapped_column(String(20))
    time_zone: Mapped[str] = mapped_column(String(40))
    holiday_territory: Mapped[str | None] = mapped_column(String(10))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(30))
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        UniqueConstraint("code"),
        UniqueConstraint("number"),
        CheckConstraint("number between 1 and 999", name="number"),
    )


class School(Base):
    """A school, whose cooperative is the borrower."""

    __tablename__ = "school"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    uai: Mapped[str] = mapped_column(String(8))
    commune: Mapped[str] = mapped_column(String(100))
    postcode: Mapped[str | None] = mapped_column(String(5))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    pupils: Mapped[int | None]
    __table_args__ = (
        UniqueConstraint("uai"),
        CheckConstraint("length(uai) = 8", name="uai"),
        CheckConstraint("pupils is null or pupils >= 0", name="pupils"),
    )


class Affiliation(Base):
    """A school's membership for a school year, named by the year it begins in (2026 = 2026-27)."""

    __tablename__ = "affiliation"
    school_id: Mapped[int] = mapped_column(ForeignKey("school.organisation_id"), primary_key=True)
    school_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    affiliated_on: Mapped[dt.date]
    __table_args__ = (CheckConstraint("school_year between 2000 and 2200", name="school_year"),)


class Depot(Base):
    """A place where things are kept, handed over and taken back."""

    __tablename__ = "depot"
    id: Mapped[int] = mapped_column(primary_key=True)
    association_id: Mapped[int] = mapped_column(ForeignKey("association.organisation_id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(200), default="")
    postcode: Mapped[str] = mapped_column(String(5), default="")
    commune: Mapped[str] = mapped_column(String(100), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    phone: Mapped[str | None] = mapped_column(String(30))
    max_handovers_per_day: Mapped[int | None]
    max_returns_per_hour: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    __table_args__ = (
        UniqueConstraint("association_id", "name"),
        CheckConstraint("max_handovers_per_day > 0", name="max_handovers"),
        CheckConstraint("max_returns_per_hour > 0", name="max_returns"),
    )


class Opening(Base):
    """A stretch of hours of a depot on a weekday (0 = Monday), in local time.

    At the desk people collect and bring back; in the office copies are prepared and checked, the desk is closed.
    """

    __tablename__ = "opening"
    depot_id: Mapped[int] = mapped_column(ForeignKey("depot.id"), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    opens_at: Mapped[dt.time] = mapped_column(primary_key=True)
    closes_at: Mapped[dt.time]
    serves: Mapped[str] = mapped_column(String(8), default="desk", server_default="desk")
    __table_args__ = (
        CheckConstraint("weekday between 0 and 6", name="weekday"),
        CheckConstraint("opens_at < closes_at", name="hours"),
        CheckConstraint("serves in ('desk', 'office')", name="serves"),
    )


class Closure(Base):
    """Local days `[starts_on, ends_on)` on which a depot is closed, once or in every later year too."""

    __tablename__ = "closure"
    id: Mapped[int] = mapped_column(primary_key=True)
    depot_id: Mapped[int] = mapped_column(ForeignKey("depot.id"), index=True)
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    reason: Mapped[str] = mapped_column(Text, default="")
    repeats_yearly: Mapped[bool] = mapped_column(default=False, server_default=false())
    __table_args__ = (CheckConstraint("starts_on < ends_on", name="period"),)


class ExceptionalOpening(Base):
    """A day on which a depot's desk is open although its week, a holiday or a closure says otherwise."""

    __tablename__ = "exceptional_opening"
    depot_id: Mapped[int] = mapped_column(ForeignKey("depot.id"), primary_key=True)
    opens_on: Mapped[dt.date] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(Text, default="")


class SchoolCalendar(Base):
    """The school year of a zone (2026 = 2026-27): as published, or as the federation wrote it down."""

    __tablename__ = "school_calendar"
    zone: Mapped[str] = mapped_column(String(20), primary_key=True)
    school_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        CheckConstraint("source in ('published', 'edited')", name="source"),
        CheckConstraint("school_year between 2000 and 2200", name="school_year"),
    )


class SchoolPeriod(Base):
    """Teaching days `[starts_on, ends_on)` between two holidays: the first to the fifth of a school year."""

    __tablename__ = "school_period"
    zone: Mapped[str] = mapped_column(String(20), primary_key=True)
    school_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    __table_args__ = (
        ForeignKeyConstraint(["zone", "school_year"], ["school_calendar.zone", "school_calendar.school_year"]),
        CheckConstraint("number between 1 and 5", name="number"),
        CheckConstraint("starts_on < ends_on", name="period"),
    )
