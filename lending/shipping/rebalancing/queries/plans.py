"""Reads of plans and of their moves."""

import datetime as dt
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from lending.catalog.tables import Copy, Title
from lending.core.barcodes import shown
from lending.core.errors import NotFound
from lending.loans.rules.states import Cause, State
from lending.loans.tables import Booking
from lending.network import calendar_queries
from lending.network.tables import Association, Depot, Organisation
from lending.shipping.rebalancing.rules.periods import AUGUST, SchoolPeriodDays, over_on
from lending.shipping.rebalancing.rules.reasons import sentence
from lending.shipping.rebalancing.schemas import MoveFacts, MoveView, PlanDetail, PlanView
from lending.shipping.rebalancing.tables import RebalancingMove, RebalancingPlan
from lending.shipping.tables import Transfer

MOST_SHOWN = 50
FROM, TO = aliased(Depot), aliased(Depot)
FROM_PLACE, TO_PLACE = aliased(Association), aliased(Association)
FROM_NAME, TO_NAME = aliased(Organisation), aliased(Organisation)
MOVES = (
    select(
        RebalancingMove,
        Copy,
        Title.name,
        FROM,
        TO,
        FROM_PLACE.code,
        TO_PLACE.code,
        FROM_NAME.name,
        TO_NAME.name,
        Transfer,
    )
    .join(Copy, Copy.id == RebalancingMove.copy_id)
    .join(Title, Title.id == Copy.title_id)
    .join(FROM, FROM.id == RebalancingMove.from_depot_id)
    .join(TO, TO.id == RebalancingMove.to_depot_id)
    .join(FROM_PLACE, FROM_PLACE.organisation_id == FROM.association_id)
    .join(TO_PLACE, TO_PLACE.organisation_id == TO.association_id)
    .join(FROM_NAME, FROM_NAME.id == FROM.association_id)
    .join(TO_NAME, TO_NAME.id == TO.association_id)
    .outerjoin(Transfer, Transfer.id == RebalancingMove.transfer_id)
    .order_by(RebalancingMove.gain_loans.desc(), RebalancingMove.id)
)
# Whatever a plan's row and its view call by the same name.
SAME = tuple(name for name in PlanView.__struct_fields__ if name not in ("organisation_name", "moves", "accepted"))


def plans(session: Session, *conditions: ColumnElement[bool]) -> list[PlanView]:
    """The newest plans that fulfil the conditions."""
    moves = (
        select(
            RebalancingMove.plan_id,
            func.count().label("moves"),
            func.sum(case((RebalancingMove.state == "accepted", 1), else_=0)).label("accepted"),
        )
        .group_by(RebalancingMove.plan_id)
        .subquery()
    )
    query = (
        select(RebalancingPlan, Organisation.name, moves.c.moves, moves.c.accepted)
        .join(Organisation, Organisation.id == RebalancingPlan.organisation_id)
        .outerjoin(moves, moves.c.plan_id == RebalancingPlan.id)
        .where(*conditions)
        .order_by(RebalancingPlan.id.desc())
        .limit(MOST_SHOWN)
    )
    return [_view(row, name, count or 0, accepted or 0) for row, name, count, accepted in session.execute(query)]


def plan(session: Session, plan_id: int) -> PlanView:
    """One plan. Raises NotFound."""
    found = plans(session, RebalancingPlan.id == plan_id)
    if not found:
        raise NotFound
    return found[0]


def detail(session: Session, plan_id: int) -> PlanDetail:
    """A plan with its moves, those that bring most first. Raises NotFound."""
    found = plan(session, plan_id)
    until_on = _over_on(session, found)
    since = _loans_since(session, plan_id, until_on)
    moves = [_move(found, row, since) for row in session.execute(MOVES.where(RebalancingMove.plan_id == plan_id))]
    return PlanDetail(plan=found, counted_until_on=until_on, moves=moves)


def _move(plan: PlanView, row: Any, since: dict[int, int]) -> MoveView:
    move, copy, title, here, there, from_code, to_code, from_name, to_name, transfer = row
    is_there = transfer is not None and transfer.received_at is not None
    return MoveView(
        id=move.id,
        state=move.state,
        refusal=move.refusal,
        title_id=copy.title_id,
        title_name=title,
        copy_id=copy.id,
        copy_code=shown(copy.code),
        from_depot_id=here.id,
        from_depot_name=here.name,
        from_association_code=from_code,
        from_association_name=from_name,
        to_depot_id=there.id,
        to_depot_name=there.name,
        to_association_code=to_code,
        to_association_name=to_name,
        gain_loans=move.gain_loans,
        cost_cents=move.cost_cents,
        facts=(facts := msgspec.json.decode(move.facts, type=MoveFacts)),
        transfer_id=move.transfer_id,
        transfer_state=transfer.state if transfer is not None else None,
        loans_since=since.get(move.id, 0) if is_there else None,
        why=sentence(facts, from_name, to_name, plan.leaves_on, move.gain_loans, move.cost_cents),
    )


def _over_on(session: Session, plan: PlanView) -> dt.date:
    """When the plan's last period is over wherever its copies go."""
    zones = session.scalars(
        select(TO_PLACE.holiday_zone)
        .join(TO, TO.association_id == TO_PLACE.organisation_id)
        .join(RebalancingMove, RebalancingMove.to_depot_id == TO.id)
        .where(RebalancingMove.plan_id == plan.id)
        .distinct()
    ).all()
    first, last = dt.date(plan.school_year, AUGUST, 1), dt.date(plan.school_year + 1, AUGUST, 1)
    periods = [
        SchoolPeriodDays(one.number, one.school_year, one.starts_on, one.ends_on)
        for zone in zones
        for one in calendar_queries.lending_periods(session, zone, first, last)
    ]
    return over_on(periods, plan.school_year, plan.last_period)


def _loans_since(session: Session, plan_id: int, until_on: dt.date) -> dict[int, int]:
    """Loans of each moved copy that left from its new depot once it was there, before a day."""
    happened = and_(
        Booking.copy_id == RebalancingMove.copy_id,
        Booking.depot_id == RebalancingMove.to_depot_id,
        Booking.cause == Cause.LOAN.value,
        Booking.state.in_((State.OUT.value, State.DONE.value)),
        Booking.checked_out_at >= Transfer.received_at,
        Booking.starts_on < until_on,
    )
    query = (
        select(RebalancingMove.id, func.count(Booking.id))
        .join(Transfer, Transfer.id == RebalancingMove.transfer_id)
        .join(Booking, happened)
        .where(RebalancingMove.plan_id == plan_id)
        .group_by(RebalancingMove.id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _view(row: RebalancingPlan, name: str, moves: int, accepted: int) -> PlanView:
    same = {field: getattr(row, field) for field in SAME}
    return PlanView(**same, organisation_name=name, moves=moves, accepted=int(accepted))
