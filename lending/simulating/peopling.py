"""Write the network of a simulated year into its empty database; what has a use case goes through it."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from lending.accounts.queries import actor_of
from lending.accounts.tables import Person, RoleGrant
from lending.catalog.rules import Kind
from lending.catalog.service.load_vocabularies import load_vocabularies
from lending.catalog.tables import ContentLine, ContentSection, Copy, Title
from lending.core.actor import Actor, Role
from lending.core.barcodes import make_code
from lending.loans.schemas.rules import RuleWordsIn
from lending.network.rules import school_year_of, uai_letter
from lending.network.tables import Affiliation, Association, Closure, Depot, Opening, Organisation, School
from lending.notices.rules import Delivery, NoticeKind, Rhythm
from lending.simulating.mailbox import GONE
from lending.simulating.places import PLACES, Place
from lending.simulating.world import KINDS, Borrower, Coordinator, Lender, Size, World
from lending.wiring import Services

COPIES_OF_A_TITLE = 3
UNREACHABLE_SHARE = 0.03
LATE_AFFILIATION_SHARE = 0.1
KIND_WEIGHTS = (6, 3, 1)
HOME = "@simulated.example.org"


def people_world(services: Services, size: Size, chance: random.Random) -> World:
    """The network, its stock and its rules, on the clock's day."""
    services.school_calendars.load_published()
    now = services.clock.now()
    with services.db.write() as session:
        load_vocabularies(session)
        world = _Writer(session, chance, now).world(size)
    for lender in world.lenders:
        _say_rules(services, lender)
    for one in world.coordinators.values():
        if one.gathers:
            gathered = {NoticeKind.OVERDUE_COPY: Delivery.DIGEST}
            services.preferences.choose(one.actor, gathered, Rhythm.WEEKLY)
    return world


def _say_rules(services: Services, lender: Lender) -> None:
    place = lender.place
    for kind, days in place.days_before.items():
        words = RuleWordsIn(kind=Kind(kind) if kind else None, reminder_days=days)
        services.rulebook.set_rule(lender.staff, lender.id, words)
    if place.steps:
        services.overdue_steps.set_steps(lender.staff, lender.id, place.steps)
    if place.digest != Rhythm.NEVER:
        services.preferences.choose(lender.staff, {}, Rhythm(place.digest))


class _Writer:
    """Rows that no use case writes: a network has them when it begins to use the product."""

    def __init__(self, session: Session, chance: random.Random, now: dt.datetime) -> None:
        self._session = session
        self._chance = chance
        self._now = now
        self._year = school_year_of(now.date())

    def world(self, size: Size) -> World:
        federation = self._organisation("federation", None, "Fédération")
        places = PLACES[: size.associations]
        unions = {name: self._organisation("union", federation, name) for name in {p.union: 0 for p in places}}
        coordinators = {
            name: Coordinator(self._person(Role.COORDINATOR, union), gathers=number > 0)
            for number, (name, union) in enumerate(unions.items())
        }
        schools, copies = _shares(size.schools, len(places)), _shares(size.copies, len(places))
        lenders = [
            self._lender(place, unions[place.union], *shares)
            for place, shares in zip(places, zip(schools, copies, strict=True), strict=True)
        ]
        return World(lenders, coordinators)

    def _lender(self, place: Place, union: Organisation, schools: int, copies: int) -> Lender:
        organisation = self._organisation("association", union, f"Association {place.name}")
        self._session.add(
            Association(
                organisation_id=organisation.id,
                code=place.code,
                number=place.number,
                holiday_zone=place.holiday_zone,
                holiday_territory=place.holiday_territory,
                time_zone=place.time_zone,
                email=f"association{place.code}{HOME}",
            )
        )
        depot_id = self._depot(organisation.id, place)
        return Lender(
            id=organisation.id,
            place=place,
            depot_id=depot_id,
            staff=self._person(Role.STAFF, organisation),
            titles=list(self._stock(organisation.id, place, depot_id, copies)),
            borrowers=[self._borrower(organisation, place, number) for number in range(1, schools + 1)],
        )

    def _depot(self, association_id: int, place: Place) -> int:
        depot = Depot(association_id=association_id, name=f"Dépôt {place.name}", commune=place.name)
        self._session.add(depot)
        self._session.flush()
        hours = {"opens_at": dt.time(9), "closes_at": dt.time(17)}
        self._session.add_all(Opening(depot_id=depot.id, weekday=one, **hours) for one in place.weekdays)
        for first, end in (
            ((self._year, 12, 21), (self._year + 1, 1, 4)),
            ((self._year + 1, 7, 10), (self._year + 1, 8, 28)),
        ):
            self._session.add(
                Closure(depot_id=depot.id, starts_on=dt.date(*first), ends_on=dt.date(*end), reason="Vacances")
            )
        return depot.id

    def _borrower(self, association: Organisation, place: Place, number: int) -> Borrower:
        digits = f"{place.number:03}{number:04}"
        school = self._organisation("school", association, f"École {number} de {place.name}")
        uai = digits + uai_letter(digits)
        self._session.add(School(organisation_id=school.id, uai=uai, commune=place.name, pupils=120))
        self._session.flush()
        is_late = self._chance.random() < LATE_AFFILIATION_SHARE
        for year in (self._year - 1,) if is_late else (self._year - 1, self._year):
            on = dt.date(year, 9, 1)
            self._session.add(Affiliation(school_id=school.id, school_year=year, affiliated_on=on))
        domain = GONE if self._chance.random() < UNREACHABLE_SHARE else HOME
        return Borrower(school.id, self._person(Role.TEACHER, school, domain), not is_late)

    def _stock(self, owner_id: int, place: Place, depot_id: int, copies: int) -> Iterator[int]:
        for first in range(0, copies, COPIES_OF_A_TITLE):
            count = min(COPIES_OF_A_TITLE, copies - first)
            title_id = self._title(owner_id, f"{place.name} {first // COPIES_OF_A_TITLE + 1}")
            for serial in range(first + 1, first + count + 1):
                code = make_code(place.number, serial)
                self._session.add(Copy(title_id=title_id, code=code, owner_id=owner_id, depot_id=depot_id))
            yield title_id

    def _title(self, owner_id: int, name: str) -> int:
        """A title with one line of contents."""
        kind = self._chance.choices(KINDS, KIND_WEIGHTS)[0]
        times = {"created_at": self._now, "updated_at": self._now}
        title = Title(kind=kind, owner_id=owner_id, name=f"Coopérer {name}", visibility="published", **times)
        self._session.add(title)
        self._session.flush()
        section = ContentSection(title_id=title.id, rank=1, name="Contenu")
        self._session.add(section)
        self._session.flush()
        line = ContentLine(section_id=section.id, rank=1, name="Cartes", quantity=24, value_cents=150)
        self._session.add(line)
        return title.id

    def _organisation(self, kind: str, parent: Organisation | None, name: str) -> Organisation:
        row = Organisation(kind=kind, parent_id=parent.id if parent else None, path=f"{kind}:{name}"[:80], name=name)
        self._session.add(row)
        self._session.flush()
        row.path = f"{parent.path if parent else '/'}{row.id}/"
        self._session.flush()
        return row

    def _person(self, role: Role, organisation: Organisation, domain: str = HOME) -> Actor:
        address = f"{role.value}.{organisation.id}{domain}"
        person = Person(email=address, name=f"{role.value} {organisation.name}"[:120], created_at=self._now)
        self._session.add(person)
        self._session.flush()
        self._session.add(RoleGrant(person_id=person.id, role=role.value, organisation_id=organisation.id))
        self._session.flush()
        return actor_of(self._session, person.id)


def _shares(count: int, parts: int) -> Sequence[int]:
    """A number in parts that differ by one at most."""
    return [count // parts + (number < count % parts) for number in range(parts)]
