"""Contents that were counted when trunks came back: the newest returns at home, all complete."""

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from lending.catalog.tables import ContentLine, ContentsCheck, ContentsCheckLine, ContentSection, Title
from lending.demo.network import DemoNetwork
from lending.demo.towns import HOME
from lending.loans.tables import Booking

CHECKED_RETURNS = 60


def check_returns(session: Session, network: DemoNetwork) -> None:
    """Write a complete check for each of the newest returns that have none."""
    query = (
        select(Booking)
        .join(Title, Title.id == Booking.title_id)
        .where(Booking.state == "done", Booking.return_check_id.is_(None), Title.kind == "trunk")
        .where(Booking.association_id == network.associations[HOME])
        .order_by(Booking.returned_at.desc(), Booking.reference)
        .limit(CHECKED_RETURNS)
    )
    loans = session.scalars(query).all()
    checks = [
        ContentsCheck(copy_id=loan.copy_id, reason="return", outcome="complete", checked_at=loan.returned_at)
        for loan in loans
    ]
    session.add_all(checks)
    session.flush()
    lines = _lines(session, {loan.title_id for loan in loans})
    found: list[dict[str, int]] = []
    for loan, check in zip(loans, checks, strict=True):
        loan.return_check_id = check.id
        found += [
            {"check_id": check.id, "line_id": line_id, "expected": quantity, "found": quantity}
            for title_id, line_id, quantity in lines
            if title_id == loan.title_id
        ]
    session.flush()
    if found:
        session.execute(insert(ContentsCheckLine), found)


def _lines(session: Session, title_ids: set[int]) -> list[tuple[int, int, int]]:
    query = (
        select(ContentSection.title_id, ContentLine.id, ContentLine.quantity)
        .join(ContentLine, ContentLine.section_id == ContentSection.id)
        .where(ContentSection.title_id.in_(title_ids))
        .order_by(ContentSection.title_id, ContentLine.id)
    )
    return [(title_id, line_id, quantity) for title_id, line_id, quantity in session.execute(query)]
