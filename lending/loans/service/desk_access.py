"""The copy under the scanner, and whether this desk may act on it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.catalog.schemas import CopyDetail
from lending.core.actor import Actor, Role
from lending.loans.queries.desk import loan_of_copy
from lending.loans.rules.desk_errors import CopyNotHere, ForeignBarcode
from lending.network import queries as network
from lending.network.schemas import DepotView


@dataclass(frozen=True)
class AtDesk:
    """A copy that lies on a depot's desk."""

    depot: DepotView
    copy: CopyDetail


def bring(session: Session, actor: Actor, depot_id: int, code: str) -> AtDesk:
    """Find the copy behind a code at a depot's desk.

    Raises Forbidden, NotFound, UnknownBarcode, DamagedBarcode, ForeignBarcode, CopyNotHere.
    """
    depot = require_desk(session, actor, depot_id)
    copy = catalog.copy_by_code(session, code)
    if copy.owner_id != depot.association_id:
        raise ForeignBarcode(barcode=copy.shown_code, association_name=copy.owner_name)
    loan = loan_of_copy(session, copy.id)
    # A loan comes back where it left, even if the copy belongs elsewhere since.
    if depot_id not in {copy.depot_id, loan.depot_id if loan else None}:
        raise CopyNotHere(barcode=copy.shown_code, depot_name=copy.depot_name)
    return AtDesk(depot, copy)


def require_desk(session: Session, actor: Actor, depot_id: int) -> DepotView:
    """The depot, if the person serves its desk. Raises Forbidden, NotFound."""
    depot = network.depot(session, depot_id)
    actor.require(network.path_of(session, depot.association_id), Role.STAFF)
    return depot
