"""A small world of lending: an association, a depot, a title with copies, schools and people."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lending.catalog.tables import ContentLine, Copy, Title
from lending.core.actor import Actor, Role
from lending.core.clock import today_in
from lending.core.database import Database
from lending.loans.schemas import NewReservation, Reservation
from lending.loans.service import Loans
from lending.loans.tables import Booking, LoanRule, rule_scope
from lending.network.tables import Depot, Organisation
from lending.notices.tables import Notice
from tests.kit.catalog import create_contents, create_copies, create_title
from tests.kit.clock import FixedClock
from tests.kit.network import (
    create_association,
    create_depot,
    create_federation,
    create_person,
    create_school,
    create_union,
)

DAY = dt.timedelta(days=1)
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


def create_rule(
    session: Session,
    association_id: int | None = None,
    kind: str | None = None,
    borrowers: str | None = None,
    **words: object,
) -> None:
    """A rule of lending for an association and a kind, or for all of them."""
    place = {"association_id": association_id, "kind": kind, "borrowers": borrowers}
    session.add(LoanRule(**place, scope=rule_scope(association_id, kind, borrowers), **words))
    session.flush()


@dataclass
class World:
    """A depot in Rennes that is open every day unless told otherwise, and everybody around it."""

    db: Database
    clock: FixedClock
    loans: Loans
    federation: Organisation
    union: Organisation
    association: Organisation
    depot: Depot
    school: Organisation
    teacher: Actor
    staff: Actor
    title: Title
    copies: list[Copy]
    lines: list[ContentLine] = field(default_factory=list)

    @property
    def today(self) -> dt.date:
        """Today at the depot, where the evening of UTC is tomorrow already."""
        return today_in(self.clock, "Europe/Paris")

    def wish(self, start: int, length: int, **more: int | None) -> NewReservation:
        """A loan that starts `start` days from today and lasts `length` days."""
        first = self.today + start * DAY
        return NewReservation(
            **{"title_id": self.title.id, "school_id": self.school.id, "depot_id": self.depot.id} | more,
            starts_on=first,
            due_on=first + (length - 1) * DAY,
        )

    def reserve(self, start: int, length: int, actor: Actor | None = None, **more: int | None) -> Reservation:
        return self.loans.reserve(actor or self.teacher, self.wish(start, length, **more))

    def hand_over(self, booking: Reservation, copy: Copy | None = None) -> Reservation:
        """Hand over the planned copy, or another one."""
        code = copy.code if copy else (booking.copy_code or "")
        result = self.loans.check_out(self.staff, self.depot.id, code, booking.id)
        assert result.booking is not None
        return result.booking

    def school_with_teacher(self) -> tuple[Organisation, Actor]:
        with self.db.write() as session:
            school = create_school(session, self.association)
            return school, create_person(session, Role.TEACHER, school)

    def booking(self, booking_id: int) -> Booking:
        with self.db.read() as session:
            return session.get_one(Booking, booking_id)

    def copy_status(self, copy: Copy) -> str:
        with self.db.read() as session:
            return session.get_one(Copy, copy.id).status

    def set_copy(self, copy: Copy, **facts: object) -> None:
        """Change a copy as the catalogue does, and tell loans."""
        with self.db.write() as session:
            row = session.get_one(Copy, copy.id)
            for name, fact in facts.items():
                setattr(row, name, fact)
            session.flush()
            self.loans.replan_title(session, row.title_id, self.clock.now())

    def notices(self, kind: str | None = None) -> list[str]:
        """The keys of the messages announced, in order."""
        with self.db.read() as session:
            query = select(Notice).order_by(Notice.id)
            return [one.key for one in session.scalars(query) if kind in (None, one.kind)]

    def nudges(self) -> list[str]:
        """What the search index is to look at again."""
        with self.db.read() as session:
            query = text("select subject from outbox where topic = 'search' order by id")
            return list(session.execute(query).scalars())

    def count_bookings(self) -> int:
        with self.db.read() as session:
            return len(session.scalars(select(Booking.id)).all())


def create_world(
    db: Database,
    clock: FixedClock,
    *,
    copies: int = 2,
    weekdays: Sequence[int] = EVERY_DAY,
    with_contents: bool = False,
    kind: str = "trunk",
    **words: object,
) -> World:
    """Preparation takes one day and turnaround two, unless `words` of the rule say otherwise."""
    rule = {"preparation_days": 1, "turnaround_days": 2, "lead_days": 0, "max_open_loans": 1000} | words
    with db.write() as session:
        federation = create_federation(session)
        union = create_union(session, federation)
        association = create_association(session, union)
        depot = create_depot(session, association, weekdays=tuple(weekdays))
        school = create_school(session, association)
        teacher = create_person(session, Role.TEACHER, school)
        staff = create_person(session, Role.STAFF, association, "Dominique Le Goff")
        title = create_title(session, federation, kind=kind, levels=["CE1"], themes=["cooperation"])
        lines = create_contents(session, title) if with_contents else []
        create_rule(session, **rule)
        return World(
            db=db,
            clock=clock,
            loans=Loans(db, clock),
            federation=federation,
            union=union,
            association=association,
            depot=depot,
            school=school,
            teacher=teacher,
            staff=staff,
            title=title,
            copies=create_copies(session, title, depot, copies),
            lines=lines,
        )
