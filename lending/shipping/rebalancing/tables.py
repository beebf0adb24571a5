"""What owners allow, plans that were asked for, and the moves that they propose."""

import datetime as dt

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base


class RebalancingPolicy(Base):
    """What an owner allows: whether its copies may move at all, and how many of a title it keeps at home at least.

    Without a row an owner consents and keeps one.
    """

    __tablename__ = "rebalancing_policy"
    association_id: Mapped[int] = mapped_column(ForeignKey("association.organisation_id"), primary_key=True)
    consents: Mapped[bool]
    kept_at_home: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (CheckConstraint("kept_at_home between 0 and 99", name="kept_at_home"),)


class RebalancingPlan(Base):
    """A question (which copies to move in a union, for which school periods, at what price) and its answer.

    Money is in cents, days are local to metropolitan France. `bound_cents` is what no plan can exceed; null while
    only the first, quick answer is there. `returns_on` is null for moves for good.
    """

    __tablename__ = "rebalancing_plan"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    reach: Mapped[str] = mapped_column(String(8))
    school_year: Mapped[int]
    first_period: Mapped[int]
    last_period: Mapped[int]
    leaves_on: Mapped[dt.date]
    returns_on: Mapped[dt.date | None]
    budget_cents: Mapped[int | None]
    fairness_percent: Mapped[int]
    loan_cents: Mapped[int]
    copy_cents: Mapped[int]
    trip_cents: Mapped[int]
    km_cents: Mapped[int]
    capacity: Mapped[int]
    most_moves: Mapped[int]
    requests: Mapped[float] = mapped_column(Float, default=0.0)
    served_before: Mapped[float] = mapped_column(Float, default=0.0)
    served_after: Mapped[float] = mapped_column(Float, default=0.0)
    cost_cents: Mapped[int] = mapped_column(default=0)
    value_cents: Mapped[int] = mapped_column(default=0)
    bound_cents: Mapped[int | None]
    trips: Mapped[int] = mapped_column(default=0)
    seconds: Mapped[float] = mapped_column(Float, default=0.0)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[dt.datetime]
    started_at: Mapped[dt.datetime | None]
    solved_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'solving', 'solved', 'failed')", name="state"),
        CheckConstraint("reach in ('inside', 'between')", name="reach"),
        CheckConstraint("first_period between 1 and last_period and last_period <= 5", name="periods"),
        CheckConstraint("returns_on is null or returns_on > leaves_on", name="returns"),
        CheckConstraint("budget_cents is null or budget_cents >= 0", name="budget"),
        CheckConstraint("fairness_percent between 0 and 100", name="fairness"),
        CheckConstraint("loan_cents > 0 and copy_cents >= 0 and trip_cents >= 0 and km_cents >= 0", name="prices"),
        CheckConstraint("capacity > 0 and most_moves > 0", name="limits"),
        CheckConstraint("(state = 'solved') = (solved_at is not null)", name="solved"),
        Index("ix_rebalancing_plan_state", "state", "id"),
    )


class RebalancingMove(Base):
    """One copy that a plan would move, why, and what became of it. `facts` is a `MoveFacts` as JSON."""

    __tablename__ = "rebalancing_move"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("rebalancing_plan.id"))
    copy_id: Mapped[int] = mapped_column(ForeignKey("copy.id"), index=True)
    from_depot_id: Mapped[int] = mapped_column(ForeignKey("depot.id"))
    to_depot_id: Mapped[int] = mapped_column(ForeignKey("depot.id"))
    state: Mapped[str] = mapped_column(String(8), default="proposed")
    refusal: Mapped[str] = mapped_column(String(40), default="")
    gain_loans: Mapped[float] = mapped_column(Float)
    cost_cents: Mapped[int]
    facts: Mapped[str] = mapped_column(Text)
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("transfer.id"))
    __table_args__ = (
        UniqueConstraint("plan_id", "copy_id"),
        UniqueConstraint("transfer_id"),
        CheckConstraint("state in ('proposed', 'dropped', 'accepted', 'refused')", name="state"),
        CheckConstraint("(state = 'accepted') = (transfer_id is not null)", name="accepted"),
        CheckConstraint("(state = 'refused') = (refusal <> '')", name="refused"),
        CheckConstraint("from_depot_id <> to_depot_id", name="somewhere_else"),
        CheckConstraint("cost_cents >= 0", name="cost"),
    )
