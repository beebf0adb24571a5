"""From a move to a transfer, and home again. Everything here runs inside the caller's transaction."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.catalog.tables import Copy
from lending.core.actor import SYSTEM, Actor
from lending.core.errors import NotFound
from lending.shipping.rebalancing.rules.errors import MoveNotOpen
from lending.shipping.rebalancing.tables import RebalancingMove, RebalancingPlan
from lending.shipping.rules import CopyNotInDepot, Reason, TransferState
from lending.shipping.schemas import NewTransfer
from lending.shipping.service import moving
from lending.shipping.tables import Transfer


def accept_move(session: Session, actor: Actor, move_id: int, now: dt.datetime) -> bool:
    """Plan the move's transfer.

    Raises MoveNotOpen when somebody else was first, CopyNotInDepot when the copy went elsewhere meanwhile, and what
    planning a transfer raises: CopyIsNeeded, TransferOpen, Forbidden.
    """
    move = session.get(RebalancingMove, move_id, with_for_update=True)
    if move is None:
        raise NotFound
    if move.state != "proposed":
        raise MoveNotOpen(state=move.state)
    plan = session.get_one(RebalancingPlan, move.plan_id)
    copy = catalog.copy(session, move.copy_id)
    if copy.depot_id != move.from_depot_id:
        raise CopyNotInDepot(barcode=copy.shown_code, depot_name=copy.depot_name)
    new = NewTransfer(
        code=copy.code,
        to_depot_id=move.to_depot_id,
        leaves_on=plan.leaves_on,
        reason=Reason.REBALANCE,
        keep_at_destination=True,
    )
    move.transfer_id = moving.plan(session, actor, new, now).id
    move.state = "accepted"
    session.flush()
    return True


def bring_home(session: Session, today: dt.date, now: dt.datetime) -> int:
    """Plan the way home of copies whose season away is over and that are still where they were brought.

    One that is promised there stays until that is over: the next run looks again.
    """
    query = (
        select(Transfer)
        .join(RebalancingMove, RebalancingMove.transfer_id == Transfer.id)
        .join(RebalancingPlan, RebalancingPlan.id == RebalancingMove.plan_id)
        .join(Copy, Copy.id == Transfer.copy_id)
        .where(RebalancingPlan.returns_on <= today, Transfer.state == TransferState.RECEIVED.value)
        .where(Copy.depot_id == Transfer.to_depot_id)
        .order_by(Transfer.id)
    )
    found = session.scalars(query).all()
    return sum(moving.way_home(session, SYSTEM, one.copy_id, one.home_depot_id, now) is not None for one in found)
