"""When an association reminds of lateness, and who is told too."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lending.accounts.queries import holders_of
from lending.core.actor import Role
from lending.core.database import ask, table_of
from lending.loans.rules.reminders import DEFAULT_STEPS, CopyTo, Step
from lending.loans.tables import OverdueStep
from lending.network.tables import Organisation

_step, _organisation = table_of(OverdueStep).c, table_of(Organisation).c
OWN_STEPS = (
    select(_step.after_days, _step.copy_to)
    .where(_step.association_id == bindparam("association_id"))
    .order_by(_step.number)
)
UNION = select(_organisation.parent_id).where(_organisation.id == bindparam("association_id"))


def steps_of(session: Session, association_id: int) -> Sequence[Step]:
    """An association's own steps in order, or ours."""
    rows = ask(session, OWN_STEPS, association_id=association_id)
    own = [Step(after_days, CopyTo(copy_to)) for after_days, copy_to in rows]
    return own or DEFAULT_STEPS


def copy_readers(session: Session, association_id: int, steps: Sequence[Step]) -> dict[CopyTo, list[int]]:
    """The people who are told too, for each answer that the steps give; nobody is asked for what none of them says."""
    wanted = {step.copy_to for step in steps}
    return {CopyTo.UNION: _coordinators(session, association_id)} if CopyTo.UNION in wanted else {}


def _coordinators(session: Session, association_id: int) -> list[int]:
    union_id = ask(session, UNION, association_id=association_id).scalar()
    return holders_of(session, Role.COORDINATOR, union_id) if union_id is not None else []
