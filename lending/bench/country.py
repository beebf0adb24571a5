"""A whole country's lending, made up: half a million copies and two million bookings, or fewer in proportion.

Each association has two depots and a twelfth as many titles as copies. One copy in ten is out (one of ten of these
is late), one in fourteen is promised; one title in fifty is in demand: each of its copies is promised four times,
a fifth of it pinned.
"""

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from lending.accounts.tables import Person, RoleGrant
from lending.bench.bulk import insert_rows
from lending.catalog.tables import Copy, Title
from lending.core.barcodes import make_code
from lending.loans.tables import Booking, LoanRule, rule_scope
from lending.network.rules import school_year_of, uai_letter
from lending.network.tables import Affiliation, Association, Closure, Depot, Opening, Organisation, School

ASSOCIATIONS = 102
COPIES_OF_A_TITLE = 12
BOOKINGS_OF_A_COPY = 4
BOOKINGS_OF_A_SCHOOL = 45
IN_DEMAND = 50
OUT_SHARE, LATE_SHARE, PROMISED_SHARE, PINNED_SHARE = 0.1, 0.1, 0.07, 0.2
LOAN_DAYS = 28
REMINDER_DAYS = 3
DAY = dt.timedelta(days=1)
FEDERATION, UNION, FIRST_ASSOCIATION = 1, 2, 3
FIRST_SCHOOL = FIRST_ASSOCIATION + ASSOCIATIONS
BOOKING_COLUMNS = (
    *("reference", "title_id", "copy_id", "association_id", "depot_id", "state", "pinned", "school_id", "person_id"),
    *("starts_on", "ends_on", "blocked_starts_on", "blocked_ends_on", "created_at", "checked_out_at", "returned_at"),
)


@dataclass(frozen=True)
class Country:
    """Which ids stand for what: whoever asks questions picks from them."""

    bookings: int
    now: dt.datetime

    @property
    def titles(self) -> int:
        """The titles are numbered from 1."""
        return max(ASSOCIATIONS, self.bookings // BOOKINGS_OF_A_COPY // COPIES_OF_A_TITLE)

    @property
    def copies(self) -> int:
        """The copies are numbered from 1, those of a title in a row."""
        return self.titles * COPIES_OF_A_TITLE

    @property
    def schools(self) -> int:
        """The schools follow the associations."""
        return max(ASSOCIATIONS, self.bookings // BOOKINGS_OF_A_SCHOOL)

    def association_of(self, title_id: int) -> int:
        """Who owns a title and its copies."""
        return FIRST_ASSOCIATION + title_id % ASSOCIATIONS

    def depot_of(self, copy_id: int) -> int:
        """Three copies of four stand in the first depot."""
        title_id = self.title_of(copy_id)
        return 2 * (title_id % ASSOCIATIONS) + (2 if copy_id % 4 == 0 else 1)

    def title_of(self, copy_id: int) -> int:
        """The title of a copy."""
        return (copy_id - 1) // COPIES_OF_A_TITLE + 1

    def code_of(self, copy_id: int) -> str:
        """The code on its label."""
        title_id = self.title_of(copy_id)
        serial = (title_id // ASSOCIATIONS) * COPIES_OF_A_TITLE + (copy_id - 1) % COPIES_OF_A_TITLE + 1
        return make_code(1 + title_id % ASSOCIATIONS, serial)

    def staff_of(self, association_id: int) -> int:
        """The person at an association's desk."""
        return association_id


def fill(connection: Connection, country: Country, bookings: Iterable[tuple[object, ...]] | None = None) -> None:
    """Everything, in the order in which it refers to one another; other bookings than the usual ones where given."""
    _network(connection, country)
    _people(connection, country)
    now = country.now
    insert_rows(
        connection,
        Title.__table__,
        ["id", "kind", "owner_id", "name", "visibility", "created_at", "updated_at"],
        (
            (n, "trunk", country.association_of(n), f"Malle {n}", "published", now, now)
            for n in range(1, country.titles + 1)
        ),
    )
    insert_rows(
        connection,
        Copy.__table__,
        ["id", "title_id", "owner_id", "code", "depot_id"],
        (
            (n, title_id, country.association_of(title_id), country.code_of(n), country.depot_of(n))
            for n in range(1, country.copies + 1)
            for title_id in (country.title_of(n),)
        ),
    )
    insert_rows(connection, Booking.__table__, BOOKING_COLUMNS, _bookings(country) if bookings is None else bookings)


def _network(connection: Connection, country: Country) -> None:
    associations = range(FIRST_ASSOCIATION, FIRST_ASSOCIATION + ASSOCIATIONS)
    schools = range(FIRST_SCHOOL, FIRST_SCHOOL + country.schools)
    insert_rows(
        connection,
        Organisation.__table__,
        ["id", "kind", "parent_id", "path", "name"],
        [
            (FEDERATION, "federation", None, "/1/", "Fédération"),
            (UNION, "union", FEDERATION, "/1/2/", "Union"),
            *((n, "association", UNION, f"/1/2/{n}/", f"Association {n}") for n in associations),
            *((n, "school", _lender(n), f"/1/2/{_lender(n)}/{n}/", f"École {n}") for n in schools),
        ],
    )
    insert_rows(
        connection,
        Association.__table__,
        ["organisation_id", "code", "number", "holiday_zone", "time_zone"],
        ((n, f"{n - 2:03}", n - 2, "B", "Europe/Paris") for n in associations),
    )
    insert_rows(
        connection,
        School.__table__,
        ["organisation_id", "uai", "commune"],
        ((n, f"{n:07}{uai_letter(f'{n:07}')}", "Commune") for n in schools),
    )
    year = school_year_of(country.now.date())
    insert_rows(
        connection,
        Affiliation.__table__,
        ["school_id", "school_year", "affiliated_on"],
        ((n, year, dt.date(year, 9, 1)) for n in schools),
    )
    _depots(connection, country)


def _depots(connection: Connection, country: Country) -> None:
    depots = range(1, 2 * ASSOCIATIONS + 1)
    day, words = country.now.date(), {"preparation_days": 1, "turnaround_days": 2, "reminder_days": REMINDER_DAYS}
    insert_rows(
        connection,
        Depot.__table__,
        ["id", "association_id", "name", "commune"],
        ((n, FIRST_ASSOCIATION + (n - 1) // 2, f"Dépôt {n}", "Commune") for n in depots),
    )
    insert_rows(
        connection,
        Opening.__table__,
        ["depot_id", "weekday", "opens_at", "closes_at"],
        ((n, weekday, dt.time(9), dt.time(17)) for n in depots for weekday in range(5)),
    )
    insert_rows(
        connection,
        Closure.__table__,
        ["depot_id", "starts_on", "ends_on", "reason"],
        ((n, day + ahead * DAY, day + (ahead + 14) * DAY, "Vacances") for n in depots for ahead in (40, 100, 200, 260)),
    )
    insert_rows(connection, LoanRule.__table__, ["scope", *words], [(rule_scope(None, None), *words.values())])


def _people(connection: Connection, country: Country) -> None:
    """A person for each association's desk and each school, with the same number as the organisation."""
    people = range(FIRST_ASSOCIATION, FIRST_SCHOOL + country.schools)
    insert_rows(
        connection,
        Person.__table__,
        ["id", "email", "name", "created_at"],
        ((n, f"person{n}@bench.example.org", f"Person {n}", country.now) for n in people),
    )
    insert_rows(
        connection,
        RoleGrant.__table__,
        ["person_id", "role", "organisation_id"],
        ((n, "staff" if n < FIRST_SCHOOL else "teacher", n) for n in people),
    )


def _lender(school_id: int) -> int:
    return FIRST_ASSOCIATION + (school_id - FIRST_SCHOOL) % ASSOCIATIONS


def _bookings(country: Country) -> Iterator[tuple[object, ...]]:
    chance = random.Random(country.bookings)  # noqa: S311 - the same country each time, no secret
    left = country.bookings
    for copy_id in range(1, country.copies + 1):
        found = list(_of_copy(country, copy_id, chance))
        left -= len(found)
        yield from found
    for number in range(left):
        copy_id = number % country.copies + 1
        yield booking_of(country, copy_id, "done", -2000 - 40 * (number // country.copies), chance)


def _of_copy(country: Country, copy_id: int, chance: random.Random) -> Iterator[tuple[object, ...]]:
    """What the copy does now and will do, then two loans of the past."""
    is_out, is_wanted = chance.random() < OUT_SHARE, country.title_of(copy_id) % IN_DEMAND == 0
    if is_out:
        ends_in = -chance.randint(1, 20) if chance.random() < LATE_SHARE else chance.randint(1, LOAN_DAYS)
        yield booking_of(country, copy_id, "out", ends_in - LOAN_DAYS, chance)
    if is_wanted:
        for turn in range(4):
            yield booking_of(country, copy_id, "planned", 45 + 70 * turn + chance.randint(0, 20), chance)
    elif chance.random() < PROMISED_SHARE:
        yield booking_of(country, copy_id, "planned", chance.randint(45, 300), chance)
    for turn in (1, 2):
        yield booking_of(country, copy_id, "done", -100 * turn, chance)


def booking_of(country: Country, copy_id: int, state: str, start: int, chance: random.Random) -> tuple[object, ...]:
    title_id = country.title_of(copy_id)
    school_id = (
        FIRST_SCHOOL + (title_id % ASSOCIATIONS) + ASSOCIATIONS * chance.randrange(country.schools // ASSOCIATIONS)
    )
    today = country.now.date()
    starts_on, ends_on = today + start * DAY, today + (start + LOAN_DAYS) * DAY
    return (
        f"{chance.getrandbits(48):012X}",
        title_id,
        copy_id,
        country.association_of(title_id),
        country.depot_of(copy_id),
        state,
        state == "planned" and chance.random() < PINNED_SHARE,
        school_id,
        school_id,
        starts_on,
        ends_on,
        starts_on - 2 * DAY,
        max(ends_on, today + DAY if state == "out" else ends_on) + 3 * DAY,
        country.now - 400 * DAY,
        None if state == "planned" else country.now - max(1, -start) * DAY,
        country.now + (start + LOAN_DAYS) * DAY if state == "done" else None,
    )
