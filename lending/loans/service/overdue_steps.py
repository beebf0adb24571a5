"""Use cases of reminders: when an association reminds of lateness, and who is told too."""

from collections.abc import Sequence

from sqlalchemy import delete

from lending.core.actor import Actor, Role
from lending.core.database import Database
from lending.loans.queries.overdue_steps import steps_of
from lending.loans.rules.reminders import Step, check_steps
from lending.loans.tables import OverdueStep
from lending.network import queries as network


class OverdueSteps:
    """Reads and writes an association's steps."""

    def __init__(self, db: Database) -> None:
        """Takes the database."""
        self._db = db

    def steps(self, actor: Actor, association_id: int) -> list[Step]:
        """The steps in force, in order. Raises NotFound, Forbidden."""
        with self._db.read() as session:
            actor.require(network.path_of(session, association_id), Role.STAFF, Role.COORDINATOR)
            return list(steps_of(session, association_id))

    def set_steps(self, actor: Actor, association_id: int, steps: Sequence[Step]) -> None:
        """Remind so from now on; none brings our own steps back. What was told is not told again.

        Raises NotFound, Forbidden, BadSteps.
        """
        if steps:
            check_steps(steps)
        with self._db.write() as session:
            actor.require(network.path_of(session, association_id), Role.STAFF)
            session.execute(delete(OverdueStep).where(OverdueStep.association_id == association_id))
            session.add_all(
                OverdueStep(
                    association_id=association_id, number=number, after_days=one.after_days, copy_to=one.copy_to.value
                )
                for number, one in enumerate(steps, start=1)
            )
