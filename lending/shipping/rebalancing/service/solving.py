"""Solving a plan in the background: claimed, answered quickly, then as well as can be.

No transaction is open while a solver works. Who claimed a plan and died is forgotten after a while.
"""

import datetime as dt
import logging
import math
import time

import msgspec
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from lending.core.clock import Clock
from lending.core.database import Database
from lending.network import queries as network
from lending.shipping.rebalancing.queries import facts, plans
from lending.shipping.rebalancing.queries.facts import UnmetSource
from lending.shipping.rebalancing.rules.costs import euros_in_cents
from lending.shipping.rebalancing.rules.problem import cost_of
from lending.shipping.rebalancing.schemas import PlanView
from lending.shipping.rebalancing.service.proposing import Proposed, Question, most_per_title, proposals, question
from lending.shipping.rebalancing.service.situation import situation
from lending.shipping.rebalancing.solving.best import Solved, first_answer, solve
from lending.shipping.rebalancing.tables import RebalancingMove, RebalancingPlan
from lending.shipping.rebalancing.telling import tell_ready

SECONDS = 60.0
GIVEN_UP_AFTER = dt.timedelta(minutes=15)
log = logging.getLogger(__name__)


def claim(db: Database, now: dt.datetime) -> int | None:
    """Take the plan that waits longest, or one whose solver died."""
    is_abandoned = (RebalancingPlan.state == "solving") & (RebalancingPlan.started_at < now - GIVEN_UP_AFTER)
    query = (
        select(RebalancingPlan)
        .where(or_(RebalancingPlan.state == "waiting", is_abandoned))
        .order_by(RebalancingPlan.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    with db.write() as session:
        row = session.scalar(query)
        if row is None:
            return None
        row.state, row.started_at = "solving", now
        return row.id


def solve_plan(db: Database, clock: Clock, plan_id: int, unmet: UnmetSource, today: dt.date, seconds: float) -> None:
    """Answer quickly, then as well as can be; a plan that cannot be solved says so and does not come back."""
    try:
        _solve(db, clock, plan_id, unmet, today, seconds)
    except Exception:
        log.exception("plan %s was not solved", plan_id)
        with db.write() as session:
            session.get_one(RebalancingPlan, plan_id).state = "failed"
            tell_ready(session, plan_id, clock.now())
        raise


def _solve(db: Database, clock: Clock, plan_id: int, unmet: UnmetSource, today: dt.date, seconds: float) -> None:
    started = time.monotonic()
    with db.read() as session:
        plan = plans.plan(session, plan_id)
        path = network.path_of(session, plan.organisation_id)
        found = situation(session, path, unmet, plan.school_year, plan.leaves_on, today)
        asked = question(found, plan, facts.policies(session))
    most = most_per_title(plan)
    quick = first_answer(asked.problem, most)
    _write(db, plan, asked, quick, time.monotonic() - started, None)
    best = solve(asked.problem, seconds, most_per_title=most)
    _write(db, plan, asked, best, time.monotonic() - started, clock.now())


def _write(
    db: Database, plan: PlanView, asked: Question, solved: Solved, seconds: float, solved_at: dt.datetime | None
) -> None:
    """Keep an answer in place of the one before; without `solved_at` a better one follows."""
    moves = proposals(asked, solved.plan, plan.copy_cents)
    with db.write() as session:
        row = session.get_one(RebalancingPlan, plan.id)
        row.requests = float(asked.requests.sum())
        row.served_before = asked.served_now
        row.served_after = asked.served_with(solved.plan)
        row.cost_cents = euros_in_cents(cost_of(asked.problem, solved.plan))
        row.value_cents = euros_in_cents(solved.value_euros)
        row.bound_cents = euros_in_cents(solved.bound_euros) if math.isfinite(solved.bound_euros) else None
        row.trips = int(solved.plan.trips.sum())
        row.seconds = round(seconds, 2)
        row.state = "solved" if solved_at else "solving"
        row.solved_at = solved_at
        row.version += 1
        _replace(session, plan.id, moves)
        if solved_at:
            tell_ready(session, plan.id, solved_at)


def _replace(session: Session, plan_id: int, moves: list[Proposed]) -> None:
    session.execute(delete(RebalancingMove).where(RebalancingMove.plan_id == plan_id))
    session.add_all(
        RebalancingMove(
            plan_id=plan_id,
            copy_id=one.copy_id,
            from_depot_id=one.from_depot_id,
            to_depot_id=one.to_depot_id,
            gain_loans=one.gain_loans,
            cost_cents=one.cost_cents,
            facts=msgspec.json.encode(one.facts).decode(),
        )
        for one in moves
    )
    session.flush()
