"""When an association reminds of lateness, and who is told too."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.accounts.queries import holders_of
from lending.core.actor import Role
from lending.loans.rules.reminders import DEFAULT_STEPS, CopyTo, Step
from lending.loans.tables import OverdueStep
from lending.network.tables import Organisation


def steps_of(session: Session, association_id: int) -> Sequence[Step]:
    """An association's own steps in order, or ours."""
    query = select(OverdueStep).where(OverdueStep.association_id == association_id).order_by(OverdueStep.number)
    own = [Step(row.after_days, CopyTo(row.copy_to)) for row in session.scalars(query)]
    return own or DEFAULT_STEPS


def copy_readers(session: Session, association_id: int, steps: Sequence[Step]) -> dict[CopyTo, list[int]]:
    """The people who are told too, for each answer that the steps give; nobody is asked for what none of them says."""
    wanted = {step.copy_to for step in steps}
    return {CopyTo.UNION: _coordinators(session, association_id)} if CopyTo.UNION in wanted else {}


def _coordinators(session: Session, association_id: int) -> list[int]:
    union_id = session.scalar(select(Organisation.parent_id).where(Organisation.id == association_id))
    return holders_of(session, Role.COORDINATOR, union_id) if union_id is not None else []
