"""Use cases of custody."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.catalog.schemas import CopyDetail
from lending.core.actor import Actor, Role
from lending.core.database import Database
from lending.network import queries as network
from lending.shipping.custody import queries
from lending.shipping.custody.rules import chain
from lending.shipping.custody.schemas import CustodyView, HoldingView
from lending.shipping.tables import Transfer


class Custody:
    """In whose hands copies are, and were."""

    def __init__(self, db: Database) -> None:
        """Takes the database."""
        self._db = db

    def of_copy(self, actor: Actor, copy_id: int) -> CustodyView:
        """Who has a copy, since when, and who had it before: for its owner and for depots that it went through.

        Raises Forbidden, NotFound.
        """
        with self._db.read() as session:
            copy = catalog.copy(session, copy_id)
            _require(session, actor, copy)
            held = chain(queries.hands(session, copy_id), copy.depot_name)
        return CustodyView(
            copy_id=copy.id,
            copy_code=copy.shown_code,
            title_id=copy.title_id,
            title_name=copy.title_name,
            owner_name=copy.owner_name,
            holdings=[
                HoldingView(
                    kind=one.kind,
                    name=one.name,
                    since_at=one.since_at,
                    until_at=one.until_at,
                    person_name=one.person_name,
                )
                for one in reversed(held)
            ],
        )


def _require(session: Session, actor: Actor, copy: CopyDetail) -> None:
    """Raise Forbidden unless the person works for the owner, for the keeper, or at a depot that it went through."""
    went = select(Transfer.from_depot_id, Transfer.to_depot_id).where(Transfer.copy_id == copy.id)
    depot_ids = {copy.depot_id} | {depot_id for row in session.execute(went) for depot_id in row}
    associations = {network.depot(session, depot_id).association_id for depot_id in depot_ids}
    paths = [network.path_of(session, association_id) for association_id in associations]
    if not any(actor.covers(path, Role.STAFF, Role.COORDINATOR) for path in paths):
        actor.require(copy.owner_path, Role.STAFF, Role.COORDINATOR)
