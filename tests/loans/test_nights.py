"""What would be sent on a day is what is sent when that day comes, and looking changes nothing."""

import datetime as dt
from collections import defaultdict
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from lending.accounts.tables import Person
from lending.cli import main
from lending.core.actor import SYSTEM, Actor, Role
from lending.core.clock import Clock
from lending.core.database import Base, Database
from lending.core.errors import Forbidden, NotFound, Unauthenticated
from lending.core.tables import OutboxRow
from lending.loans import jobs
from lending.loans.affiliation_notices import AffiliationNoticeFacts
from lending.loans.digest_notices import DigestNoticeFacts
from lending.loans.notice_facts import BookingNoticeFacts
from lending.loans.rules.nights import BadNight
from lending.loans.rules.reminders import CopyTo, Step
from lending.loans.service.nights import Nights
from lending.loans.service.overdue_steps import OverdueSteps
from lending.network.service.school_calendars import SchoolCalendars
from lending.notices.facts import FactsBySubject
from lending.notices.rules import Delivery, NoticeKind, Rhythm, due_day_of, later_reminder_keys
from lending.notices.service import Notices
from lending.notices.service.preferences import Preferences
from lending.notices.tables import Notice
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY, World, create_world
from tests.kit.mail import FakePost, create_notices
from tests.kit.network import create_association, create_person


def facts_at(clock: Clock) -> FactsBySubject:
    return FactsBySubject(
        {
            "booking": BookingNoticeFacts(clock),
            "school": AffiliationNoticeFacts(clock),
            "digest": DigestNoticeFacts(clock),
        }
    )


@pytest.fixture
def world(database: Database, clock: FixedClock) -> World:
    return create_world(database, clock, copies=6)


@pytest.fixture
def notices(world: World) -> Notices:
    return create_notices(world.db, world.clock, FakePost(), facts_at(world.clock))


@pytest.fixture
def nights(world: World, notices: Notices) -> Nights:
    return Nights(world.db, world.clock, notices.writer, facts_at)


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables."""
    with database.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(table.select())), key=repr)
            for table in Base.metadata.sorted_tables
        }


def lend(world: World, *lengths: int) -> None:
    for length in lengths:
        world.hand_over(world.reserve(0, length))


def a_winter(world: World, notices: Notices) -> None:
    """Loans before holidays that end in them and after them, a coordinator with copies, staff with a digest."""
    SchoolCalendars(world.db, world.clock).load_published()
    world.clock.instant = dt.datetime(2027, 2, 3, 11, tzinfo=dt.UTC)
    with world.db.write() as session:
        create_person(session, Role.COORDINATOR, world.union)
    steps = [Step(1), Step(5, CopyTo.UNION), Step(12)]
    OverdueSteps(world.db).set_steps(world.staff, world.association.id, steps)
    preferences = Preferences(world.db, notices.stop_links)
    preferences.choose(world.staff, {NoticeKind.OVERDUE_COPY: Delivery.DIGEST}, Rhythm.DAILY)
    lend(world, 2, 5, 9, 20, 26)
    notices.send_waiting()
    world.clock.advance(minutes=1)


def sent_by_day(world: World, notices: Notices, days: int) -> dict[dt.date, set[tuple[str, str]]]:
    """What the jobs really did at noon of each day: the mail that went out, what was held."""
    found: dict[dt.date, set[tuple[str, str]]] = defaultdict(set)
    for number in range(days):
        if number:
            world.clock.advance(days=1)
        day, now = world.today, world.clock.now()
        jobs.announce_due_soon(world.loans)
        jobs.announce_overdue(world.loans)
        jobs.announce_digests(world.loans)
        notices.send_waiting()
        with world.db.read() as session:
            rows = session.execute(select(Notice, OutboxRow.state).join(OutboxRow, OutboxRow.key == Notice.key)).all()
        keys = {notice.key for notice, _ in rows}
        for notice, state in rows:
            if notice.sent_at == now:
                found[day].add(("mail", notice.key))
            # What a later reminder replaced, or the day overtook, still waits: to be called off when its turn comes.
            is_replaced = keys & set(later_reminder_keys(notice.key))
            is_overtaken = notice.kind == NoticeKind.DUE_SOON and (due_day_of(notice.key) or day) < day
            if state == "waiting" and notice.cancelled_at is None and not is_replaced and not is_overtaken:
                found[day].add(("hold", notice.key))
    return found


def test_what_would_be_sent_is_what_is_sent(sqlite_url: str, clock: FixedClock) -> None:
    world = create_world(Database(sqlite_url), clock, copies=6)
    notices = create_notices(world.db, world.clock, FakePost(), facts_at(world.clock))
    nights = Nights(world.db, world.clock, notices.writer, facts_at)
    a_winter(world, notices)
    days = [world.today + number * DAY for number in range(34)]
    foreseen = {}
    for day in days:
        messages = nights.preview(world.staff, world.association.id, day).messages
        reminders = [one for one in messages if one.kind != NoticeKind.DIGEST]
        foreseen[day] = {(one.way, one.key) for one in reminders}
    really = sent_by_day(world, notices, len(days))
    told = {day: {pair for pair in really[day] if not pair[1].startswith("digest")} for day in days}
    assert {day: (foreseen[day], told[day]) for day in days if foreseen[day] != told[day]} == {}
    kinds = {key.partition(":")[0] for pairs in told.values() for _, key in pairs}
    assert kinds == {"due-soon", "due-tomorrow", "overdue", "overdue-copy"}
    assert {way for pairs in told.values() for way, _ in pairs} == {"mail", "hold"}


def test_looking_changes_nothing(world: World, notices: Notices, nights: Nights) -> None:
    a_winter(world, notices)
    world.clock.advance(days=3)
    jobs.announce_overdue(world.loans)
    before = everything(world.db)
    shown = [nights.preview(SYSTEM, None, world.today + days * DAY) for days in (0, 1, 4, 12, 20)]
    assert sum(len(one.messages) for one in shown) > 5
    assert everything(world.db) == before


def test_each_message_says_to_whom_and_why(world: World, nights: Nights) -> None:
    lend(world, 10)
    night = nights.preview(world.staff, world.association.id, world.today + 8 * DAY)
    (one,) = night.messages
    assert (one.way, one.kind, one.person_name, one.email) == (
        "mail",
        "due-tomorrow",
        world.teacher.name,
        world.teacher.email,
    )
    assert one.heading.startswith("À rapporter demain")
    assert one.reason.startswith("Vous recevez ce message parce que")
    assert not one.is_written
    assert night.counted("mail") == 1


def test_what_waits_already_is_told_from_what_the_day_would_bring(world: World, nights: Nights) -> None:
    world.reserve(2, 5)
    (one,) = nights.preview(world.staff, world.association.id).messages
    assert (one.kind, one.is_written) == ("booking-confirmed", True)


def test_todays_digest_does_not_hide_tomorrows(world: World, notices: Notices, nights: Nights) -> None:
    Preferences(world.db, notices.stop_links).choose(world.staff, {}, Rhythm.DAILY)
    lend(world, 1)
    notices.send_waiting()
    world.clock.advance(days=1)
    assert jobs.announce_digests(world.loans) == 1
    assert notices.send_waiting() == 1
    messages = nights.preview(world.staff, world.association.id, world.today + DAY).messages
    assert [one.way for one in messages if one.kind == NoticeKind.DIGEST] == ["mail"]


def test_preferences_and_bad_addresses_lead_elsewhere(world: World, notices: Notices, nights: Nights) -> None:
    lend(world, 10)
    notices.send_waiting()
    Preferences(world.db, notices.stop_links).choose(world.teacher, {NoticeKind.DUE_TOMORROW: Delivery.NEVER})
    tomorrow, late = (world.today + days * DAY for days in (8, 10))
    assert [one.way for one in nights.preview(world.staff, world.association.id, tomorrow).messages] == ["show"]
    with world.db.write() as session:
        session.execute(update(Person).where(Person.id == world.teacher.person_id).values(email="nobody"))
    assert [one.way for one in nights.preview(world.staff, world.association.id, late).messages] == ["print"]


def test_each_sees_the_place_where_they_work(world: World, nights: Nights) -> None:
    with world.db.write() as session:
        other = create_association(session, world.union, code="22")
        stranger = create_person(session, Role.STAFF, other)
        coordinator = create_person(session, Role.COORDINATOR, world.union)
    lend(world, 10)
    tomorrow = world.today + 8 * DAY
    assert nights.preview(stranger, other.id, tomorrow).messages == []
    assert len(nights.preview(coordinator, world.union.id, tomorrow).messages) == 1
    for actor, place in ((stranger, world.association.id), (stranger, world.union.id), (coordinator, None)):
        with pytest.raises(Forbidden):
            nights.preview(actor, place, tomorrow)
    with pytest.raises(Forbidden):
        nights.preview(world.teacher, world.association.id, tomorrow)
    with pytest.raises(Unauthenticated):
        nights.preview(Actor(), world.association.id, tomorrow)
    with pytest.raises(NotFound):
        nights.preview(world.staff, world.school.id, tomorrow)


@pytest.mark.parametrize("days", [-1, 367])
def test_only_the_coming_year_is_foreseen(world: World, nights: Nights, days: int) -> None:
    with pytest.raises(BadNight):
        nights.preview(world.staff, world.association.id, world.today + days * DAY)


def test_the_command_tells_a_night(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    folder = {"LENDING_SEARCH_URL": f"file:{tmp_path}/search", "LENDING_MEDIA_DIR": str(tmp_path / "media")}
    clock = FixedClock(dt.datetime.now(dt.UTC).replace(hour=11))
    world = create_world(Database(sqlite_url), clock)
    lend(world, 10)
    runner = CliRunner(env=folder | {"LENDING_DATABASE_URL": sqlite_url})
    command = ["notices", "preview", "--on", str(world.today + 8 * DAY)]
    done = runner.invoke(main, command)
    assert done.exit_code == 0, done.output
    assert f"À rapporter demain\t{world.teacher.name} <{world.teacher.email}>" in done.output
    assert "1 messages (1 mail); 0 more not looked at." in done.output
    assert runner.invoke(main, [*command, "--association", "99"]).exit_code == 1
    assert runner.invoke(main, ["notices", "preview", "--on", "2020-01-01"]).exit_code == 1
