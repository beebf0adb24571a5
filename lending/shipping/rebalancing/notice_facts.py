"""What a message about a plan tells, read when it is sent."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lending.network.tables import Organisation
from lending.notices.schemas import PlanFacts
from lending.shipping.rebalancing.tables import RebalancingMove, RebalancingPlan
from lending.shipping.rebalancing.telling import SUBJECT_PREFIX


class PlanNoticeFacts:
    """Answers for subjects such as `plan:12`."""

    def facts(self, session: Session, kind: str, subject: str) -> PlanFacts | None:  # noqa: ARG002 - one kind speaks of plans
        """What is true now; None for a plan that does not exist. A plan without open moves asks nothing of anybody."""
        plan = session.get(RebalancingPlan, int(subject.removeprefix(SUBJECT_PREFIX)))
        if plan is None:
            return None
        place = session.get_one(Organisation, plan.organisation_id)
        moves = select(func.count()).where(RebalancingMove.plan_id == plan.id)
        is_open = session.scalar(moves.where(RebalancingMove.state == "proposed")) or 0
        return PlanFacts(
            association_name=place.name,
            path=f"/plans/{plan.id}",
            is_relevant=plan.state == "solved" and is_open > 0,
            union_name=place.name,
            moves=session.scalar(moves) or 0,
            cost_cents=plan.cost_cents,
        )
