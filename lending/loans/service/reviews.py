"""Use cases of reviews: each public method is one transaction."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog.errors import UnknownLevel
from lending.catalog.queries.titles import access
from lending.catalog.queries.vocabularies import term_codes
from lending.catalog.rules import can_see, check_version, clean_line, clean_text
from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import NotFound, Unauthenticated
from lending.core.paging import MAX_PAGE_SIZE, decode_cursor
from lending.loans.queries import reservations, reviews
from lending.loans.rules.reviews import check_review
from lending.loans.schemas import Reservation
from lending.loans.schemas.reviews import NewReview, ReviewView, TitleReviews
from lending.loans.service.locking import lock_booking
from lending.loans.service.parties import own_loan, require_party
from lending.loans.tables import Review

ASKED_FOR = dt.timedelta(days=60)
MOST_ASKED = 3


class Reviews:
    """What teachers tell each other about titles after they had them."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Takes the database and the source of now."""
        self._db = db
        self._clock = clock

    def of_title(self, actor: Actor, title_id: int, cursor: str | None = None, limit: int = 20) -> TitleReviews:
        """What was told about a title: public, as the title is. Raises NotFound, BadCursor."""
        after, size = decode_cursor(cursor) if cursor else None, max(1, min(limit, MAX_PAGE_SIZE))
        with self._db.read() as session:
            place = access(session, [title_id]).get(title_id)
            if place is None or not can_see(actor, place.visibility, place.owner_path):
                raise NotFound
            return reviews.of_title(session, actor, title_id, after, size)

    def of_booking(self, actor: Actor, booking_id: int) -> ReviewView | None:
        """The review of a loan, hidden or not: for its school and the lender's staff. Raises NotFound, Forbidden."""
        with self._db.read() as session:
            require_party(session, actor, booking_id, Role.STAFF, Role.COORDINATOR)
            return reviews.of_booking(session, actor, booking_id)

    def wanted(self, actor: Actor) -> list[Reservation]:
        """The latest loans of the person's schools that nobody told about yet. Raises Unauthenticated."""
        if not actor.is_signed_in:
            raise Unauthenticated
        schools, now = [grant.organisation_id for grant in actor.grants_of(Role.TEACHER)], self._clock.now()
        with self._db.read() as session:
            return reviews.wanted(session, schools, now - ASKED_FOR, now, MOST_ASKED)

    def write(self, actor: Actor, booking_id: int, new: NewReview) -> ReviewView:
        """Tell how a loan went, or tell it otherwise; what is hidden stays hidden. For the teachers of its school.

        Raises NotFound, Forbidden, ReviewTooEarly, BadRating, TipTooLong, UnknownLevel, VersionChanged.
        """
        tip = clean_text(new.tip)
        with self._db.write() as session:
            booking = own_loan(session, actor, booking_id)
            check_review(booking.state, booking.reference, new.rating, tip)
            if new.level and new.level not in term_codes(session, "level"):
                raise UnknownLevel(code=new.level)
            review = _of(session, booking_id) or Review(booking_id=booking_id, title_id=booking.title_id, version=0)
            check_version(review.version, new.version)
            review.person_id, review.rating, review.tip = actor.person_id, new.rating, tip
            review.level, review.is_signed = new.level or None, new.is_signed
            review.written_at = self._clock.now()
            review.version += 1
            session.add(review)
            session.flush()
            return reviews.one(session, actor, review.id)

    def erase(self, actor: Actor, booking_id: int) -> None:
        """Take one's words back: for the teachers of the school. Raises NotFound, Forbidden."""
        with self._db.write() as session:
            own_loan(session, actor, booking_id)
            review = _of(session, booking_id)
            if review is None:
                raise NotFound
            session.delete(review)

    def hide(self, actor: Actor, review_id: int, reason: str = "") -> ReviewView:
        """Show it to nobody but its school: for the staff of the title's owner or of the lender.

        Raises NotFound, Forbidden.
        """
        with self._db.write() as session:
            review = _to_moderate(session, actor, review_id)
            review.hidden_at = review.hidden_at or self._clock.now()
            review.hidden_by_id, review.hidden_because = actor.person_id, clean_line(reason)[:500]
            review.version += 1
            session.flush()
            return reviews.one(session, actor, review_id)

    def show(self, actor: Actor, review_id: int) -> ReviewView:
        """Show it again. Raises NotFound, Forbidden."""
        with self._db.write() as session:
            review = _to_moderate(session, actor, review_id)
            review.hidden_at, review.hidden_by_id, review.hidden_because = None, None, ""
            review.version += 1
            session.flush()
            return reviews.one(session, actor, review_id)


def _of(session: Session, booking_id: int) -> Review | None:
    query = select(Review).where(Review.booking_id == booking_id)
    return session.scalar(query.execution_options(populate_existing=True))


def _to_moderate(session: Session, actor: Actor, review_id: int) -> Review:
    review = session.get(Review, review_id)
    if review is None:
        raise NotFound
    lock_booking(session, review.booking_id)
    session.refresh(review)
    owner = access(session, [review.title_id])[review.title_id].owner_path
    if not actor.covers(owner, Role.STAFF):
        actor.require(reservations.scope(session, review.booking_id).association_path, Role.STAFF)
    return review
