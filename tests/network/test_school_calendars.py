import datetime as dt

import pytest

from lending.core.actor import Role
from lending.core.database import Database
from lending.core.errors import Forbidden
from lending.network import calendar_queries
from lending.network.public_holidays import territory_of
from lending.network.rules import BadSchoolPeriods, SchoolCalendarChanged
from lending.network.schemas import NewClosure, SchoolPeriodView
from lending.network.school_years import published_periods
from lending.network.service import Network
from lending.network.service.school_calendars import SchoolCalendars
from tests.kit.clock import FixedClock
from tests.kit.network import create_association, create_depot, create_federation, create_person, create_union
from tests.kit.together import together

REUNION = [
    (dt.date(2026, 8, 17), dt.date(2026, 10, 10)),
    (dt.date(2026, 10, 26), dt.date(2026, 12, 19)),
    (dt.date(2027, 1, 25), dt.date(2027, 3, 6)),
    (dt.date(2027, 3, 22), dt.date(2027, 5, 8)),
    (dt.date(2027, 5, 24), dt.date(2027, 7, 10)),
]


def periods(days: list[tuple[dt.date, dt.date]], school_year: int = 2026) -> list[SchoolPeriodView]:
    return [SchoolPeriodView(n, school_year, first, last) for n, (first, last) in enumerate(days, start=1)]


def test_the_periods_of_a_zone_are_those_that_were_published() -> None:
    found = published_periods("C", 2026)
    assert found is not None
    assert [(one.starts_on, one.last_on) for one in found][2] == (dt.date(2027, 1, 4), dt.date(2027, 2, 5))
    assert [one.number for one in found] == [1, 2, 3, 4, 5]


def test_years_that_nobody_published_are_not_invented() -> None:
    assert published_periods("A", 2040) is None


def test_loading_twice_changes_nothing_and_what_was_edited_stays(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        federation = create_federation(session)
        admin = create_person(session, Role.ADMIN, federation)
    calendars = SchoolCalendars(database, clock)
    loaded = calendars.load_published()
    assert loaded >= 6
    assert calendars.load_published() == 0
    edited = calendars.one("A", 2026)
    assert edited is not None
    moved = [*edited.periods[:4], SchoolPeriodView(5, 2026, dt.date(2027, 4, 27), dt.date(2027, 7, 3))]
    calendars.set_periods(admin, "A", 2026, moved, edited.version)
    calendars.load_published()
    after = calendars.one("A", 2026)
    assert after is not None
    assert (after.source, after.periods[4].starts_on) == ("edited", dt.date(2027, 4, 27))


def test_a_zone_without_published_years_is_written_down_by_the_federation_alone(
    database: Database, clock: FixedClock
) -> None:
    with database.write() as session:
        federation = create_federation(session)
        admin = create_person(session, Role.ADMIN, federation)
        union = create_union(session, federation)
        staff = create_person(session, Role.STAFF, create_association(session, union))
    calendars = SchoolCalendars(database, clock)
    with pytest.raises(Forbidden):
        calendars.set_periods(staff, "La Réunion", 2026, periods(REUNION), 0)
    assert calendars.set_periods(admin, "La Réunion", 2026, periods(REUNION), 0).version == 1
    with pytest.raises(SchoolCalendarChanged):
        calendars.set_periods(admin, "La Réunion", 2026, periods(REUNION), 0)
    with pytest.raises(BadSchoolPeriods):
        calendars.set_periods(admin, "La Réunion", 2026, periods(REUNION[::-1]), 1)


@pytest.mark.parametrize("known", [0, 1])
def test_of_two_who_write_a_school_year_at_once_one_is_told(database: Database, clock: FixedClock, known: int) -> None:
    with database.write() as session:
        admin = create_person(session, Role.ADMIN, create_federation(session))
    calendars = SchoolCalendars(database, clock)
    for version in range(known):
        calendars.set_periods(admin, "La Réunion", 2026, periods(REUNION), version)
    wrong = together(*[lambda: calendars.set_periods(admin, "La Réunion", 2026, periods(REUNION), known)] * 2)
    assert [(type(one), getattr(one, "version", None)) for one in wrong] == [(SchoolCalendarChanged, known + 1)]
    kept = calendars.one("La Réunion", 2026)
    assert kept is not None
    assert (kept.version, len(kept.periods)) == (known + 1, len(REUNION))


def test_for_lending_the_fifth_period_ends_in_mid_june(database: Database, clock: FixedClock) -> None:
    SchoolCalendars(database, clock).load_published()
    with database.read() as session:
        found = calendar_queries.lending_periods(session, "B", dt.date(2027, 4, 1), dt.date(2027, 8, 1))
        unknown = calendar_queries.lending_periods(session, "Mayotte", dt.date(2027, 4, 1), dt.date(2027, 8, 1))
    assert [(one.number, one.last_on) for one in found] == [(4, dt.date(2027, 4, 16)), (5, dt.date(2027, 6, 15))]
    assert unknown == []


def test_several_depots_close_together_or_not_at_all(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        union = create_union(session, create_federation(session))
        here, there = create_association(session, union), create_association(session, union, code="22")
        staff = create_person(session, Role.STAFF, here)
        ours, other = [create_depot(session, here, name) for name in ("Un", "Deux")], create_depot(session, there)
    network = Network(database, clock)
    closure = NewClosure(starts_on=dt.date(2026, 12, 1), ends_on=dt.date(2026, 12, 3), reason="Neige")
    with pytest.raises(Forbidden):
        network.close_depots(staff, [ours[0].id, other.id], closure)
    assert network.depot(ours[0].id).closures == []
    closed = network.close_depots(staff, [one.id for one in ours], closure)
    assert [len(one.closures) for one in closed] == [1, 1]


def test_an_exceptional_opening_comes_and_goes(database: Database, clock: FixedClock) -> None:
    with database.write() as session:
        here = create_association(session, create_union(session, create_federation(session)))
        staff, depot = create_person(session, Role.STAFF, here), create_depot(session, here)
    network, day = Network(database, clock), clock.now().date() + dt.timedelta(days=20)
    network.open_exceptionally(staff, depot.id, day, "Portes ouvertes")
    assert [one.reason for one in network.depot(depot.id).exceptional_openings] == ["Portes ouvertes"]
    assert network.close_again(staff, depot.id, day).exceptional_openings == []


@pytest.mark.parametrize(("department", "territory"), [("67", "57"), ("35", ""), ("974", "974"), ("2A", "")])
def test_a_department_has_the_public_holidays_of_its_territory(department: str, territory: str) -> None:
    assert territory_of(department) == territory
