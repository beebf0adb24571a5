"""Offer what is free to those who wait, in their order. Everything here needs the title's lock.

Whoever opens a shelf calls this, so that nobody who asks later is served before who waits. An offer is a hold: it
keeps a copy like a loan does, and ends by itself.
"""

import datetime as dt
from typing import Any

from sqlalchemy import Row, select

from lending.catalog.rules import Status
from lending.catalog.tables import Copy
from lending.core.actor import SYSTEM
from lending.loans.queries import wishes
from lending.loans.rules.periods import Period
from lending.loans.rules.states import Cause, State
from lending.loans.rules.waiting import OFFER_LASTS, WishState, is_over
from lending.loans.service.recording import Act, record
from lending.loans.service.references import new_reference
from lending.loans.service.shelf import Shelf
from lending.loans.service.standing import Standing
from lending.loans.service.telling import tell_borrower, tell_search
from lending.loans.tables import Booking, Wish
from lending.notices.rules import NoticeKind


def serve_waiting(shelf: Shelf) -> None:
    """End what is over, then offer what is free, each wish at most once at a time."""
    queue = wishes.queue(shelf.session, shelf.title.id, shelf.terms.association_id)
    for wish in queue:
        if wish.state == WishState.OFFERED:
            _follow_up(shelf, wish)
    waiting = [wish for wish in queue if wish.state == WishState.WAITING]
    is_hopeless = bool(waiting) and not _has_copies(shelf)
    for wish in waiting:
        wish.hopeless_at = (wish.hopeless_at or shelf.now) if is_hopeless else None
        _serve(shelf, wish)
    shelf.session.flush()


def close(wish: Wish, state: WishState, now: dt.datetime) -> None:
    """End the waiting."""
    wish.state, wish.closed_at = state.value, now
    wish.version += 1


def _follow_up(shelf: Shelf, wish: Wish) -> None:
    """An offer that nobody answered ends the waiting; one that was lost to no fault of theirs does not."""
    if wishes.offer_of(shelf.session, wish.id) is not None:
        return
    latest = select(Booking).where(Booking.wish_id == wish.id).order_by(Booking.id.desc()).limit(1)
    hold = shelf.session.scalar(latest)
    if hold is not None and hold.held_until_at is not None and hold.held_until_at <= shelf.now:
        close(wish, WishState.EXPIRED, shelf.now)
        tell_borrower(shelf.session, hold, NoticeKind.OFFER_ENDED, shelf.now)
    else:
        wish.state = WishState.WAITING.value
    shelf.session.flush()


def _serve(shelf: Shelf, wish: Wish) -> None:
    window = Period(wish.starts_on, wish.ends_on)
    if is_over(window, wish.length_days, shelf.today):
        close(wish, WishState.EXPIRED, shelf.now)
    elif not is_passed_over(shelf, wish):
        _offer_first(shelf, wish, window)


def _has_copies(shelf: Shelf) -> bool:
    """Whether the association has a copy that could be lent, here or in another depot."""
    lendable = select(Copy.id).where(
        Copy.title_id == shelf.title.id,
        Copy.owner_id == shelf.terms.association_id,
        Copy.status == Status.LENDABLE.value,
    )
    return bool(shelf.copies) or shelf.session.scalar(lendable.limit(1)) is not None


def is_passed_over(shelf: Standing[Any], wish: Wish | Row[Any]) -> bool:
    """Suspended, or waiting for another depot."""
    is_suspended = wish.suspended_until_on is not None and wish.suspended_until_on > shelf.today
    return is_suspended or wish.depot_id not in (None, shelf.terms.depot_id)


def _offer_first(shelf: Shelf, wish: Wish, window: Period) -> None:
    for period in shelf.periods_in(window, wish.length_days):
        blocked = shelf.terms.buffers.around(period)
        copy_id = shelf.make_room(blocked)
        if copy_id is not None:
            _offer(shelf, wish, period, blocked, copy_id)
            return


def _offer(shelf: Shelf, wish: Wish, period: Period, blocked: Period, copy_id: int) -> None:
    hold = Booking(
        reference=new_reference(),
        title_id=shelf.title.id,
        copy_id=copy_id,
        association_id=shelf.terms.association_id,
        depot_id=shelf.terms.depot_id,
        cause=Cause.HOLD.value,
        state=State.PLANNED.value,
        school_id=wish.school_id,
        person_id=wish.person_id,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        blocked_starts_on=blocked.starts_on,
        blocked_ends_on=blocked.ends_on,
        created_at=shelf.now,
        held_until_at=shelf.now + OFFER_LASTS,
        wish_id=wish.id,
    )
    shelf.add(hold)
    wish.state = WishState.OFFERED.value
    wish.offers += 1
    wish.version += 1
    record(shelf.session, hold, Act.OFFERED, SYSTEM, shelf.now)
    tell_borrower(shelf.session, hold, NoticeKind.WISH_OFFERED, shelf.now)
    tell_search(shelf.session, shelf.title.id, shelf.now)
