"""What teachers tell each other about a title after they had it."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from lending.catalog.errors import UnknownLevel, VersionChanged
from lending.core.actor import ANONYMOUS, Actor, Role
from lending.core.database import Database
from lending.core.errors import Conflict, Forbidden, NotFound, Unauthenticated
from lending.loans.rules.reviews import BadRating, ReviewTooEarly, TipTooLong
from lending.loans.schemas import Reservation
from lending.loans.schemas.reviews import NewReview
from lending.loans.service.reviews import Reviews
from tests.kit.catalog import create_term
from tests.kit.loans import World
from tests.kit.network import create_association, create_person

GOOD = NewReview(rating=4, tip="Prévoir deux séances.")


@pytest.fixture
def reviews(world: World) -> Reviews:
    return Reviews(world.db, world.clock)


def returned(world: World, actor: Actor | None = None, school_id: int | None = None) -> Reservation:
    more = {"school_id": school_id} if school_id else {}
    loan = world.hand_over(world.reserve(0, 5, actor, **more))
    world.loans.check_in(world.staff, world.depot.id, loan.copy_code or "")
    return loan


def count(world: World) -> int:
    with world.db.read() as session:
        return int(session.execute(text("select count(*) from review")).scalar_one())


def test_it_is_told_once_the_copy_is_back_and_everybody_reads_it(world: World, reviews: Reviews) -> None:
    loan = world.hand_over(world.reserve(0, 5))
    with pytest.raises(ReviewTooEarly):
        reviews.write(world.teacher, loan.id, GOOD)
    world.loans.check_in(world.staff, world.depot.id, loan.copy_code or "")
    assert [one.id for one in reviews.wanted(world.teacher)] == [loan.id]
    reviews.write(world.teacher, loan.id, GOOD)
    found = reviews.of_title(ANONYMOUS, world.title.id)
    assert (found.count, found.mean, [one.tip for one in found.items]) == (1, None, ["Prévoir deux séances."])
    assert found.items[0].signature == "", "nobody is named who did not wish to be"
    assert reviews.wanted(world.teacher) == []


def test_whoever_wishes_signs(world: World, reviews: Reviews) -> None:
    with world.db.write() as session:
        create_term(session, "level", "CE1", label_fr="CE1")
    loan = returned(world)
    reviews.write(world.teacher, loan.id, NewReview(rating=5, level="CE1", is_signed=True))
    one = reviews.of_title(ANONYMOUS, world.title.id).items[0]
    assert (one.signature, one.level_label) == ("Camille Martin, École Jean-Moulin", "CE1")


def test_one_for_each_loan_to_be_changed_and_taken_back(world: World, reviews: Reviews) -> None:
    loan = returned(world)
    first = reviews.write(world.teacher, loan.id, GOOD)
    again = reviews.write(world.teacher, loan.id, NewReview(rating=2, version=first.version))
    assert (again.id, again.rating, again.tip, count(world)) == (first.id, 2, "", 1)
    with pytest.raises(VersionChanged):
        reviews.write(world.teacher, loan.id, NewReview(rating=1, version=first.version))
    reviews.erase(world.teacher, loan.id)
    assert count(world) == 0
    with pytest.raises(NotFound):
        reviews.erase(world.teacher, loan.id)


@pytest.mark.parametrize(
    ("new", "error"),
    [
        (NewReview(rating=0), BadRating),
        (NewReview(rating=6), BadRating),
        (NewReview(rating=3, tip="x" * 1001), TipTooLong),
        (NewReview(rating=3, level="nothing"), UnknownLevel),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_changes(
    world: World, reviews: Reviews, new: NewReview, error: type[Exception]
) -> None:
    loan = returned(world)
    with pytest.raises(error):
        reviews.write(world.teacher, loan.id, new)
    assert count(world) == 0


def test_only_its_school_writes_it(world: World, reviews: Reviews) -> None:
    loan = returned(world)
    _, stranger = world.school_with_teacher()
    for who in (stranger, world.staff):
        with pytest.raises(Forbidden):
            reviews.write(who, loan.id, GOOD)
    with pytest.raises(Unauthenticated):
        reviews.write(ANONYMOUS, loan.id, GOOD)
    assert count(world) == 0


def test_what_staff_hide_only_its_school_and_they_see(world: World, reviews: Reviews) -> None:
    loan = returned(world)
    told = reviews.write(world.teacher, loan.id, GOOD)
    hidden = reviews.hide(world.staff, told.id, "Un élève est nommé.")
    assert hidden.is_hidden
    assert reviews.of_title(ANONYMOUS, world.title.id).items == []
    assert reviews.of_title(ANONYMOUS, world.title.id).count == 0
    assert reviews.of_title(world.teacher, world.title.id).items == []
    own = reviews.of_booking(world.teacher, loan.id)
    assert own is not None
    assert own.hidden_because == "Un élève est nommé."
    assert [one.id for one in reviews.of_title(world.staff, world.title.id).items] == [told.id]
    assert reviews.write(world.teacher, loan.id, NewReview(rating=4, tip="Mieux.")).is_hidden, "it stays hidden"
    reviews.show(world.staff, told.id)
    assert reviews.of_title(ANONYMOUS, world.title.id).count == 1


def test_staff_of_elsewhere_and_teachers_hide_nothing(world: World, reviews: Reviews) -> None:
    told = reviews.write(world.teacher, returned(world).id, GOOD)
    with world.db.write() as session:
        elsewhere = create_association(session, world.union, code="22")
        other = create_person(session, Role.STAFF, elsewhere)
    for who in (other, world.teacher):
        with pytest.raises(Forbidden):
            reviews.hide(who, told.id)
    with pytest.raises(NotFound):
        reviews.hide(world.staff, told.id + 1)


def test_three_make_a_mean_and_pages_follow_each_other(small_world: World) -> None:
    world = small_world
    reviews = Reviews(world.db, world.clock)
    for rating in (5, 4, 4):
        school, who = world.school_with_teacher()
        loan = returned(world, who, school.id)
        reviews.write(who, loan.id, NewReview(rating=rating))
        world.clock.advance(days=7)
    first = reviews.of_title(ANONYMOUS, world.title.id, limit=2)
    assert (first.count, first.mean, [one.rating for one in first.items]) == (3, 4.3, [4, 4])
    rest = reviews.of_title(ANONYMOUS, world.title.id, first.next_cursor)
    assert ([one.rating for one in rest.items], rest.next_cursor) == ([5], None)


def test_an_unpublished_title_says_nothing(world: World, reviews: Reviews) -> None:
    reviews.write(world.teacher, returned(world).id, GOOD)
    with world.db.write() as session:
        session.execute(text("update title set visibility = 'archived'"))
    with pytest.raises(NotFound):
        reviews.of_title(ANONYMOUS, world.title.id)


@pytest.mark.parametrize(
    "facts", ["rating = 6", "rating = 0", "hidden_because = 'x'", f"tip = '{'x' * 1001}'"], ids=range(4)
)
def test_the_database_keeps_the_bounds_too(world: World, reviews: Reviews, facts: str) -> None:
    reviews.write(world.teacher, returned(world).id, GOOD)
    with pytest.raises(IntegrityError), world.db.write() as session:
        session.execute(text(f"update review set {facts}"))


def test_two_colleagues_at_once_leave_one_review(world: World) -> None:
    loan = returned(world)
    url = world.db.engine.url.render_as_string(hide_password=False)
    start, failures = threading.Barrier(4), list[Exception]()

    def writing(rating: int) -> Callable[[], None]:
        def write() -> None:
            database = Database(url)
            start.wait(30)
            try:
                Reviews(database, world.clock).write(world.teacher, loan.id, NewReview(rating=rating))
            except Conflict as error:
                failures.append(error)
            finally:
                database.dispose()

        return write

    threads = [threading.Thread(target=writing(rating)) for rating in (2, 3, 4, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (count(world), failures) == (1, [])
