"""The copy under the scanner, and whether this desk may act on it."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lending.catalog import queries as catalog
from lending.catalog.placing.rules import check_alone
from lending.catalog.rules import Status
from lending.catalog.schemas import CopyDetail
from lending.core.actor import Actor, Role
from lending.core.database import ask, table_of
from lending.core.errors import NotFound
from lending.loans.queries.desk import lost_loan_of
from lending.loans.queries.pools import IS_OUT
from lending.loans.rules.desk_errors import CopyNotHere, ForeignBarcode, LoanCodeScanned
from lending.loans.rules.loan_codes import booking_id_of, parse_loan_scan, shown_loan_code
from lending.loans.rules.states import Cause
from lending.loans.tables import Booking
from lending.network.tables import Association, Depot, Organisation

_depot, _association, _organisation = (table_of(one) for one in (Depot, Association, Organisation))
DESK = (
    select(_depot.c.association_id, _association.c.time_zone, _association.c.holiday_territory, _organisation.c.path)
    .join_from(_depot, _association, _association.c.organisation_id == _depot.c.association_id)
    .join(_organisation, _organisation.c.id == _depot.c.association_id)
    .where(_depot.c.id == bindparam("depot_id"))
)
_own = table_of(Booking).c
LOAN_OUT = select(_own.id, _own.depot_id, _own.claimed_at).where(
    _own.copy_id == bindparam("copy_id"), IS_OUT, _own.cause == Cause.LOAN.value
)


@dataclass(frozen=True)
class Desk:
    """A depot's desk, as much of it as a scan needs."""

    id: int
    association_id: int
    time_zone: str
    holiday_territory: str | None


@dataclass(frozen=True)
class LoanToClose:
    """The loan that a return would end, the depot it left from, and whether the school says that it is back."""

    id: int
    depot_id: int
    is_claimed: bool


@dataclass(frozen=True)
class AtDesk:
    """A copy that lies on a depot's desk, and the loan that it is out on, or was lost on."""

    depot: Desk
    copy: CopyDetail
    loan: LoanToClose | None


def bring(session: Session, actor: Actor, depot_id: int, code: str) -> AtDesk:
    """Find the copy behind a code at a depot's desk.

    Raises Forbidden, NotFound, UnknownBarcode, DamagedBarcode, LoanCodeScanned, CopyInsideTrunk, ForeignBarcode,
    CopyNotHere.
    """
    depot = require_desk(session, actor, depot_id)
    if booking_id_of(code) is not None:
        raise LoanCodeScanned(barcode=shown_loan_code(parse_loan_scan(code) or ""))
    copy = catalog.copy_by_code(session, code)
    check_alone(copy)
    # What another association lends out here is kept here: only a copy of neither is foreign.
    if copy.owner_id != depot.association_id and copy.depot_id != depot.id:
        raise ForeignBarcode(barcode=copy.shown_code, association_name=copy.owner_name)
    loan = loan_to_close(session, copy)
    # A loan comes back where it left, even if the copy belongs elsewhere since; what was lost, wherever it turns up.
    is_home = copy.status == Status.LOST or depot_id in {copy.depot_id, loan.depot_id if loan else None}
    if not is_home:
        raise CopyNotHere(barcode=copy.shown_code, depot_name=copy.depot_name)
    return AtDesk(depot, copy, loan)


def loan_to_close(session: Session, copy: CopyDetail) -> LoanToClose | None:
    """The loan that a copy is out on, or on which it was lost."""
    found = ask(session, LOAN_OUT, copy_id=copy.id).first()
    if found is not None:
        return LoanToClose(found.id, found.depot_id, found.claimed_at is not None)
    lost = lost_loan_of(session, copy.id) if copy.status == Status.LOST else None
    return LoanToClose(lost.id, lost.depot_id, lost.claimed_at is not None) if lost else None


def require_desk(session: Session, actor: Actor, depot_id: int) -> Desk:
    """The depot's desk, if the person serves it. Raises Forbidden, NotFound."""
    # A scan asks for its desk at each of its steps: within one session the row is read once, the right checked always.
    known: dict[int, tuple[Desk, str]] = session.info.setdefault("desks", {})
    if depot_id not in known:
        known[depot_id] = _place(session, depot_id)
    desk, path = known[depot_id]
    actor.require(path, Role.STAFF)
    return desk


def _place(session: Session, depot_id: int) -> tuple[Desk, str]:
    found = ask(session, DESK, depot_id=depot_id).first()
    if found is None:
        raise NotFound
    association_id, time_zone, territory, path = found
    return Desk(depot_id, association_id, time_zone, territory), path
