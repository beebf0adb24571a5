"""Reviews as people see them."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from lending.accounts.tables import Person
from lending.catalog.queries.vocabularies import label_column
from lending.catalog.tables import Term, Title
from lending.core.actor import Actor, Role
from lending.core.errors import NotFound
from lending.core.paging import Cursor, encode_cursor
from lending.loans.queries import reservations
from lending.loans.rules.reviews import mean_of
from lending.loans.rules.states import Cause, State
from lending.loans.schemas import Reservation
from lending.loans.schemas.reviews import ReviewView, TitleReviews
from lending.loans.tables import Booking, Review
from lending.network.tables import Organisation

Owner, Lender, Borrower = aliased(Organisation), aliased(Organisation), aliased(Organisation)


def rows() -> Select[Review, str, str, str, str, str]:
    """Reviews with the names around them, and the two places whose staff may hide them."""
    return (
        select(
            Review,
            label_column().label("level_label"),
            Person.name.label("person"),
            Borrower.name.label("school"),
            Owner.path.label("owner_path"),
            Lender.path.label("lender_path"),
        )
        .join(Booking, Booking.id == Review.booking_id)
        .join(Title, Title.id == Review.title_id)
        .join(Owner, Owner.id == Title.owner_id)
        .join(Lender, Lender.id == Booking.association_id)
        .outerjoin(Borrower, Borrower.id == Booking.school_id)
        .outerjoin(Person, Person.id == Review.person_id)
        .outerjoin(Term, and_(Term.vocabulary == "level", Term.code == Review.level))
    )


def of_booking(session: Session, actor: Actor, booking_id: int) -> ReviewView | None:
    """The review of a loan, if there is one."""
    found = session.execute(rows().where(Review.booking_id == booking_id)).first()
    return _view(found, actor) if found else None


def one(session: Session, actor: Actor, review_id: int) -> ReviewView:
    """One review. Raises NotFound."""
    found = session.execute(rows().where(Review.id == review_id)).first()
    if found is None:
        raise NotFound
    return _view(found, actor)


def of_title(session: Session, actor: Actor, title_id: int, after: Cursor | None, size: int) -> TitleReviews:
    """What was told about a title; who may hide reviews sees those that are hidden too."""
    is_shown = Review.hidden_at.is_(None)
    ratings = session.scalars(select(Review.rating).where(Review.title_id == title_id, is_shown)).all()
    query = rows().where(Review.title_id == title_id, or_(is_shown, *_kept_by(actor)))
    if after is not None:
        query = query.where(Review.id < after.id)
    found = [_view(row, actor) for row in session.execute(query.order_by(Review.id.desc()).limit(size + 1))]
    cursor = encode_cursor(Cursor("", found[size - 1].id)) if len(found) > size else None
    return TitleReviews(count=len(ratings), mean=mean_of(ratings), items=found[:size], next_cursor=cursor)


def wanted(
    session: Session, school_ids: Sequence[int], since_at: dt.datetime, now: dt.datetime, most: int
) -> list[Reservation]:
    """Loans of these schools that came back since then and that nobody told about, the latest first."""
    is_over = (Booking.state == State.DONE.value, Booking.cause == Cause.LOAN.value, Booking.returned_at >= since_at)
    is_silent = ~select(Review.id).where(Review.booking_id == Booking.id).exists()
    query = reservations.rows().where(Booking.school_id.in_(school_ids), *is_over, is_silent)
    return reservations.views(session, query.order_by(Booking.returned_at.desc(), Booking.id).limit(most), now)


def _kept_by(actor: Actor) -> list[ColumnElement[bool]]:
    """Below whose places the person looks after reviews."""
    paths = [grant.path for grant in actor.grants_of(Role.STAFF, Role.ADMIN)]
    return [place.path.startswith(path, autoescape=True) for path in paths for place in (Owner, Lender)]


def _view(row: Row[Review, str, str, str, str, str], actor: Actor) -> ReviewView:
    review: Review = row.Review
    may_hide = any(actor.covers(path, Role.STAFF) for path in (row.owner_path, row.lender_path))
    names = [name for name in (row.person, row.school) if name]
    return ReviewView(
        id=review.id,
        title_id=review.title_id,
        rating=review.rating,
        level=review.level,
        level_label=row.level_label or "",
        tip=review.tip,
        is_signed=review.is_signed,
        signature=", ".join(names) if review.is_signed else "",
        written_at=review.written_at,
        is_hidden=review.hidden_at is not None,
        hidden_because=review.hidden_because,
        may_hide=may_hide,
        version=review.version,
    )
