"""The way of a letter from the announcement to the post, and what happens when something is in the way."""

import datetime as dt
from email.message import EmailMessage

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from lending.core import outbox
from lending.core.actor import ANONYMOUS, SYSTEM, Actor
from lending.core.database import Database
from lending.core.errors import Forbidden, Unauthenticated
from lending.core.i18n import speaking
from lending.core.tables import OutboxRow
from lending.notices.ports import PermanentFailureError, PostOfficeClosedError, TemporaryFailureError
from lending.notices.schemas import NoticeRecord
from lending.notices.service import NoticeNotFound, Notices
from lending.notices.tables import Notice
from tests.kit.clock import FixedClock
from tests.kit.mail import LINK, FakeFacts, FakeLinks, FakePost, create_notices, create_reader, tell

NO_SUCH_USER = PermanentFailureError("550 no such user")
NOBODY_LISTENS = PostOfficeClosedError("connection refused")


@pytest.fixture
def post() -> FakePost:
    return FakePost()


@pytest.fixture
def facts() -> FakeFacts:
    return FakeFacts()


@pytest.fixture
def links() -> FakeLinks:
    return FakeLinks()


@pytest.fixture
def notices(database: Database, clock: FixedClock, post: FakePost, facts: FakeFacts, links: FakeLinks) -> Notices:
    return create_notices(database, clock, post, facts, links)


@pytest.fixture
def reader(database: Database) -> int:
    return create_reader(database)


def records(notices: Notices) -> list[NoticeRecord]:
    return notices.overview(SYSTEM).records


def refusing(error: Exception) -> FakePost:
    def refuse(_message: EmailMessage) -> None:
        raise error

    return FakePost(refuse)


class TestAnnouncing:
    def test_a_job_that_runs_twice_sends_one_letter(
        self, database: Database, clock: FixedClock, notices: Notices, post: FakePost, reader: int
    ) -> None:
        assert tell(database, clock, reader, "due-soon", key="due-soon:12:2027-03-18")
        assert not tell(database, clock, reader, "due-soon", key="due-soon:12:2027-03-18")
        assert notices.send_waiting() == 1
        assert not tell(database, clock, reader, "due-soon", key="due-soon:12:2027-03-18")
        assert notices.send_waiting() == 0
        assert len(post.letters) == 1

    def test_c118_a_new_due_date_is_a_new_reminder(
        self,
        database: Database,
        clock: FixedClock,
        notices: Notices,
        facts: FakeFacts,
        post: FakePost,
        reader: int,
    ) -> None:
        tell(database, clock, reader, "due-soon", key="due-soon:12:2027-03-18")
        notices.send_waiting()
        facts.change(due_on=dt.date(2027, 3, 25))
        assert tell(database, clock, reader, "due-soon", key="due-soon:12:2027-03-25")
        notices.send_waiting()
        assert len(post.letters) == 2

    def test_what_is_rolled_back_is_never_sent(
        self, database: Database, clock: FixedClock, notices: Notices, reader: int
    ) -> None:
        class Undone(Exception):
            pass

        with pytest.raises(Undone), database.write() as session:
            session.execute(text("select 1"))
            assert outbox.enqueue(session, "mail", "booking:1", clock.now(), key="changed:1")
            raise Undone
        assert notices.send_waiting() == 0

    def test_c124_messages_are_never_gathered_so_that_none_can_be_split(
        self, database: Database, clock: FixedClock, notices: Notices, post: FakePost, reader: int
    ) -> None:
        for number in (12, 13, 14):
            tell(database, clock, reader, "due-soon", key=f"due-soon:{number}:2027-03-18")
        assert [notices.send_waiting(limit=2), notices.send_waiting(limit=2)] == [2, 1]
        assert len({letter["Message-ID"] for letter in post.letters}) == 3

    def test_an_unknown_kind_is_a_mistake_of_the_caller(
        self, database: Database, clock: FixedClock, reader: int
    ) -> None:
        with pytest.raises(ValueError, match="birthday"):
            tell(database, clock, reader, "birthday")


class TestSending:
    def test_c122_while_the_database_takes_no_writes_nothing_is_sent(
        self,
        database: Database,
        clock: FixedClock,
        notices: Notices,
        post: FakePost,
        reader: int,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        failure = OperationalError("update outbox", {}, OSError("disk is full"))

        def unwritable(*_args: object, **_named: object) -> None:
            raise failure

        tell(database, clock, reader, "due-soon", key="due-soon:12:2027-03-18")
        with monkeypatch.context() as patch, pytest.raises(OperationalError):
            patch.setattr(outbox, "claim", unwritable)
            notices.send_waiting()
        assert not post.letters
        assert notices.send_waiting() == 1

    def test_a_letter_is_marked_with_when_it_went_and_under_which_id(
        self, database: Database, clock: FixedClock, notices: Notices, post: FakePost, reader: int
    ) -> None:
        tell(database, clock, reader)
        notices.send_waiting()
        with database.read() as session:
            sent_at, message_id = session.execute(select(Notice.sent_at, Notice.message_id)).one()
            assert session.scalar(select(OutboxRow.state)) == "done"
        assert (sent_at, message_id) == (clock.now(), post.letters[0]["Message-ID"])

    def test_each_person_reads_their_language(
        self, database: Database, clock: FixedClock, notices: Notices, post: FakePost, reader: int
    ) -> None:
        other = create_reader(database, email="kim@ecole.example.org", language="en")
        tell(database, clock, reader, key="changed:12:1")
        tell(database, clock, other, key="changed:12:2")
        assert notices.send_waiting() == 2
        assert {letter["Content-Language"] for letter in post.letters} == {"fr", "en"}

    def test_c120_a_reminder_is_called_off_when_the_trunk_came_back(
        self,
        database: Database,
        clock: FixedClock,
        notices: Notices,
        facts: FakeFacts,
        post: FakePost,
        reader: int,
    ) -> None:
        tell(database, clock, reader, "due-soon", key="due-soon:12:2027-03-18")
        facts.change(is_relevant=False)
        assert notices.send_waiting() == 0
        assert post.letters == []
        assert [record.state for record in records(notices)] == ["cancelled"]

    def test_c119_a_reminder_of_a_former_due_date_is_called_off(
        self, database: Database, clock: FixedClock, notices: Notices, facts: FakeFacts, reader: int
    ) -> None:
        tell(database, clock, reader, "overdue", key="overdue:12:2027-03-18:1")
        facts.change(due_on=dt.date(2027, 4, 1))
        assert notices.send_waiting() == 0
        assert [record.state for record in records(notices)] == ["cancelled"]

    def test_a_letter_about_what_is_gone_is_called_off(
        self, database: Database, clock: FixedClock, notices: Notices, reader: int
    ) -> None:
        tell(database, clock, reader, subject="booking:0")
        assert notices.send_waiting() == 0
        assert [record.state for record in records(notices)] == ["cancelled"]

    def test_a_limit_leaves_the_rest_for_the_next_turn(
        self, database: Database, clock: FixedClock, notices: Notices, reader: int
    ) -> None:
        for number in range(3):
            tell(database, clock, reader, key=f"changed:{number}")
        assert [notices.send_waiting(limit=2), notices.send_waiting(limit=2)] == [2, 1]


class TestFailures:
    def test_a_server_that_says_later_is_asked_later(
        self, database: Database, clock: FixedClock, facts: FakeFacts, reader: int
    ) -> None:
        post = refusing(TemporaryFailureError("451 try later"))
        notices = create_notices(database, clock, post, facts)
        tell(database, clock, reader)
        assert notices.send_waiting() == 0
        (record,) = records(notices)
        assert (record.state, record.attempts, record.error) == ("waiting", 1, "451 try later")
        assert record.next_at is not None
        assert record.next_at > clock.now()
        post.refuse = lambda _message: None
        clock.advance(minutes=1)
        assert notices.send_waiting() == 1

    def test_a_letter_that_is_refused_for_good_is_set_aside_with_the_reason(
        self, database: Database, clock: FixedClock, facts: FakeFacts, reader: int
    ) -> None:
        notices = create_notices(database, clock, refusing(NO_SUCH_USER), facts)
        tell(database, clock, reader)
        notices.send_waiting()
        assert [(r.state, r.error) for r in records(notices)] == [("parked", "550 no such user")]
        assert notices.overview(SYSTEM).parked == 1

    def test_c121_a_person_without_a_usable_address_is_seen_by_the_team(
        self, database: Database, clock: FixedClock, notices: Notices
    ) -> None:
        tell(database, clock, create_reader(database, email="nobody"))
        notices.send_waiting()
        (record,) = records(notices)
        assert record.state == "parked"
        assert "nobody" in (record.error or "")
        for _ in range(3):
            clock.advance(days=1)
            assert notices.send_waiting() == 0
        assert [one.attempts for one in records(notices)] == [record.attempts]

    def test_c123_one_bad_letter_does_not_stop_the_others(
        self, database: Database, clock: FixedClock, facts: FakeFacts, reader: int
    ) -> None:
        def refuse_the_second(message: EmailMessage) -> None:
            if "kim" in message["To"]:
                raise NO_SUCH_USER

        post = FakePost(refuse_the_second)
        notices = create_notices(database, clock, post, facts)
        other = create_reader(database, email="kim@ecole.example.org")
        for number, person in enumerate((reader, other, reader)):
            tell(database, clock, person, key=f"changed:{number}")
        assert notices.send_waiting() == 2

    def test_c125_a_letter_that_cannot_be_written_does_not_stop_the_others(
        self,
        database: Database,
        clock: FixedClock,
        facts: FakeFacts,
        reader: int,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        class BrokenFacts(FakeFacts):
            def facts(self, session: object, kind: str, subject: str) -> None:  # type: ignore[override]  # only raises
                if subject == "booking:13":
                    raise ZeroDivisionError
                return super().facts(session, kind, subject)  # type: ignore[arg-type,return-value]  # a stand-in

        notices = create_notices(database, clock, FakePost(), BrokenFacts())
        for number in (13, 12):
            tell(database, clock, reader, subject=f"booking:{number}")
        assert notices.send_waiting() == 1
        assert "changed:booking:13" in caplog.text
        assert {(r.subject, r.state, r.error) for r in records(notices)} == {
            ("booking:12", "sent", None),
            ("booking:13", "waiting", "ZeroDivisionError"),
        }

    def test_while_the_post_is_closed_letters_wait_and_no_attempt_is_counted(
        self, database: Database, clock: FixedClock, facts: FakeFacts, reader: int
    ) -> None:
        tries: list[str] = []

        def closed(message: EmailMessage) -> None:
            tries.append(str(message["To"]))
            raise NOBODY_LISTENS

        post = FakePost(closed)
        notices = create_notices(database, clock, post, facts)
        for number in range(3):
            tell(database, clock, reader, key=f"changed:{number}")
        for _ in range(20):
            notices.send_waiting()
            clock.advance(minutes=1)
        assert len(tries) == 20
        assert {(record.state, record.attempts) for record in records(notices)} == {("waiting", 0)}
        post.refuse = lambda _message: None
        assert notices.send_waiting() == 3

    def test_a_claimed_letter_is_left_to_its_sender_until_the_lease_ends(
        self, database: Database, clock: FixedClock, notices: Notices, reader: int
    ) -> None:
        tell(database, clock, reader)
        with database.write() as session:
            assert outbox.claim(session, "mail", clock.now(), dt.timedelta(minutes=2))
        assert notices.send_waiting() == 0
        clock.advance(minutes=2)
        assert notices.send_waiting() == 1

    def test_a_sender_holds_one_letter_at_a_time(
        self, database: Database, clock: FixedClock, notices: Notices, post: FakePost, reader: int
    ) -> None:
        held: list[tuple[int, int]] = []

        def look(_message: EmailMessage) -> None:
            with database.read() as session:
                rows = session.scalars(select(OutboxRow)).all()
            held.append((sum(row.leased_until is not None for row in rows), sum(row.state == "done" for row in rows)))

        post.refuse = look
        for number in (12, 13, 14):
            tell(database, clock, reader, "due-soon", key=f"due-soon:{number}:2027-03-18")
        assert notices.send_waiting() == 3
        # Whatever happens while a letter is carried, those before it are marked and those after it are free.
        assert held == [(1, 0), (1, 1), (1, 2)]

    def test_an_outbox_row_without_an_announcement_is_set_aside(
        self, database: Database, clock: FixedClock, notices: Notices
    ) -> None:
        with database.write() as session:
            outbox.enqueue(session, "mail", "booking:1", clock.now(), key="stray")
        notices.send_waiting()
        assert notices.overview(SYSTEM).parked == 1


class TestTrouble:
    def test_letters_that_wait_for_their_turn_are_no_trouble(
        self, database: Database, clock: FixedClock, notices: Notices, reader: int
    ) -> None:
        assert notices.trouble() is None
        tell(database, clock, reader)
        assert notices.trouble() is None

    def test_letters_that_nobody_sends_are(
        self, database: Database, clock: FixedClock, notices: Notices, reader: int
    ) -> None:
        tell(database, clock, reader)
        clock.advance(minutes=20)
        assert notices.trouble() == "mail has been due for 20 minutes: does a worker run?"
        notices.send_waiting()
        assert notices.trouble() is None


class TestLinks:
    def test_a_link_is_made_when_the_letter_is_written_and_kept_nowhere(
        self, database: Database, notices: Notices, links: FakeLinks, post: FakePost, reader: int
    ) -> None:
        assert notices.send_link(reader)
        assert links.issued == []
        assert notices.send_waiting() == 1
        assert links.issued == [reader]
        assert LINK in post.letters[0].as_string()
        with database.read() as session:
            kept = session.execute(
                text("select n.key, n.subject, o.subject, o.key, o.last_error from notice n, outbox o")
            )
            assert "s3cr3t" not in str(kept.all())

    def test_a_double_click_sends_one_link(self, notices: Notices, clock: FixedClock, reader: int) -> None:
        assert [notices.send_link(reader), notices.send_link(reader)] == [True, False]
        clock.advance(minutes=1)
        assert notices.send_link(reader)

    def test_a_link_that_waited_too_long_is_not_sent(
        self, notices: Notices, clock: FixedClock, links: FakeLinks, reader: int
    ) -> None:
        notices.send_link(reader)
        clock.advance(hours=2)
        assert notices.send_waiting() == 0
        assert links.issued == []


class TestLists:
    def test_a_person_sees_their_own_messages_and_no_links(
        self, database: Database, clock: FixedClock, notices: Notices, reader: int
    ) -> None:
        other = create_reader(database, email="kim@ecole.example.org")
        tell(database, clock, reader, key="changed:1")
        tell(database, clock, other, key="changed:2")
        notices.send_link(reader)
        (mine,) = notices.mine(Actor(person_id=reader))
        assert (mine.heading, mine.path) == ("Réservation modifiée : Malle coopération", "/reservations/12")
        assert mine.sent_at is None
        with speaking("en"):
            assert notices.mine(Actor(person_id=reader))[0].heading == "Booking changed: Malle coopération"

    def test_a_visitor_has_no_messages(self, notices: Notices) -> None:
        with pytest.raises(Unauthenticated):
            notices.mine(ANONYMOUS)

    def test_the_mail_of_all_is_not_for_everybody(self, notices: Notices, reader: int) -> None:
        with pytest.raises(Forbidden):
            notices.overview(Actor(person_id=reader))
        with pytest.raises(Forbidden):
            notices.resend(Actor(person_id=reader), 1)

    @pytest.mark.parametrize("state", ["waiting", "sent", "parked", "cancelled"])
    def test_the_overview_can_be_narrowed_to_a_state(
        self, database: Database, clock: FixedClock, notices: Notices, post: FakePost, reader: int, state: str
    ) -> None:
        tell(database, clock, reader, key="changed:sent")
        tell(database, clock, reader, key="changed:cancelled", subject="booking:0")
        notices.send_waiting()
        post.refuse = refusing(NO_SUCH_USER).refuse
        tell(database, clock, reader, key="changed:parked")
        notices.send_waiting()
        tell(database, clock, reader, key="changed:waiting")
        assert [record.state for record in notices.overview(SYSTEM, state=state).records] == [state]
        assert len(records(notices)) == 4

    def test_a_letter_that_was_set_aside_can_be_sent_again(
        self, database: Database, clock: FixedClock, facts: FakeFacts, reader: int
    ) -> None:
        post = refusing(PermanentFailureError("550 mailbox full"))
        notices = create_notices(database, clock, post, facts)
        tell(database, clock, reader)
        notices.send_waiting()
        post.refuse = lambda _message: None
        notices.resend(SYSTEM, records(notices)[0].id)
        assert notices.send_waiting() == 1

    def test_only_a_message_that_exists_can_be_sent_again(self, notices: Notices) -> None:
        with pytest.raises(NoticeNotFound):
            notices.resend(SYSTEM, 404)
