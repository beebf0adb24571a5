"""A plan is ready: those who coordinate there are told, inside the transaction in which it becomes true."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.accounts.queries import holders_of
from lending.core.actor import Role
from lending.notices.announce import Message, announce_many
from lending.notices.rules import NoticeKind
from lending.shipping.rebalancing.tables import RebalancingPlan

SUBJECT_PREFIX = "plan:"
# Variants are asked for with one button: one message tells of the best of them, once all are there.
ASKED_TOGETHER = dt.timedelta(minutes=1)


def tell_ready(session: Session, plan_id: int, now: dt.datetime) -> None:
    """Tell who asked and who coordinates there of the best of the plans that were asked for together."""
    together = _asked_together(session, session.get_one(RebalancingPlan, plan_id))
    solved = [one for one in together if one.state == "solved"]
    if len(solved) < sum(one.state != "failed" for one in together) or not solved:
        return
    best = max(solved, key=lambda one: (one.value_cents, -one.id))
    readers = {
        *holders_of(session, Role.COORDINATOR, best.organisation_id),
        *([best.created_by] if best.created_by else []),
    }
    messages = [
        Message(
            kind=NoticeKind.PLAN_READY,
            person_id=person_id,
            subject=f"{SUBJECT_PREFIX}{best.id}",
            key=f"{NoticeKind.PLAN_READY}:{best.id}:{person_id}",
        )
        for person_id in sorted(readers)
    ]
    announce_many(session, messages, now)


def _asked_together(session: Session, plan: RebalancingPlan) -> list[RebalancingPlan]:
    same = (
        RebalancingPlan.organisation_id == plan.organisation_id,
        RebalancingPlan.created_by == plan.created_by,
        RebalancingPlan.created_at >= plan.created_at - ASKED_TOGETHER,
        RebalancingPlan.created_at <= plan.created_at + ASKED_TOGETHER,
    )
    return list(session.scalars(select(RebalancingPlan).where(*same)))
