import datetime as dt
import hashlib
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, make_url, select
from sqlalchemy.orm import Session

from lending.accounts.tables import Person, RoleGrant
from lending.catalog.tables import ContentsCheck, Copy, Document, Title
from lending.core.barcodes import has_valid_key
from lending.core.database import Database
from lending.core.tables import OutboxRow
from lending.demo.accounts import DEMO_ACCOUNTS, TEACHER
from lending.demo.service import is_empty, load_demo
from lending.demo.towns import LENDING_DEPARTMENTS, REGION_DEPARTMENTS
from lending.loans import jobs
from lending.loans.queries.terms import Terms, TermsBook
from lending.loans.rules.periods import DAY, Period
from lending.loans.tables import Booking
from lending.network.rules import parse_uai
from lending.network.tables import Affiliation, Association, Depot, Opening, Organisation, School
from lending.settings import Settings
from lending.wiring import Services, build
from tests.kit.clock import MONDAY_MORNING, FixedClock

SEED = 7
TODAY = MONDAY_MORNING.date()
SATURDAY = 5
WEDNESDAY = 2
IN_SUMMER = dt.datetime(2027, 8, 12, 9, 0, tzinfo=dt.UTC)
AT_CHRISTMAS = dt.datetime(2027, 1, 2, 9, 0, tzinfo=dt.UTC)


def services_on(database_url: str, folder: Path, instant: dt.datetime = MONDAY_MORNING) -> Services:
    settings = Settings(
        database_url=database_url,
        search_url=f"file:{folder}/search",
        media_dir=folder / "media",
        mail_url=f"file:{folder}/mails",
        demo=True,
    )
    return build(settings, FixedClock(instant))


def demo_on(database_url: str, folder: Path, instant: dt.datetime = MONDAY_MORNING) -> Services:
    services = services_on(database_url, folder, instant)
    load_demo(services, SEED)
    return services


def sqlite_copy(template: Path, folder: Path) -> str:
    path = folder / "demo.db"
    path.write_bytes(template.read_bytes())
    return f"sqlite:///{path}"


def copied(services: Services, folder: Path) -> str:
    """The address of a copy of the SQLite database of `services`, to change things in."""
    path = folder / "copy.db"
    with closing(sqlite3.connect(str(make_url(services.settings.database_url).database))) as source:
        source.execute("vacuum into ?", (str(path),))
    return f"sqlite:///{path}"


@pytest.fixture(scope="module")
def services(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("demo")
    services = demo_on(sqlite_copy(sqlite_template, folder), folder)
    yield services
    services.close()


@pytest.fixture
def session(services: Services) -> Iterator[Session]:
    with services.db.read() as session:
        yield session


def digest(services: Services) -> str:
    """Every fact of every booking but its id."""
    columns = [column for column in Booking.__table__.columns if column.name != "id"]
    with services.db.read() as session:
        rows = session.execute(select(*columns).order_by(Booking.reference)).all()
    return hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()


def due_days(session: Session, state: str) -> list[int]:
    """Days from today to the last day of each booking in a state."""
    query = select(Booking.ends_on).where(Booking.state == state)
    return [(ends_on - DAY - TODAY).days for ends_on in session.scalars(query)]


def every_terms(session: Session) -> list[tuple[Booking, Terms]]:
    query = select(Booking, Title.kind).join(Title, Title.id == Booking.title_id)
    found = [(booking, kind) for booking, kind in session.execute(query)]
    book = TermsBook(session, {booking.depot_id for booking, _ in found})
    return [(booking, book.of(booking.depot_id, kind)) for booking, kind in found]


def check_no_copy_is_twice_away(session: Session) -> None:
    away: defaultdict[int, list[tuple[dt.date, dt.date]]] = defaultdict(list)
    is_open = Booking.state.in_(("planned", "out")) & Booking.copy_id.is_not(None)
    for row in session.scalars(select(Booking).where(is_open)):
        away[row.copy_id or 0].append((row.blocked_starts_on, row.blocked_ends_on))
    for periods in away.values():
        assert all(first[1] <= second[0] for first, second in pairwise(sorted(periods)))


def check_times_fit_states(session: Session, today: dt.date) -> None:
    for row in session.scalars(select(Booking)):
        assert row.state != "done" or row.ends_on <= today, row.reference
        assert row.state != "out" or row.starts_on <= today, row.reference
        assert row.state != "planned" or row.starts_on >= today, row.reference


def check_new_rows_get_ids(database: Database) -> None:
    with database.write() as session:
        session.add(Organisation(kind="federation", path="/new/", name="Une autre"))


def test_an_empty_database_is_empty_until_the_demo_is_in_it(database: Database, services: Services) -> None:
    assert is_empty(database)
    assert not is_empty(services.db)


def test_the_same_seed_and_day_give_the_same_bookings_on_both_databases(
    services: Services, database_url: str, tmp_path: Path
) -> None:
    again = demo_on(database_url, tmp_path)
    assert digest(again) == digest(services)
    with again.db.read() as session:
        check_no_copy_is_twice_away(session)
    check_new_rows_get_ids(again.db)
    again.close()


@pytest.mark.parametrize("instant", [IN_SUMMER, AT_CHRISTMAS], ids=["summer", "christmas"])
def test_the_demo_makes_sense_on_any_day(instant: dt.datetime, sqlite_template: Path, tmp_path: Path) -> None:
    services = demo_on(sqlite_copy(sqlite_template, tmp_path), tmp_path, instant)
    with services.db.read() as session:
        check_no_copy_is_twice_away(session)
        check_times_fit_states(session, instant.date())
    services.close()


def test_the_network_is_whole(session: Session) -> None:
    kinds = Counter(session.scalars(select(Organisation.kind)))
    assert kinds["federation"] == 1
    assert kinds["association"] == 101
    assert kinds["union"] > 20
    assert kinds["school"] > 2000


def test_every_path_leads_from_the_root_to_the_organisation(session: Session) -> None:
    organisations = session.scalars(select(Organisation)).all()
    paths = {row.id: row.path for row in organisations}
    for row in organisations:
        assert row.path == f"{paths[row.parent_id] if row.parent_id else '/'}{row.id}/"


def test_every_school_has_a_valid_code(session: Session) -> None:
    codes = session.scalars(select(School.uai)).all()
    assert [code for code in codes if parse_uai(code) != code] == []


def test_most_schools_are_affiliated_this_and_last_year(session: Session) -> None:
    by_year = Counter(session.scalars(select(Affiliation.school_year)))
    assert set(by_year) == {2025, 2026}
    assert min(by_year.values()) > 1700


def test_depots_open_on_wednesdays_and_some_on_saturdays(session: Session) -> None:
    depots = session.scalars(select(Depot.id)).all()
    open_on = defaultdict(set)
    for row in session.scalars(select(Opening)):
        open_on[row.weekday].add(row.depot_id)
    assert open_on[WEDNESDAY] | open_on[SATURDAY] >= set(depots)
    assert len(open_on[SATURDAY]) >= 2


def test_there_are_titles_of_every_kind(session: Session) -> None:
    kinds = Counter(session.scalars(select(Title.kind)))
    assert set(kinds) == {"trunk", "game", "book", "sheet"}
    assert kinds.total() >= 300


def test_every_lending_association_has_copies_and_home_has_most(session: Session) -> None:
    query = select(Association.code).join(Copy, Copy.owner_id == Association.organisation_id)
    owners = Counter(session.scalars(query))
    assert set(owners) == {*LENDING_DEPARTMENTS, *REGION_DEPARTMENTS}
    assert owners.total() >= 1500
    assert owners.most_common(1)[0][0] == "35"


def test_every_label_can_be_scanned(session: Session) -> None:
    assert [code for code in session.scalars(select(Copy.code)) if not has_valid_key(code)] == []


def test_pictures_and_documents_can_be_opened(services: Services, session: Session) -> None:
    names = {*session.scalars(select(Title.picture)), *session.scalars(select(Document.media_key))}
    for name in names:
        assert services.media.open(str(name)).content


def test_each_account_of_the_demo_has_its_role(session: Session) -> None:
    query = select(Person.email, RoleGrant.role).join(RoleGrant, RoleGrant.person_id == Person.id)
    roles = {(email, role) for email, role in session.execute(query)}
    assert {(account.email, account.role.value) for account in DEMO_ACCOUNTS} <= roles


def test_no_copy_is_twice_away(session: Session) -> None:
    check_no_copy_is_twice_away(session)


def test_loans_keep_their_copies_as_long_as_the_rules_say(session: Session) -> None:
    for booking, terms in every_terms(session):
        period = Period(booking.starts_on, booking.ends_on)
        around = terms.buffers.around(period)
        ends_on = around.ends_on
        if booking.state == "out":
            ends_on = terms.buffers.end_while_out(period, ends_on, TODAY)
        assert (booking.blocked_starts_on, booking.blocked_ends_on) == (around.starts_on, ends_on), booking.reference


def test_things_are_fetched_and_brought_back_on_open_days(session: Session) -> None:
    for booking, terms in every_terms(session):
        assert terms.calendar.is_open(booking.starts_on), booking.reference
        assert terms.calendar.is_open(booking.ends_on - DAY), booking.reference


def test_no_loan_is_longer_than_allowed(session: Session) -> None:
    for booking, terms in every_terms(session):
        length = Period(booking.starts_on, booking.ends_on).length_days
        assert length <= terms.rule.max_loan_days, booking.reference


def test_no_school_has_more_open_loans_than_allowed(session: Session) -> None:
    found: Counter[int | None] = Counter()
    allowed: dict[int | None, int] = {}
    for booking, terms in every_terms(session):
        if booking.state in ("planned", "out"):
            found[booking.school_id] += 1
            allowed[booking.school_id] = max(allowed.get(booking.school_id, 0), terms.rule.max_open_loans)
    assert [school for school, times in found.items() if times > allowed[school]] == []


def test_times_fit_states(session: Session) -> None:
    check_times_fit_states(session, TODAY)


def test_there_is_something_of_everything(session: Session) -> None:
    states = Counter(session.scalars(select(Booking.state)))
    assert min(states["done"], states["out"], states["planned"]) > 300
    out = due_days(session, "out")
    assert {0, 1, 3} <= set(out)
    assert any(-20 <= days <= -2 for days in out)


def test_some_reservations_begin_today_at_home(session: Session) -> None:
    home = select(Association.organisation_id).where(Association.code == "35").scalar_subquery()
    today = Booking.starts_on == TODAY
    query = select(func.count()).where(Booking.association_id == home, today, Booking.state == "planned")
    assert (session.scalar(query) or 0) >= 2


def test_one_reservation_is_at_risk(session: Session) -> None:
    rows = session.scalars(select(Booking).where(Booking.copy_id.is_(None))).all()
    assert [row.state for row in rows] == ["planned"]


def test_one_copy_waits_for_what_is_missing(session: Session) -> None:
    query = select(Copy.id).join(ContentsCheck, ContentsCheck.copy_id == Copy.id)
    incomplete = session.scalars(query.where(Copy.status == "blocked", ContentsCheck.outcome == "incomplete")).all()
    assert len(incomplete) == 1


def test_some_returns_were_checked_and_found_complete(session: Session) -> None:
    query = select(Booking).join(ContentsCheck, ContentsCheck.id == Booking.return_check_id)
    rows = session.scalars(query.where(ContentsCheck.outcome == "complete")).all()
    assert len(rows) >= 20
    assert {row.state for row in rows} == {"done"}


def test_the_teacher_is_in_the_middle_of_the_year(session: Session) -> None:
    query = select(Booking).join(Person, Person.id == Booking.person_id).where(Person.email == TEACHER.email)
    mine = session.scalars(query).all()
    states = Counter(row.state for row in mine)
    out = sorted((row.ends_on - DAY - TODAY).days for row in mine if row.state == "out")
    assert len(out) == 2
    assert out[0] < 0 <= out[1] <= 5
    assert states["planned"] >= 1
    assert states["done"] >= 2


def test_the_teacher_works_at_a_primary_school_of_the_home_department(session: Session) -> None:
    query = select(Organisation.name, School.postcode).join(School, School.organisation_id == Organisation.id)
    query = query.join(RoleGrant, RoleGrant.organisation_id == Organisation.id)
    query = query.join(Person, Person.id == RoleGrant.person_id).where(Person.email == TEACHER.email)
    name, postcode = session.execute(query).one()
    assert name.lower().startswith(("école", "ecole"))
    assert str(postcode).startswith("35")


def test_nothing_was_announced_but_the_jobs_find_a_sensible_number(services: Services, tmp_path: Path) -> None:
    own = services_on(copied(services, tmp_path), tmp_path)
    with own.db.read() as session:
        assert session.scalars(select(OutboxRow.topic)).all() == []
    soon, late = jobs.announce_due_soon(own.loans), jobs.announce_overdue(own.loans)
    assert 1 <= soon <= 50
    assert 1 <= late <= 30
    assert soon + late < 60
    own.close()
