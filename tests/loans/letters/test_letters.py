"""Whom no mail reaches gets a letter on paper: printed once, true when it is printed, and of one association only."""

import datetime as dt
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage

import pypdfium2
import pytest
from sqlalchemy import text, update

from lending.accounts.tables import Person
from lending.core.actor import Actor, Role
from lending.core.database import Database
from lending.core.errors import Forbidden, NotFound, Unauthenticated
from lending.loans import jobs
from lending.loans.affiliation_notices import AffiliationNoticeFacts
from lending.loans.letters.errors import LetterBatchNotFound, NoLetters
from lending.loans.letters.service import MOST_LETTERS, PaperLetters
from lending.loans.notice_facts import BookingNoticeFacts
from lending.loans.schemas import Reservation
from lending.notices.facts import FactsBySubject
from lending.notices.ports import AddressRefusedError
from lending.notices.rules import NoticeKind
from lending.notices.service import Notices, announce
from lending.notices.tables import Bounce
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.mail import FakePost, create_notices
from tests.kit.network import create_association, create_person
from tests.notices.test_ways import report

BAD = "nobody@ecole.example.org"


@pytest.fixture
def world(database: Database, clock: FixedClock) -> World:
    return create_world(database, clock, copies=3, with_contents=True)


@pytest.fixture
def post() -> FakePost:
    def refuse(message: EmailMessage) -> None:
        if BAD in str(message["To"]):
            said = "550 5.1.1 no such user"
            raise AddressRefusedError(said)

    return FakePost(refuse)


@pytest.fixture
def notices(world: World, post: FakePost) -> Notices:
    facts = {"booking": BookingNoticeFacts(world.clock), "school": AffiliationNoticeFacts(world.clock)}
    return create_notices(world.db, world.clock, post, FactsBySubject(facts))


@pytest.fixture
def letters(world: World, notices: Notices) -> PaperLetters:
    return PaperLetters(world.db, world.clock, notices.writer)


def move_to(world: World, email: str, person: Actor | None = None) -> None:
    """Give somebody (the teacher) another address."""
    with world.db.write() as session:
        who = (person or world.teacher).person_id
        session.execute(update(Person).where(Person.id == who).values(email=email))


def lend_late(world: World, notices: Notices, days: int = 2) -> Reservation:
    """A loan that is late, whose borrower no mail reaches."""
    loan = world.hand_over(world.reserve(0, 3))
    notices.send_waiting()
    move_to(world, BAD)
    world.clock.advance(days=2 + days)
    jobs.announce_overdue(world.loans)
    notices.send_waiting()
    notices.send_waiting()
    return loan


def words(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    said = " ".join(page.get_textpage().get_text_bounded() for page in document)
    return " ".join(said.replace("\u200b", "").replace("\ufffe", "").split())


def kinds(letters: PaperLetters, world: World) -> list[str]:
    return [one.kind for one in letters.of_association(world.staff, world.association.id).waiting]


def states(notices: Notices, world: World, kind: str = "overdue") -> list[str]:
    found = notices.overview(world.staff, association_id=world.association.id, kind=kind)
    return [one.state for one in found.records]


def in_state(notices: Notices, world: World, state: str) -> int:
    return len(notices.overview(world.staff, state, association_id=world.association.id, kind="overdue").records)


def test_what_the_mail_server_refuses_waits_for_the_desk_and_is_printed_once(
    world: World, notices: Notices, letters: PaperLetters
) -> None:
    loan = lend_late(world, notices)
    assert kinds(letters, world) == ["overdue"]
    assert states(notices, world) == ["to_print"]
    assert [in_state(notices, world, state) for state in ("to_print", "printed", "shown", "sent")] == [1, 0, 0, 0]
    assert letters.count(world.staff, world.association.id) == 1
    batch = letters.print_batch(world.staff, world.association.id)
    assert (batch.letters, batch.printed_by) == (1, world.staff.name)
    assert states(notices, world) == ["printed"]
    assert [in_state(notices, world, state) for state in ("to_print", "printed", "shown", "sent")] == [0, 1, 0, 0]
    assert letters.count(world.staff, world.association.id) == 0
    with pytest.raises(NoLetters):
        letters.print_batch(world.staff, world.association.id)
    notices.send_waiting()
    assert kinds(letters, world) == []
    made = letters.pdf(world.staff, batch.id)
    assert b"pdfuaid" in made
    said = words(made)
    assert world.teacher.name in said
    assert "École Jean-Moulin" in said
    assert "Rennes" in said
    assert loan.reference in said
    assert "sur papier parce qu’aucun courriel" in said


def test_a_batch_is_the_same_again_when_the_printer_failed_even_if_the_loan_came_back(
    world: World, notices: Notices, letters: PaperLetters
) -> None:
    loan = lend_late(world, notices)
    batch = letters.print_batch(world.staff, world.association.id)
    first = words(letters.pdf(world.staff, batch.id))
    world.loans.check_in(world.staff, world.depot.id, loan.copy_code or "")
    assert words(letters.pdf(world.staff, batch.id)) == first


def test_what_is_no_longer_true_is_not_printed(world: World, notices: Notices, letters: PaperLetters) -> None:
    loan = lend_late(world, notices)
    world.loans.check_in(world.staff, world.depot.id, loan.copy_code or "")
    with pytest.raises(NoLetters):
        letters.print_batch(world.staff, world.association.id)
    assert states(notices, world) == ["cancelled"]
    assert letters.of_association(world.staff, world.association.id).batches == []


def test_an_address_that_works_again_gets_the_mail_and_no_letter(
    world: World, notices: Notices, letters: PaperLetters, post: FakePost
) -> None:
    lend_late(world, notices)
    move_to(world, "lea@ecole.example.org")
    with pytest.raises(NoLetters):
        letters.print_batch(world.staff, world.association.id)
    before = len(post.letters)
    assert notices.send_waiting() == 1
    assert "lea@ecole.example.org" in str(post.letters[before]["To"])
    assert states(notices, world) == ["sent"]


def test_a_message_that_came_back_goes_on_paper_itself(
    world: World, notices: Notices, letters: PaperLetters, post: FakePost
) -> None:
    world.reserve(3, 5)
    notices.send_waiting()
    came_back = report(str(post.letters[-1]["Message-ID"]), world.teacher.email)
    assert notices.read_bounces([came_back]) == 1
    assert notices.send_waiting() == 0
    assert kinds(letters, world) == ["booking-confirmed"]
    assert notices.read_bounces([came_back]) == 0
    assert letters.print_batch(world.staff, world.association.id).letters == 1
    assert notices.send_waiting() == 0


def test_an_address_that_is_none_needs_no_refusal(world: World, notices: Notices, letters: PaperLetters) -> None:
    move_to(world, "no address")
    world.reserve(3, 5)
    assert notices.send_waiting() == 0
    assert kinds(letters, world) == ["booking-confirmed"]


def test_people_at_work_and_words_for_tomorrow_go_on_no_paper(
    world: World, notices: Notices, letters: PaperLetters
) -> None:
    loan = world.hand_over(world.reserve(0, 5))
    notices.send_waiting()
    move_to(world, BAD)
    move_to(world, "none", world.staff)
    world.clock.instant = dt.datetime.combine(loan.due_on, dt.time(9), dt.UTC) - dt.timedelta(days=1)
    jobs.announce_due_soon(world.loans)
    with world.db.write() as session:
        subject, key = f"booking:{loan.id}", f"changed:{loan.id}:staff"
        who = {"person_id": world.staff.person_id or 0, "association_id": world.association.id}
        announce(session, kind=NoticeKind.CHANGED, subject=subject, key=key, now=world.clock.now(), **who)
    for _ in range(3):
        notices.send_waiting()
    assert kinds(letters, world) == []
    assert states(notices, world, "due-tomorrow") == ["parked"]
    assert states(notices, world, "changed") == ["parked"]


def test_an_offer_of_two_days_goes_on_no_paper(world: World, notices: Notices, letters: PaperLetters) -> None:
    booking = world.reserve(3, 5)
    notices.send_waiting()
    move_to(world, BAD)
    with world.db.write() as session:
        subject, who = f"booking:{booking.id}", world.teacher.person_id or 0
        facts = {"subject": subject, "key": "wish-offered:1", "association_id": world.association.id}
        announce(session, kind=NoticeKind.WISH_OFFERED, person_id=who, now=world.clock.now(), **facts)
    for _ in range(3):
        notices.send_waiting()
    assert kinds(letters, world) == []
    assert states(notices, world, "wish-offered") == ["parked"]


def test_asked_for_again_it_is_printed_again(world: World, notices: Notices, letters: PaperLetters) -> None:
    lend_late(world, notices)
    first = letters.print_batch(world.staff, world.association.id)
    again = notices.overview(world.staff, association_id=world.association.id, kind="overdue").records[0]
    notices.resend(world.staff, again.id)
    for _ in range(2):
        notices.send_waiting()
    assert states(notices, world) == ["to_print"]
    second = letters.print_batch(world.staff, world.association.id)
    assert (second.letters, second.id != first.id) == (1, True)


def test_a_letter_speaks_the_readers_language(world: World, notices: Notices, letters: PaperLetters) -> None:
    with world.db.write() as session:
        session.execute(update(Person).where(Person.id == world.teacher.person_id).values(language="en"))
    lend_late(world, notices)
    said = words(letters.pdf(world.staff, letters.print_batch(world.staff, world.association.id).id))
    assert "This letter comes on paper because no e-mail reaches you." in said


def test_what_people_write_stays_text(world: World, notices: Notices, letters: PaperLetters) -> None:
    with world.db.write() as session:
        name = '#panic("x") $1 + 2$ *gras* \\ <a>'
        session.execute(update(Person).where(Person.id == world.teacher.person_id).values(name=name))
    lend_late(world, notices)
    said = words(letters.pdf(world.staff, letters.print_batch(world.staff, world.association.id).id))
    assert '#panic("x") $1 + 2$ *gras* \\ <a>' in said


def test_only_the_associations_staff_see_and_print_them(world: World, notices: Notices, letters: PaperLetters) -> None:
    lend_late(world, notices)
    with world.db.write() as session:
        other = create_association(session, world.union, code="22")
        neighbour = create_person(session, Role.STAFF, other)
        coordinator = create_person(session, Role.COORDINATOR, world.union)
    place = world.association.id
    for person in (neighbour, coordinator, world.teacher):
        for act in (letters.of_association, letters.print_batch):
            with pytest.raises(Forbidden):
                act(person, place)
        assert letters.count(person, place) == 0
    with pytest.raises(Unauthenticated):
        letters.print_batch(Actor(), place)
    with pytest.raises(NoLetters):
        letters.print_batch(neighbour, other.id)
    batch = letters.print_batch(world.staff, place)
    for person in (neighbour, coordinator, world.teacher):
        with pytest.raises(Forbidden):
            letters.pdf(person, batch.id)
    with pytest.raises(LetterBatchNotFound):
        letters.pdf(world.staff, batch.id + 1)
    with pytest.raises(NotFound):
        letters.of_association(world.staff, 10_000)


def test_one_file_holds_only_so_many(world: World, notices: Notices, letters: PaperLetters) -> None:
    booking = world.reserve(3, 5)
    move_to(world, "none")
    with world.db.write() as session:
        who = {"person_id": world.teacher.person_id or 0, "association_id": world.association.id}
        for number in range(MOST_LETTERS):
            key, now = f"changed:{booking.id}:{number}", world.clock.now()
            announce(session, kind=NoticeKind.CHANGED, subject=f"booking:{booking.id}", key=key, now=now, **who)
    notices.send_waiting(MOST_LETTERS + 10)
    while notices.overview(world.staff, association_id=world.association.id).waiting:
        notices.send_waiting(MOST_LETTERS)
    assert letters.count(world.staff, world.association.id) == MOST_LETTERS + 1
    assert letters.print_batch(world.staff, world.association.id).letters == MOST_LETTERS
    assert letters.print_batch(world.staff, world.association.id).letters == 1


@pytest.fixture
def desks(world: World, notices: Notices) -> Iterator[list[PaperLetters]]:
    """The same database seen from several processes."""
    url = world.db.engine.url.render_as_string(hide_password=False)
    databases = [Database(url) for _ in range(4)]
    yield [PaperLetters(one, world.clock, notices.writer) for one in databases]
    for one in databases:
        one.dispose()


def test_desks_that_print_at_once_double_no_letter(
    world: World, notices: Notices, letters: PaperLetters, desks: list[PaperLetters]
) -> None:
    booking = world.reserve(3, 5)
    move_to(world, "none")
    with world.db.write() as session:
        who = {"person_id": world.teacher.person_id or 0, "association_id": world.association.id}
        for number in range(5):
            key, now = f"changed:{booking.id}:{number}", world.clock.now()
            announce(session, kind=NoticeKind.CHANGED, subject=f"booking:{booking.id}", key=key, now=now, **who)
    notices.send_waiting()
    start = threading.Barrier(len(desks))

    def press(desk: PaperLetters) -> int:
        with desk._db.read() as session:
            session.execute(text("select 1"))
        start.wait(30)
        try:
            return desk.print_batch(world.staff, world.association.id).letters
        except NoLetters:
            return 0

    with ThreadPoolExecutor(len(desks)) as pool:
        printed = list(pool.map(press, desks))
    assert sorted(printed) == [0, 0, 0, 6]
    assert [one.letters for one in letters.of_association(world.staff, world.association.id).batches] == [6]


def test_a_bounce_that_is_cleared_is_no_reason_for_paper(world: World, notices: Notices, letters: PaperLetters) -> None:
    lend_late(world, notices)
    with world.db.write() as session:
        session.execute(update(Bounce).values(cleared_at=world.clock.now()))
    with pytest.raises(NoLetters):
        letters.print_batch(world.staff, world.association.id)
    assert states(notices, world) == ["waiting"]
