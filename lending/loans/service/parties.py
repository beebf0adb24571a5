"""The two parties of a loan: the school that borrows, and who lends."""

from sqlalchemy.orm import Session

from lending.core.actor import Actor, Role
from lending.core.errors import Forbidden, Unauthenticated
from lending.loans.queries import reservations
from lending.loans.service.locking import lock_booking
from lending.loans.tables import Booking


def require_party(session: Session, actor: Actor, booking_id: int, *lender_roles: Role) -> None:
    """For the school of a loan, and who has one of these roles where it is lent.

    Raises NotFound, Unauthenticated, Forbidden.
    """
    scope = reservations.scope(session, booking_id)
    if scope.school_path is None or not actor.covers(scope.school_path, Role.TEACHER):
        actor.require(scope.association_path, *lender_roles)


def is_borrower(actor: Actor, school_path: str | None) -> bool:
    """Whether the person teaches at the school: administrators do not, whatever else they may do."""
    return school_path is not None and any(school_path.startswith(one.path) for one in actor.grants_of(Role.TEACHER))


def require_borrower(session: Session, actor: Actor, booking_id: int) -> None:
    """For the teachers of a loan's school alone. Raises NotFound, Unauthenticated, Forbidden."""
    path = reservations.scope(session, booking_id).school_path
    if not actor.is_signed_in:
        raise Unauthenticated
    if not is_borrower(actor, path):
        raise Forbidden


def own_loan(session: Session, actor: Actor, booking_id: int) -> Booking:
    """A loan behind its lock, so that colleagues come one after the other, for the teachers of its school alone.

    Raises NotFound, Unauthenticated, Forbidden.
    """
    require_borrower(session, actor, booking_id)
    return lock_booking(session, booking_id)[1]
