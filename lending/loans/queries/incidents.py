"""Incidents with the names around them."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import Session, aliased

from lending.accounts.tables import Person
from lending.catalog.tables import Copy, Title
from lending.core.barcodes import parse_scan, shown
from lending.core.errors import NotFound
from lending.core.paging import Cursor, Page, encode_cursor
from lending.loans.rules.incidents import (
    COSTLY,
    OUTCOMES,
    IncidentKind,
    IncidentState,
    Payer,
    Settled,
    debt_of,
)
from lending.loans.rules.states import State
from lending.loans.schemas.incidents import IncidentFilter, IncidentView
from lending.loans.tables import Booking, Incident
from lending.network.tables import Organisation

Owner, Keeper, Borrower = aliased(Organisation), aliased(Organisation), aliased(Organisation)
Opener, Closer = aliased(Person), aliased(Person)
Row = tuple[Incident, Copy, Title, str, str, Booking | None, str | None, str | None, str | None]


def rows() -> Select[*Row]:
    """Incidents with their copies, loans and people."""
    return (
        select(Incident, Copy, Title, Owner.name, Keeper.name, Booking, Borrower.name, Opener.name, Closer.name)
        .join(Copy, Copy.id == Incident.copy_id)
        .join(Title, Title.id == Copy.title_id)
        .join(Owner, Owner.id == Incident.owner_id)
        .join(Keeper, Keeper.id == Incident.keeper_id)
        .outerjoin(Booking, Booking.id == Incident.booking_id)
        .outerjoin(Borrower, Borrower.id == Booking.school_id)
        .outerjoin(Opener, Opener.id == Incident.opened_by_id)
        .outerjoin(Closer, Closer.id == Incident.closed_by_id)
    )


def one(session: Session, incident_id: int) -> IncidentView:
    """One incident. Raises NotFound."""
    found = session.execute(rows().where(Incident.id == incident_id)).first()
    if found is None:
        raise NotFound
    return view(found)


def page(
    session: Session,
    paths: Sequence[str],
    wanted: IncidentFilter,
    kind: IncidentKind | None,
    text: str,
    after: Cursor | None,
    size: int,
) -> Page[IncidentView]:
    """The incidents on copies that associations below these paths own or lend, the latest first."""
    own = or_(
        *(Owner.path.startswith(path, autoescape=True) for path in paths),
        *(Keeper.path.startswith(path, autoescape=True) for path in paths),
    )
    query = rows().where(own, _condition(wanted), _says(text))
    if kind is not None:
        query = query.where(Incident.kind == kind.value)
    if after is not None:
        query = query.where(Incident.id < after.id)
    found = [view(row) for row in session.execute(query.order_by(Incident.id.desc()).limit(size + 1))]
    cursor = encode_cursor(Cursor("", found[size - 1].id)) if len(found) > size else None
    return Page(items=found[:size], next_cursor=cursor)


def of_booking(session: Session, booking_id: int) -> list[IncidentView]:
    """What went wrong with a loan, the latest first."""
    query = rows().where(Incident.booking_id == booking_id).order_by(Incident.id.desc())
    return [view(row) for row in session.execute(query)]


def awaits_refund(incident: Incident, booking: Booking | None) -> bool:
    """Whether the copy came back after its loss was paid, and nobody decided about the money since."""
    if incident.kind != IncidentKind.LOST or incident.outcome not in COSTLY:
        return False
    if booking is None or booking.returned_at is None or incident.closed_at is None:
        return False
    return booking.returned_at > incident.closed_at


def view(row: Row) -> IncidentView:
    """One incident as a struct."""
    incident, copy, title, owner, keeper, booking, school, opener, closer = row
    kind, outcome, paid_by = IncidentKind(incident.kind), incident.outcome, incident.paid_by
    return IncidentView(
        id=incident.id,
        kind=kind,
        state=IncidentState(incident.state),
        outcome=Settled(outcome) if outcome else None,
        cost_cents=incident.cost_cents,
        paid_by=Payer(paid_by) if paid_by else None,
        deposit="kept" if incident.deposit == "kept" else "released" if incident.deposit else None,
        note=incident.note,
        opened_at=incident.opened_at,
        opened_by=opener or "",
        closed_at=incident.closed_at,
        closed_by=closer or "",
        copy_id=copy.id,
        copy_code=shown(copy.code),
        title_id=title.id,
        title_name=title.name,
        owner_id=incident.owner_id,
        owner_name=owner,
        keeper_id=incident.keeper_id,
        keeper_name=keeper,
        booking_id=incident.booking_id,
        booking_reference=booking.reference if booking else "",
        booking_state=booking.state if booking else "",
        school_name=school or "",
        deposit_state=booking.deposit_state if booking else "none",
        deposit_cents=booking.deposit_cents if booking else 0,
        debt=debt_of(incident.owner_id, incident.keeper_id, outcome, paid_by, incident.cost_cents),
        found_at=booking.returned_at if booking and incident.kind == IncidentKind.LOST else None,
        awaits_refund=awaits_refund(incident, booking),
        outcomes=_outcomes(incident, booking),
        version=incident.version,
    )


def _outcomes(incident: Incident, booking: Booking | None) -> list[Settled]:
    if incident.state == IncidentState.SETTLED:
        return []
    is_proposal = incident.kind == IncidentKind.LOST and booking is not None and booking.state == State.OUT
    possible = {Settled.WAIVED} if is_proposal else OUTCOMES[IncidentKind(incident.kind)]
    return [one for one in Settled if one in possible]


def _condition(wanted: IncidentFilter) -> ColumnElement[bool]:
    if wanted == "all":
        return true()
    if wanted == "refund":
        is_back = Booking.returned_at > Incident.closed_at
        is_paid = Incident.outcome.in_([one.value for one in COSTLY])
        return and_(Incident.kind == IncidentKind.LOST.value, is_paid, is_back)
    return Incident.state == wanted


def _says(text: str) -> ColumnElement[bool]:
    """Part of the title's or school's name or of the loan's reference, or the copy's code."""
    words = text.strip()
    if not words:
        return true()
    columns = (Title.name, Borrower.name, Booking.reference)
    return or_(*(one.icontains(words, autoescape=True) for one in columns), Copy.code == parse_scan(words))
