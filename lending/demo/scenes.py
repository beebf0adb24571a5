"""Situations that every visitor of the demonstration should meet, whatever chance made of the rest."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, cycle

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lending.catalog.tables import ContentLine, ContentsCheck, ContentsCheckLine, ContentSection, Copy, Title
from lending.demo.bookings import at_noon
from lending.demo.network import DemoNetwork
from lending.demo.towns import HOME
from lending.loans.queries.terms import Terms, TermsBook
from lending.loans.rules.periods import DAY, Period
from lending.loans.tables import Booking


@dataclass
class Stage:
    """Places bookings on copies that nobody uses otherwise."""

    session: Session
    network: DemoNetwork
    today: dt.date
    now: dt.datetime

    def __post_init__(self) -> None:
        """Look up what is idle at home."""
        self._home = self.network.associations[HOME]
        self._depot = self.network.depots[self._home][0]
        self._book = TermsBook(self.session, [self._depot])
        self._numbers = count(1)
        self._idle = self._idle_trunks()
        self._neighbours = cycle(self.network.neighbours)

    def _idle_trunks(self) -> Iterator[Copy]:
        query = (
            select(Copy)
            .join(Title, Title.id == Copy.title_id)
            .where(Copy.depot_id == self._depot, Title.kind == "trunk")
            .where(Copy.id.not_in(select(Booking.copy_id).where(Booking.copy_id.is_not(None))))
            .order_by(Copy.id)
        )
        return iter(self.session.scalars(query).all())

    def next_copy(self) -> Copy:
        """A trunk on the shelf that nobody reserved."""
        return next(self._idle)

    def next_only_copy(self) -> Copy:
        """A trunk of which the depot has one copy."""
        only = select(Copy.title_id).where(Copy.depot_id == self._depot).group_by(Copy.title_id)
        titles = set(self.session.scalars(only.having(func.count() == 1)))
        return next(copy for copy in self._idle if copy.title_id in titles)

    @property
    def terms(self) -> Terms:
        """What holds for trunks at home."""
        return self._book.of(self._depot, "trunk")

    def open_day(self, days: int) -> dt.date:
        """The open day that is `days` from today, else the nearest one farther from today."""
        day, calendar = self.today + days * DAY, self.terms.calendar
        found = calendar.previous_open_day(day) if days < 0 else calendar.next_open_day(day)
        return found or day

    def book(self, copy: Copy, starts_in: int, due_in: int, state: str, *, is_mine: bool = True) -> Booking:
        """A booking of a copy from one open day to another, counted from today."""
        period = Period.through(self.open_day(starts_in), self.open_day(due_in))
        blocked = self.terms.buffers.around(period)
        ends_on = blocked.ends_on
        if state == "out":
            ends_on = self.terms.buffers.end_while_out(period, ends_on, self.today)
        booking = Booking(
            reference=f"DEMO-{next(self._numbers):04d}",
            copy_id=copy.id,
            title_id=copy.title_id,
            association_id=self._home,
            depot_id=self._depot,
            state=state,
            school_id=self._school_id(is_mine=is_mine),
            person_id=self.network.home_teacher_id if is_mine else None,
            starts_on=period.starts_on,
            ends_on=period.ends_on,
            blocked_starts_on=blocked.starts_on,
            blocked_ends_on=ends_on,
            created_at=min(self.now, at_noon(period.starts_on - 20 * DAY)),
            checked_out_at=min(self.now, at_noon(period.starts_on)) if state in ("out", "done") else None,
            returned_at=at_noon(period.due_on) if state == "done" else None,
        )
        self.session.add(booking)
        self.session.flush()
        return booking

    def _school_id(self, *, is_mine: bool) -> int:
        return self.network.home_school_id if is_mine else next(self._neighbours)


def set_scenes(session: Session, network: DemoNetwork, today: dt.date, now: dt.datetime) -> None:
    """A teacher in the middle of the year, and a depot with something of everything to do."""
    stage = Stage(session, network, today, now)
    stage.book(stage.next_copy(), -24, 3, "out")
    stage.book(stage.next_copy(), -40, -9, "out")
    stage.book(stage.next_copy(), 14, 42, "planned")
    for starts_in, due_in in ((-290, -265), (-205, -180), (-120, -95), (-80, -52)):
        stage.book(stage.next_copy(), starts_in, due_in, "done")
    for due_in in (28, 21):
        stage.book(stage.next_copy(), 0, due_in, "planned", is_mine=False)
    stage.book(stage.next_copy(), -28, 0, "out", is_mine=False)
    _break_a_promise(stage)
    _leave_incomplete(stage)
    _reserve_for_weeks(stage)
    session.flush()


def _break_a_promise(stage: Stage) -> None:
    """The only copy of a trunk is late, and somebody was promised it for these days: at risk until it is back."""
    copy = stage.next_only_copy()
    late = stage.book(copy, -45, -4, "out", is_mine=False)
    promised = stage.book(stage.next_copy(), 2, 26, "planned", is_mine=False)
    promised.copy_id, promised.title_id = None, late.title_id


def _leave_incomplete(stage: Stage) -> None:
    """A trunk that came back without one of its things, and waits for it."""
    copy = stage.next_copy()
    loan = stage.book(copy, -35, -6, "done", is_mine=False)
    line = stage.session.scalars(
        select(ContentLine)
        .join(ContentSection, ContentSection.id == ContentLine.section_id)
        .where(ContentSection.title_id == copy.title_id)
        .order_by(ContentSection.rank, ContentLine.rank)
    ).first()
    check = ContentsCheck(
        copy_id=copy.id, reason="return", outcome="incomplete", checked_at=at_noon(loan.ends_on - DAY)
    )
    stage.session.add(check)
    stage.session.flush()
    if line is not None:
        found = {"expected": line.quantity, "found": line.quantity - 1}
        stage.session.add(ContentsCheckLine(check_id=check.id, line_id=line.id, **found))
    loan.return_check_id, copy.status = check.id, "blocked"


def _reserve_for_weeks(stage: Stage) -> None:
    """A trunk that everybody wants: taken until spring."""
    copy, starts_in = stage.next_copy(), 7
    for _ in range(3):
        booking = stage.book(copy, starts_in, starts_in + 30, "planned", is_mine=False)
        # The next one is prepared on open days of its own, and a short loan fits between.
        ready_on = stage.terms.calendar.after_open_days(booking.blocked_ends_on, stage.terms.rule.preparation_days)
        starts_in = (ready_on - stage.today).days + 14
