"""What a school declares missing or broken before a return, and what the desk sees of it."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from lending.catalog.errors import UnknownContentLine, UnknownMedia
from lending.catalog.media import MediaFolder
from lending.catalog.photos.errors import NotAPhoto, UnsupportedPhoto
from lending.core.actor import ANONYMOUS, Role
from lending.core.database import Database
from lending.core.errors import Forbidden, LendingError, NotFound, Unauthenticated
from lending.loans.rules.declarations import DeclarationNotSeen, DeclaredTooMany, NothingDeclared
from lending.loans.rules.incidents import LoanNotOut
from lending.loans.schemas import DeskDecision, DeskScan, FoundLine, Reservation
from lending.loans.schemas.declarations import NewDeclaration
from lending.loans.service.declarations import FOLDER, Declarations
from lending.loans.service.desk_acts import DeskActs
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.network import create_association, create_person
from tests.kit.pictures import photo

SEEN = DeskDecision(action="take_back", declaration_seen=True)


@pytest.fixture
def world(database: Database, clock: FixedClock) -> World:
    return create_world(database, clock, with_contents=True)


@pytest.fixture
def media(tmp_path: Path) -> MediaFolder:
    return MediaFolder(tmp_path / "media")


@pytest.fixture
def declarations(world: World, media: MediaFolder) -> Declarations:
    return Declarations(world.db, world.clock, media)


@pytest.fixture
def loan(world: World) -> Reservation:
    return world.hand_over(world.reserve(0, 5))


def one_missing(world: World, **more: object) -> NewDeclaration:
    return NewDeclaration(**{"line_id": world.lines[0].id, "missing": 1} | more)  # type: ignore[arg-type]  # words of a test


def count(world: World) -> int:
    with world.db.read() as session:
        return int(session.execute(text("select count(*) from declaration")).scalar_one())


def back(world: World, loan: Reservation, decision: DeskDecision) -> None:
    scan = DeskScan(code=loan.copy_code or "", depot_id=world.depot.id, decision=decision)
    world.loans.desk(world.staff, scan)


def test_the_desk_reads_it_before_the_copy_comes_back(
    world: World, declarations: Declarations, loan: Reservation
) -> None:
    said = declarations.declare(world.teacher, loan.id, one_missing(world, note="Tombé."))
    scanned = world.loans.scan(world.staff, world.depot.id, loan.copy_code or "")
    assert [(one.line_name, one.missing, one.note) for one in scanned.declared] == [(world.lines[0].name, 1, "Tombé.")]
    assert declarations.at_depot(world.staff, world.depot.id) == {loan.id: [said]}
    day = DeskActs(world.db, world.clock).offline_day(world.staff, world.depot.id)
    asked = [one.code for one in day.copies if one.is_asked]
    assert asked == [(loan.copy_code or "").replace(" ", "")], "without network a person is asked too"
    with pytest.raises(DeclarationNotSeen):
        back(world, loan, DeskDecision(action="take_back"))
    assert world.booking(loan.id).state == "out", "nothing changed"
    found = [FoundLine(world.lines[0].id, world.lines[0].quantity - 1)]
    back(world, loan, DeskDecision(action="take_back", found=found, declaration_seen=True))
    assert world.booking(loan.id).state == "done"
    assert declarations.at_depot(world.staff, world.depot.id) == {}
    assert len(declarations.of_booking(world.teacher, loan.id)) == 1, "it is kept with the loan"


def test_said_again_it_is_changed_and_it_can_be_withdrawn(
    world: World, declarations: Declarations, loan: Reservation
) -> None:
    first = declarations.declare(world.teacher, loan.id, one_missing(world))
    again = declarations.declare(world.teacher, loan.id, one_missing(world, missing=0, broken=1))
    assert (again.id, again.missing, again.broken, again.version, count(world)) == (first.id, 0, 1, 2, 1)
    declarations.declare(world.teacher, loan.id, NewDeclaration(broken=1))
    declarations.declare(world.teacher, loan.id, NewDeclaration(broken=1, note="La poignée."))
    assert count(world) == 2, "the whole is said once"
    assert declarations.withdraw(world.teacher, first.id) == loan.id
    assert count(world) == 1
    with pytest.raises(NotFound):
        declarations.withdraw(world.teacher, first.id)


def test_only_while_the_loan_is_out(world: World, declarations: Declarations) -> None:
    planned = world.reserve(0, 5)
    with pytest.raises(LoanNotOut):
        declarations.declare(world.teacher, planned.id, one_missing(world))
    loan = world.hand_over(planned)
    said = declarations.declare(world.teacher, loan.id, one_missing(world))
    back(world, loan, SEEN)
    with pytest.raises(LoanNotOut):
        declarations.declare(world.teacher, loan.id, one_missing(world))
    with pytest.raises(LoanNotOut):
        declarations.withdraw(world.teacher, said.id)


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ({"missing": 0}, NothingDeclared),
        ({"missing": -1, "broken": 5}, NothingDeclared),
        ({"missing": 10**12}, DeclaredTooMany),
        ({"line_id": None, "missing": 1, "broken": 1}, DeclaredTooMany),
        ({"line_id": 10**12}, UnknownContentLine),
    ],
    ids=range(5),
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    world: World, declarations: Declarations, loan: Reservation, words: dict[str, object], error: type[LendingError]
) -> None:
    with pytest.raises(error):
        declarations.declare(world.teacher, loan.id, one_missing(world, **words))
    assert count(world) == 0


def test_the_photo_is_drawn_anew_and_seen_by_school_and_staff_alone(
    world: World, declarations: Declarations, media: MediaFolder, loan: Reservation
) -> None:
    said = declarations.declare(world.teacher, loan.id, one_missing(world), photo())
    for who in (world.teacher, world.staff):
        assert declarations.photo(who, said.id).content.startswith(b"\xff\xd8")
    kept = declarations.declare(world.teacher, loan.id, one_missing(world, note="Elle reste."))
    assert kept.photo_url == said.photo_url
    assert len(list(media.kept_in(FOLDER))) == 1
    dropped = declarations.declare(world.teacher, loan.id, one_missing(world, drops_photo=True))
    assert dropped.photo_url == ""
    with pytest.raises(UnknownMedia):
        declarations.photo(world.teacher, said.id)


@pytest.mark.parametrize(
    ("content", "error"), [(b"<svg onload=x></svg>", UnsupportedPhoto), (b"MZ program", NotAPhoto)], ids=["svg", "exe"]
)
def test_a_hostile_file_is_refused_and_nothing_is_kept(
    world: World,
    declarations: Declarations,
    media: MediaFolder,
    loan: Reservation,
    content: bytes,
    error: type[LendingError],
) -> None:
    with pytest.raises(error):
        declarations.declare(world.teacher, loan.id, one_missing(world), content)
    assert (count(world), list(media.kept_in(FOLDER))) == (0, [])


def test_nobody_else_reads_or_writes_it(world: World, declarations: Declarations, loan: Reservation) -> None:
    said = declarations.declare(world.teacher, loan.id, one_missing(world), photo())
    _, stranger = world.school_with_teacher()
    with world.db.write() as session:
        elsewhere = create_association(session, world.union, code="22")
        neighbour = create_person(session, Role.STAFF, elsewhere)
    for who, refusal in ((stranger, Forbidden), (neighbour, Forbidden), (ANONYMOUS, Unauthenticated)):
        with pytest.raises(refusal):
            declarations.of_booking(who, loan.id)
        with pytest.raises(refusal):
            declarations.contents(who, loan.id)
        with pytest.raises(refusal):
            declarations.photo(who, said.id)
        with pytest.raises(refusal):
            declarations.declare(who, loan.id, one_missing(world))
        with pytest.raises(refusal):
            declarations.withdraw(who, said.id)
        with pytest.raises(refusal):
            declarations.at_depot(who, world.depot.id)
    with pytest.raises(Forbidden):
        declarations.declare(world.staff, loan.id, one_missing(world))


@pytest.mark.parametrize(
    "facts", ["missing = 0", "missing = -1, broken = 3", "missing = 999", f"note = '{'x' * 501}'"], ids=range(4)
)
def test_the_database_keeps_the_bounds_too(
    world: World, declarations: Declarations, loan: Reservation, facts: str
) -> None:
    declarations.declare(world.teacher, loan.id, one_missing(world))
    with pytest.raises(Exception) as refused, world.db.write() as session:
        session.execute(text(f"update declaration set {facts}"))
    assert isinstance(refused.value, IntegrityError) or "too long" in str(refused.value)


def test_a_return_and_declarations_at_once_leave_no_surprise(
    world: World, loan: Reservation, media: MediaFolder
) -> None:
    """Either it was declared first, and the return without a look was refused, or the loan was over already."""
    url = world.db.engine.url.render_as_string(hide_password=False)
    start, outcomes = threading.Barrier(4), list[str]()

    def doing(act: Callable[[Database], object]) -> Callable[[], None]:
        def run() -> None:
            database = Database(url)
            start.wait(30)
            try:
                act(database)
                outcomes.append("done")
            except (LoanNotOut, DeclarationNotSeen) as error:
                outcomes.append(type(error).__name__)
            finally:
                database.dispose()

        return run

    def declare(database: Database) -> None:
        Declarations(database, world.clock, media).declare(world.teacher, loan.id, one_missing(world))

    def take_back(database: Database) -> None:
        scan = DeskScan(code=loan.copy_code or "", depot_id=world.depot.id, decision=DeskDecision(action="take_back"))
        type(world.loans)(database, world.clock).desk(world.staff, scan)

    threads = [threading.Thread(target=doing(act)) for act in (declare, declare, declare, take_back)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    is_over = world.booking(loan.id).state == "done"
    expected = ["LoanNotOut"] * 3 + ["done"] if is_over else ["DeclarationNotSeen", "done", "done", "done"]
    assert (sorted(outcomes), count(world)) == (expected, 0 if is_over else 1)
