"""Which way a message takes: own words, preferences, quiet days, links to opt out, mail that comes back."""

import datetime as dt
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from lending.accounts.queries import actor_of
from lending.accounts.tables import RoleGrant
from lending.core.actor import SYSTEM, Actor, Role
from lending.core.database import Database
from lending.core.errors import Forbidden, NotFound, PreconditionFailed
from lending.core.i18n import speaking
from lending.loans import jobs
from lending.loans.digest_notices import DigestNoticeFacts
from lending.loans.notice_facts import BookingNoticeFacts
from lending.loans.rules.reminders import BadSteps, CopyTo, Step
from lending.loans.schemas.changes import RenewalWish
from lending.loans.service.changes import Changes
from lending.loans.service.overdue_steps import OverdueSteps
from lending.network.service.school_calendars import SchoolCalendars
from lending.notices.bounces import MOST_BYTES, read_report
from lending.notices.facts import FactsBySubject
from lending.notices.ports import AddressRefusedError
from lending.notices.quiet import quiet_until
from lending.notices.rules import Delivery, NoticeKind, Rhythm
from lending.notices.service import Notices
from lending.notices.service.preferences import DigestNotForYou, KindIsNecessary, Preferences
from lending.notices.service.wordings import Wordings
from lending.notices.stop_links import BadStopLink
from lending.notices.tables import Notice
from lending.notices.wording import BadWording, UnknownVariable, Wording, filled, written
from tests.kit.clock import FixedClock
from tests.kit.ics import read_ics
from tests.kit.loans import World, create_world
from tests.kit.mail import FakePost, create_notices
from tests.kit.network import create_person

HOST = "https://malles.example.org"
VARIABLES = ("title", "due_on")


@pytest.fixture
def world(database: Database, clock: FixedClock) -> World:
    return create_world(database, clock, copies=2)


@pytest.fixture
def post() -> FakePost:
    return FakePost()


@pytest.fixture
def notices(world: World, post: FakePost) -> Notices:
    known = {"booking": BookingNoticeFacts(world.clock, HOST), "digest": DigestNoticeFacts(world.clock)}
    return create_notices(world.db, world.clock, post, FactsBySubject(known))


@pytest.fixture
def preferences(world: World, notices: Notices) -> Preferences:
    return Preferences(world.db, notices.stop_links)


def subjects(post: FakePost) -> list[str]:
    return [str(letter["Subject"]) for letter in post.letters]


def texts(post: FakePost) -> list[str]:
    return [part.get_content() for letter in post.letters if (part := letter.get_body(("plain",)))]


class TestWords:
    @pytest.mark.parametrize("text", ["Le {titre}", "Le {TITRE}", "Le {title}", "Le { titre }"])
    def test_names_become_codes(self, text: str) -> None:
        with speaking("fr"):
            assert written(Wording(text, "Bonjour"), VARIABLES).subject == "Le {title}"

    @pytest.mark.parametrize(
        "text", ["{nom}", "{title.__class__}", "{{title}}", "{% for %}", "{", "}", "{0}", "{}", "{titre"]
    )
    def test_any_other_brace_is_refused(self, text: str) -> None:
        with pytest.raises(UnknownVariable):
            written(Wording("Objet", text), VARIABLES)

    @pytest.mark.parametrize("text", ["", " \n ", "x" * 4001, "a\x00b", "a\x1bb"])
    def test_what_is_no_text_is_refused(self, text: str) -> None:
        with pytest.raises(BadWording):
            written(Wording("Objet", text), VARIABLES)

    @given(st.text(alphabet="{}abtile %$.\n", max_size=60), st.text(alphabet="{}title<", max_size=20))
    def test_what_is_accepted_holds_no_other_variable_and_values_stay_values(self, text: str, value: str) -> None:
        try:
            coded = written(Wording("Objet", text), ("title",))
        except (BadWording, UnknownVariable):
            return
        assert filled(coded.body, {"title": value}) == coded.body.replace("{title}", value)

    def test_an_association_says_it_in_its_own_words_and_again_in_ours(
        self, world: World, notices: Notices, post: FakePost
    ) -> None:
        wordings = Wordings(world.db, world.clock, HOST)
        place = (world.staff, world.association.id, "booking-confirmed", "fr")
        wordings.save(*place, Wording("À bientôt : {titre}", "Rendez-vous le {premier jour}.\n\nÀ {dépôt}."), 0)
        world.reserve(3, 5)
        notices.send_waiting()
        wordings.reset(*place)
        world.reserve(30, 5)
        notices.send_waiting()
        assert subjects(post) == ["À bientôt : Malle coopération", "Réservation confirmée : Malle coopération"]
        part = post.letters[0].get_body(("plain",))
        assert part is not None
        assert "Rendez-vous le jeudi 14 janvier 2027.\n\nÀ Dépôt." in part.get_content()

    def test_two_who_write_at_once_do_not_overwrite_each_other(self, world: World) -> None:
        wordings = Wordings(world.db, world.clock, HOST)
        place = (world.staff, world.association.id, "due-soon", "fr")
        wordings.save(*place, Wording("Un", "Texte"), 0)
        with pytest.raises(PreconditionFailed):
            wordings.save(*place, Wording("Deux", "Texte"), 0)
        assert wordings.one(*place).wording.subject == "Un"

    def test_only_its_staff_writes_and_only_known_messages(self, world: World) -> None:
        wordings = Wordings(world.db, world.clock, HOST)
        with pytest.raises(Forbidden):
            wordings.save(world.teacher, world.association.id, "due-soon", "fr", Wording("Un", "Texte"), 0)
        with pytest.raises(NotFound):
            wordings.one(world.staff, world.association.id, "sign-in-link", "fr")


class TestSteps:
    def test_an_association_reminds_when_it_wants_and_the_union_gets_a_copy(self, world: World) -> None:
        with world.db.write() as session:
            coordinator = create_person(session, Role.COORDINATOR, world.union)
        steps = OverdueSteps(world.db)
        steps.set_steps(world.staff, world.association.id, [Step(2), Step(5, CopyTo.UNION)])
        booking = world.hand_over(world.reserve(0, 5))
        told = []
        for _ in range(12):
            world.clock.advance(days=1)
            told.append(jobs.announce_overdue(world.loans))
        assert [day for day, count in enumerate(told, start=1) if count] == [6, 9]
        copy = f"overdue-copy:{booking.id}:{booking.due_on}:2:{coordinator.person_id}"
        assert world.notices("overdue-copy") == [copy]

    @pytest.mark.parametrize("days", [[0], [5, 5], [7, 3], [366], [1, 2, 3, 4, 5, 6, 7]])
    def test_steps_that_do_not_rise_are_refused(self, world: World, days: list[int]) -> None:
        with pytest.raises(BadSteps):
            OverdueSteps(world.db).set_steps(world.staff, world.association.id, [Step(one) for one in days])

    def test_the_day_before_has_a_word_of_its_own(self, world: World) -> None:
        booking = world.hand_over(world.reserve(0, 20))
        for _ in range(20):
            world.clock.advance(days=1)
            jobs.announce_due_soon(world.loans)
        assert world.notices("due-soon") == [f"due-soon:{booking.id}:{booking.due_on}"]
        assert world.notices("due-tomorrow") == [f"due-tomorrow:{booking.id}:{booking.due_on}"]


class TestQuietDays:
    @given(st.integers(0, 2 * 365 * 24))
    def test_what_is_held_goes_out_on_a_morning_that_is_not_quiet(self, hours: int) -> None:
        now, zone = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=hours), "Europe/Paris"

        def is_holiday(day: dt.date) -> bool:
            return day.month == 2

        until = quiet_until(now, zone, is_holiday)
        if until is not None:
            assert until > now
            assert quiet_until(until, zone, is_holiday) is None

    def test_a_reminder_waits_for_monday_and_a_receipt_does_not(
        self, world: World, notices: Notices, post: FakePost
    ) -> None:
        world.hand_over(world.reserve(0, 5))
        notices.send_waiting()
        world.clock.advance(days=6)
        assert jobs.announce_overdue(world.loans) == 1
        assert notices.send_waiting() == 0
        assert notices.overview(SYSTEM, "held").held == 1
        world.reserve(3, 5)
        assert notices.send_waiting() == 1
        world.clock.advance(days=1)
        assert notices.send_waiting() == 1
        assert subjects(post)[-1].startswith("1er rappel")

    def test_after_the_holidays_one_reminder_goes_out_and_not_three(
        self, world: World, notices: Notices, post: FakePost
    ) -> None:
        SchoolCalendars(world.db, world.clock).load_published()
        world.clock.instant = dt.datetime(2027, 2, 8, 8, tzinfo=dt.UTC)
        world.hand_over(world.reserve(0, 13))
        notices.send_waiting()
        for _ in range(16):
            world.clock.advance(days=1)
            jobs.announce_overdue(world.loans)
            notices.send_waiting()
        world.clock.advance(days=14)
        jobs.announce_overdue(world.loans)
        post.letters.clear()
        notices.send_waiting()
        assert len(post.letters) <= 1
        states = [one.state for one in notices.overview(SYSTEM, kind="overdue").records]
        assert states.count("sent") == 1
        assert set(states) == {"sent", "cancelled"}

    def test_a_reminder_that_waited_until_the_day_before_leaves_the_word_to_that_of_tomorrow(
        self, world: World, notices: Notices, post: FakePost
    ) -> None:
        SchoolCalendars(world.db, world.clock).load_published()
        world.clock.instant = dt.datetime(2027, 2, 8, 8, tzinfo=dt.UTC)
        world.hand_over(world.reserve(0, 30))
        notices.send_waiting()
        post.letters.clear()
        for _ in range(28):
            world.clock.advance(days=1)
            jobs.announce_due_soon(world.loans)
            notices.send_waiting()
        assert [one.state for one in notices.overview(SYSTEM, kind="due-soon").records] == ["cancelled"]
        assert [one.state for one in notices.overview(SYSTEM, kind="due-tomorrow").records] == ["sent"]
        assert len(post.letters) == 1

    def test_after_the_holidays_one_digest_goes_out_and_not_one_for_each_day(
        self, world: World, notices: Notices, preferences: Preferences, post: FakePost
    ) -> None:
        SchoolCalendars(world.db, world.clock).load_published()
        preferences.choose(world.staff, {}, Rhythm.DAILY)
        world.clock.instant = dt.datetime(2027, 2, 8, 8, tzinfo=dt.UTC)
        world.hand_over(world.reserve(0, 10))
        notices.send_waiting()
        world.clock.instant = dt.datetime(2027, 2, 22, 8, tzinfo=dt.UTC)
        post.letters.clear()
        for _ in range(14):
            world.loans.tell_digests()
            assert notices.send_waiting() == 0
            world.clock.advance(days=1)
        world.loans.tell_digests()
        assert notices.send_waiting() == 1
        states = [one.state for one in notices.overview(SYSTEM, kind="digest").records]
        assert (states.count("sent"), states.count("cancelled"), len(states)) == (1, 10, 11)


class TestPreferences:
    def test_what_is_not_wanted_is_shown_and_not_mailed(
        self, world: World, notices: Notices, preferences: Preferences, post: FakePost
    ) -> None:
        preferences.choose(world.teacher, {NoticeKind.BOOKING_CONFIRMED: Delivery.NEVER})
        world.reserve(3, 5)
        assert notices.send_waiting() == 0
        assert post.letters == []
        assert [one.kind for one in notices.mine(world.teacher)] == ["booking-confirmed"]
        assert [one.state for one in notices.overview(SYSTEM).records] == ["shown"]

    def test_what_is_necessary_cannot_be_ended(self, world: World, preferences: Preferences) -> None:
        with pytest.raises(KindIsNecessary):
            preferences.choose(world.teacher, {NoticeKind.OVERDUE: Delivery.NEVER})
        with pytest.raises(DigestNotForYou):
            preferences.choose(world.teacher, {}, Rhythm.DAILY)

    def staff_who_borrow(self, world: World, preferences: Preferences, kind: NoticeKind) -> Actor:
        """Somebody with a digest, for which messages of a kind are kept."""
        with world.db.write() as session:
            session.add(
                RoleGrant(
                    person_id=world.staff.person_id or 0, role=Role.TEACHER.value, organisation_id=world.school.id
                )
            )
            session.flush()
            both = actor_of(session, world.staff.person_id or 0)
        preferences.choose(both, {kind: Delivery.DIGEST}, Rhythm.DAILY)
        return both

    def digest(self, world: World, notices: Notices, preferences: Preferences, post: FakePost) -> EmailMessage:
        """A digest with a confirmation that was kept for it."""
        both = self.staff_who_borrow(world, preferences, NoticeKind.BOOKING_CONFIRMED)
        world.reserve(3, 5, actor=both)
        notices.send_waiting()
        assert post.letters == []
        world.clock.advance(days=1)
        assert [world.loans.tell_digests(), world.loans.tell_digests()] == [1, 0]
        assert notices.send_waiting() == 1
        return post.letters[0]

    def test_a_digest_leaves_out_what_is_told_better_since(
        self, world: World, notices: Notices, preferences: Preferences, post: FakePost
    ) -> None:
        both = self.staff_who_borrow(world, preferences, NoticeKind.DUE_SOON)
        booking = world.hand_over(world.reserve(0, 5, actor=both))
        jobs.announce_due_soon(world.loans)
        notices.send_waiting()
        Changes(world.db, world.clock).renew(both, booking.id, RenewalWish())
        notices.send_waiting()
        post.letters.clear()
        world.clock.advance(days=1)
        world.loans.tell_digests()
        notices.send_waiting()
        assert not any("À rapporter le" in text for text in texts(post))

    def test_a_digest_that_comes_back_is_marked_and_what_it_told_waits_for_the_next(
        self, world: World, notices: Notices, preferences: Preferences, post: FakePost
    ) -> None:
        letter = self.digest(world, notices, preferences, post)
        address = str(letter["To"]).rpartition("<")[2].strip(">")
        assert notices.read_bounces([report(str(letter["Message-ID"]), address)]) == 1
        assert [one.kind for one in notices.overview(SYSTEM, "bounced").records] == ["digest"]
        assert notices.send_waiting() == 0
        with world.db.read() as session:
            unsent = session.scalars(select(Notice.kind).where(Notice.sent_at.is_(None)).order_by(Notice.id)).all()
        assert unsent == ["booking-confirmed", "digest"]

    def test_a_digest_gathers_what_was_kept_for_it(
        self, world: World, notices: Notices, preferences: Preferences, post: FakePost
    ) -> None:
        part = self.digest(world, notices, preferences, post).get_body(("plain",))
        assert part is not None
        assert "Réservation confirmée : Malle coopération" in part.get_content()

    def test_what_is_kept_while_a_digest_is_under_way_waits_for_the_next(
        self, world: World, notices: Notices, preferences: Preferences, post: FakePost
    ) -> None:
        """Another sender leaves a message to the digest after this one was written: nobody has told it yet."""
        both = self.staff_who_borrow(world, preferences, NoticeKind.BOOKING_CONFIRMED)

        def keep_another(_letter: EmailMessage) -> None:
            post.refuse = lambda _letter: None
            world.reserve(30, 5, actor=both)
            assert notices.send_waiting() == 0

        world.reserve(3, 5, actor=both)
        notices.send_waiting()
        for _ in range(2):
            world.clock.advance(days=1)
            world.loans.tell_digests()
            post.refuse = keep_another if not post.letters else post.refuse
            assert notices.send_waiting() == 1
        told = [text.count("Réservation confirmée : Malle coopération") for text in texts(post)]
        assert told == [1, 1]

    @pytest.mark.parametrize("ends", ["digest", "work"])
    def test_what_waits_for_a_digest_that_ended_goes_out_by_itself(
        self, world: World, notices: Notices, preferences: Preferences, post: FakePost, ends: str
    ) -> None:
        both = self.staff_who_borrow(world, preferences, NoticeKind.BOOKING_CONFIRMED)
        world.reserve(3, 5, actor=both)
        notices.send_waiting()
        world.clock.advance(days=1)
        if ends == "digest":
            preferences.choose(both, {}, Rhythm.NEVER)
        else:
            with world.db.write() as session:
                session.execute(delete(RoleGrant).where(RoleGrant.role == Role.STAFF.value))
        assert [world.loans.tell_digests(), notices.send_waiting(), world.loans.tell_digests()] == [0, 1, 0]
        assert subjects(post) == ["Réservation confirmée : Malle coopération"]
        world.reserve(20, 5, actor=both)
        assert notices.send_waiting() == 1

    @pytest.mark.parametrize("ends", ["digest", "work", "work here"])
    def test_a_digest_is_not_sent_to_who_wants_it_or_works_there_no_more(
        self, world: World, notices: Notices, preferences: Preferences, post: FakePost, ends: str
    ) -> None:
        preferences.choose(world.staff, {}, Rhythm.DAILY)
        world.reserve(0, 5)
        notices.send_waiting()
        post.letters.clear()
        assert world.loans.tell_digests() == 1
        if ends == "digest":
            preferences.choose(world.staff, {}, Rhythm.NEVER)
        else:
            with world.db.write() as session:
                mine = RoleGrant.person_id == world.staff.person_id
                session.execute(update(RoleGrant).where(mine).values(organisation_id=world.union.id))
                if ends == "work":
                    session.execute(delete(RoleGrant).where(mine))
        assert notices.send_waiting() == 0
        assert [one.state for one in notices.overview(SYSTEM, kind="digest").records] == ["cancelled"]

    def test_what_waits_for_a_digest_that_comes_stays_where_it_is(
        self, world: World, notices: Notices, preferences: Preferences, post: FakePost
    ) -> None:
        both = self.staff_who_borrow(world, preferences, NoticeKind.BOOKING_CONFIRMED)
        preferences.choose(both, {}, Rhythm.WEEKLY)
        world.reserve(3, 5, actor=both)
        notices.send_waiting()
        for _ in range(7):
            world.clock.advance(days=1)
            world.loans.tell_digests()
            notices.send_waiting()
        assert [str(letter["Subject"]).partition(" : ")[0] for letter in post.letters] == ["À regarder"]
        assert "Réservation confirmée : Malle coopération" in texts(post)[0]

    def test_an_administrator_gets_the_digest_that_is_offered(
        self, world: World, notices: Notices, preferences: Preferences, post: FakePost
    ) -> None:
        with world.db.write() as session:
            admin = create_person(session, Role.ADMIN, world.federation)
        preferences.choose(admin, {}, Rhythm.DAILY)
        world.reserve(0, 5)
        notices.send_waiting()
        post.letters.clear()
        assert world.loans.tell_digests() == 1
        assert notices.send_waiting() == 1
        assert "1 retrait aujourd’hui" in texts(post)[0]

    def test_one_click_ends_one_kind_for_one_person(
        self, world: World, notices: Notices, preferences: Preferences, post: FakePost
    ) -> None:
        world.reserve(3, 5)
        notices.send_waiting()
        (letter,) = post.letters
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        token = str(letter["List-Unsubscribe"]).strip("<>").rpartition("/")[2]
        assert preferences.stop(token).kind == preferences.stop(token).kind == "booking-confirmed"
        world.reserve(30, 5)
        assert notices.send_waiting() == 0

    @pytest.mark.parametrize("change", ["1" + "{}", "{}x", "", "1.overdue.x", "9999999999.changed.x", "a.b.c"])
    def test_a_link_that_was_touched_ends_nothing(
        self, world: World, notices: Notices, preferences: Preferences, change: str
    ) -> None:
        token = notices.stop_links.token(world.teacher.person_id or 0, NoticeKind.CHANGED)
        with pytest.raises(BadStopLink):
            preferences.stop(change.replace("{}", token) if "{}" in change else change)


class TestBell:
    def test_messages_are_new_until_they_are_seen(self, world: World, notices: Notices) -> None:
        world.reserve(3, 5)
        world.reserve(30, 5)
        assert notices.unread(world.teacher) == 2
        path = notices.open_mine(world.teacher, notices.mine(world.teacher)[0].id)
        assert path.startswith("/reservations/")
        assert notices.unread(world.teacher) == 1
        assert notices.mark_read(world.teacher) == 1
        assert notices.unread(world.teacher) == 0

    def test_nobody_opens_anothers_message(self, world: World, notices: Notices) -> None:
        world.reserve(3, 5)
        other = notices.mine(world.teacher)[0].id
        with pytest.raises(NotFound):
            notices.open_mine(world.staff, other)


class TestCalendars:
    def files(self, post: FakePost) -> list[tuple[str, list[dict[str, str]]]]:
        found = []
        for letter in post.letters:
            parts = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
            for part in parts:
                payload = part.get_payload(decode=True)
                assert isinstance(payload, bytes)
                method, events = read_ics(payload)
                assert part.get_param("method") == method
                found.append((method, [event.values for event in events]))
        return found

    def test_days_follow_the_booking_by_the_same_uid(self, world: World, notices: Notices, post: FakePost) -> None:
        booking = world.reserve(3, 5)
        notices.send_waiting()
        world.loans.cancel(world.teacher, booking.id)
        notices.send_waiting()
        (first, days), (last, gone) = self.files(post)
        assert (first, last) == ("PUBLISH", "CANCEL")
        assert [one["DTSTART"] for one in days] == [f"{day:%Y%m%d}" for day in (booking.starts_on, booking.due_on)]
        assert [one["UID"] for one in days] == [one["UID"] for one in gone]
        assert {one["STATUS"] for one in gone} == {"CANCELLED"}
        assert {one["ORGANIZER"] for one in days + gone} == {"mailto:malles@example.org"}
        assert all(int(new["SEQUENCE"]) > int(old["SEQUENCE"]) for old, new in zip(days, gone, strict=True))

    def test_an_extension_moves_the_return(self, world: World, notices: Notices, post: FakePost) -> None:
        booking = world.hand_over(world.reserve(0, 5))
        notices.send_waiting()
        Changes(world.db, world.clock).renew(world.teacher, booking.id, RenewalWish())
        notices.send_waiting()
        days = [event["DTSTART"] for _, events in self.files(post) for event in events if "-in@" in event["UID"]]
        assert days[-1] > days[0]


def report(message_id: str, email: str, status: str = "5.1.1", action: str = "failed") -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example.org\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; {email}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 no such user\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n\r\n--b--\r\n"
    ).encode()


class TestBounces:
    def sent(self, world: World, notices: Notices, post: FakePost) -> EmailMessage:
        world.reserve(3, 5)
        notices.send_waiting()
        return post.letters[-1]

    def test_after_a_permanent_failure_no_mail_goes_there_until_somebody_tries_again(
        self, world: World, notices: Notices, post: FakePost
    ) -> None:
        letter = self.sent(world, notices, post)
        content = report(str(letter["Message-ID"]), world.teacher.email)
        assert [notices.read_bounces([content]), notices.read_bounces([content])] == [1, 0]
        (back,) = notices.overview(SYSTEM, "bounced").records
        assert back.bounced == "5.1.1 smtp; 550 no such user"
        world.reserve(30, 5)
        assert notices.send_waiting() == 0
        later, first = notices.overview(SYSTEM, "to_print").records
        assert first.id == back.id
        notices.resend(world.staff, later.id)
        assert notices.send_waiting() == 1

    @pytest.mark.parametrize(("status", "action"), [("4.4.1", "delayed"), ("5.2.2", "failed")])
    def test_a_failure_that_may_pass_is_noted_and_mail_goes_on(
        self, world: World, notices: Notices, post: FakePost, status: str, action: str
    ) -> None:
        letter = self.sent(world, notices, post)
        assert notices.read_bounces([report(str(letter["Message-ID"]), world.teacher.email, status, action)]) == 1
        world.reserve(30, 5)
        assert notices.send_waiting() == 1

    def test_a_report_about_somebody_else_or_nothing_of_ours_is_ignored(
        self, world: World, notices: Notices, post: FakePost
    ) -> None:
        letter = self.sent(world, notices, post)
        others = [
            report(str(letter["Message-ID"]), "other@example.org"),
            report("<made-up@example.org>", world.teacher.email),
            b"",
            b"\xff\xfe" * 100,
            letter.as_bytes(),
            b"Content-Type: multipart/report\r\n\r\n",
        ]
        assert notices.read_bounces(others) == 0

    @given(st.binary(max_size=400))
    def test_any_bytes_are_read_without_a_stumble(self, content: bytes) -> None:
        head = (
            b'Content-Type: multipart/report; boundary="b"\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n'
        )
        assert isinstance(read_report(content), list)
        assert isinstance(read_report(head + content), list)

    def test_what_is_too_large_is_no_report(self) -> None:
        assert read_report(report("<a@b.org>", "a@b.org") + b" " * MOST_BYTES) == []

    def test_an_address_that_the_server_refuses_is_failing_from_then_on(
        self, world: World, notices: Notices, post: FakePost
    ) -> None:
        def refuse(_message: EmailMessage) -> None:
            text = "550 no such user"
            raise AddressRefusedError(text)

        post.refuse = refuse
        world.reserve(3, 5)
        notices.send_waiting()
        post.refuse = lambda _message: None
        assert notices.send_waiting() == 0
        assert [one.kind for one in notices.overview(SYSTEM, "to_print").records] == ["booking-confirmed"]


class TestLookingAfter:
    def test_staff_see_and_resend_the_messages_of_their_association_alone(
        self, world: World, notices: Notices, database: Database
    ) -> None:
        world.reserve(3, 5)
        notices.send_waiting()
        (one,) = notices.overview(world.staff, association_id=world.association.id).records
        notices.resend(world.staff, one.id)
        assert notices.send_waiting() == 1
        for stranger in (world.teacher, self.staff_elsewhere(database, world)):
            with pytest.raises(Forbidden):
                notices.overview(stranger, association_id=world.association.id)
            with pytest.raises(Forbidden):
                notices.resend(stranger, one.id)
        with pytest.raises(Forbidden):
            notices.overview(world.staff)

    def staff_elsewhere(self, database: Database, world: World) -> Actor:
        with database.write() as session:
            person = create_person(session, Role.STAFF, world.school)
            return actor_of(session, person.person_id or 0)

    def test_a_borrower_whose_copy_broke_is_told_by_mail(self, world: World, notices: Notices, post: FakePost) -> None:
        world.reserve(3, 5)
        world.reserve(3, 5)
        notices.send_waiting()
        world.set_copy(world.copies[0], status="repair")
        assert notices.send_waiting() == 1
        assert world.notices("at-risk")
        assert [one.state for one in notices.overview(SYSTEM, kind="at-risk").records] == ["sent"]

    def test_no_more_than_so_many_letters_go_out_in_a_minute(self, world: World, post: FakePost) -> None:
        notices = Notices(
            world.db,
            world.clock,
            post,
            BookingNoticeFacts(world.clock),
            None,  # type: ignore[arg-type]  # nobody signs in here
            None,  # type: ignore[arg-type]  # nor is invited
            base_url=HOST,
            sender="malles@example.org",
            per_minute=2,
        )
        for start in (3, 30, 60):
            world.reserve(start, 5)
        assert [notices.send_waiting(), notices.send_waiting()] == [2, 0]
        world.clock.advance(minutes=2)
        assert notices.send_waiting() == 1

    def test_ready_is_told_once(self, world: World, notices: Notices, post: FakePost) -> None:
        booking = world.reserve(3, 5)
        for _ in range(2):
            world.loans.make_ready(world.staff, booking.id)
        assert world.notices("ready") == [f"ready:{booking.id}:{booking.starts_on}"]
        assert notices.send_waiting() == 2
        assert subjects(post)[-1].startswith("Prêt à être retiré")
        with pytest.raises(Forbidden):
            world.loans.make_ready(world.teacher, booking.id)
