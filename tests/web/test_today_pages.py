"""The day of a depot: every list, and the clicks that confirm."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from lending.catalog.tables import Copy
from lending.core.actor import Role
from lending.core.database import Database
from lending.loans.schemas.waiting import NewWish
from lending.loans.service.conditions import Conditions
from lending.loans.service.wishes import Wishes
from lending.loans.tables import Booking
from lending.network.tables import Depot
from lending.shipping.schemas import NewTransfer
from lending.shipping.service import Shipping
from tests.kit.catalog import create_copies
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY, World, create_world
from tests.kit.network import create_association, create_depot, create_person
from tests.kit.pages import Browser, browsing, words_of


@pytest.fixture
def world(database: Database, clock: FixedClock) -> World:
    return create_world(database, clock, copies=3, with_contents=True)


@pytest.fixture
def annexe(world: World) -> Depot:
    with world.db.write() as session:
        return create_depot(session, world.association, name="Annexe")


@pytest.fixture
def browser(world: World, database_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path, database_url, clock) as browser:
        browser.sign_in(world.staff)
        yield browser


def today(world: World, depot: Depot | None = None) -> str:
    return f"/today?depot={(depot or world.depot).id}"


def counts(page: str) -> dict[str, int]:
    """How many each list holds, by its place on the page."""
    return {
        found[1]: int(found[2])
        for found in re.finditer(r'href="#([a-z-]+)"><span class="big-number">(\d+)</span>', page)
    }


def act(browser: Browser, world: World, do: str, id_: int, expected: int = 303, /, **more: object) -> str:
    page = browser.get(today(world))
    key = re.search(r'name="key" value="([^"]*)"', page)
    sent = {"depot": world.depot.id, "id": id_, "do": do, "key": f"{key[1] if key else ''}-{do}"}
    return browser.post("/today/confirmations", expected, **(sent | more))


def test_an_empty_day_says_so(browser: Browser, world: World) -> None:
    page = browser.get(today(world))
    assert set(counts(page).values()) == {0}
    assert words_of(page).count("Rien.") == 9
    assert "Rien à prendre" in browser.get(f"/today/picking?depot={world.depot.id}")


def test_ready_is_one_click_with_an_undo(browser: Browser, world: World) -> None:
    booking = world.reserve(1, 5)
    assert counts(browser.get(today(world)))["prepare"] == 1
    after = browser.get(act(browser, world, "ready", booking.id))
    assert "Prêt à partir" in words_of(after)
    assert world.booking(booking.id).pinned
    version = world.booking(booking.id).version
    act(browser, world, "ready", booking.id)
    assert world.booking(booking.id).version == version
    assert 'value="not-ready"' in after
    act(browser, world, "not-ready", booking.id)
    assert not world.booking(booking.id).pinned
    act(browser, world, "not-ready", booking.id)
    assert "Prêt à partir" not in words_of(browser.get(today(world)))


def test_what_is_out_cannot_go_back_to_its_shelf_as_not_ready(browser: Browser, world: World) -> None:
    booking = world.hand_over(world.reserve(0, 5))
    assert "n’attend pas de retrait" in act(browser, world, "not-ready", booking.id, 409)


def test_a_hand_over_clicked_twice_is_done_once(browser: Browser, world: World) -> None:
    booking = world.reserve(0, 5)
    sent = {"code": booking.copy_code, "key": "click"}
    for _ in range(2):
        assert "done=handed-over" in act(browser, world, "hand-over", booking.id, **sent)
    assert world.booking(booking.id).state == "out"
    again = act(browser, world, "hand-over", booking.id, 409, **(sent | {"key": "another"}))
    assert 'role="alert"' in again


def test_a_return_clicked_twice_is_done_once(browser: Browser, world: World) -> None:
    booking = world.hand_over(world.reserve(0, 1))
    page = browser.get(today(world))
    assert counts(page)["back"] == 1
    assert 'value="take-back"' in page
    for _ in range(2):
        answer = act(browser, world, "take-back", booking.id, code=booking.copy_code, key="click")
        assert "done=taken-back" in answer
    assert world.booking(booking.id).state == "done"


def test_a_copy_on_its_way_arrives_by_a_click(browser: Browser, world: World, annexe: Depot) -> None:
    shipping = Shipping(world.db, world.clock)
    new = NewTransfer(code=world.copies[2].code, to_depot_id=annexe.id, leaves_on=world.today)
    transfer = shipping.plan(world.staff, new)
    assert counts(browser.get(today(world, annexe)))["arriving"] == 0
    shipping.send(world.staff, transfer.id)
    page = browser.get(today(world, annexe))
    assert counts(page)["arriving"] == 1
    assert counts(browser.get(today(world)))["arriving"] == 0
    for _ in range(2):
        assert "done=arrived" in browser.post("/today/confirmations", depot=annexe.id, id=transfer.id, do="arrive")
    with world.db.read() as session:
        assert session.get_one(Copy, world.copies[2].id).depot_id == annexe.id
    assert counts(browser.get(today(world, annexe)))["arriving"] == 0


def test_a_copy_is_complete_again_by_a_click(browser: Browser, world: World) -> None:
    world.set_copy(world.copies[0], status="blocked")
    assert counts(browser.get(today(world)))["held"] == 1
    assert "done=completed" in act(browser, world, "complete", world.copies[0].id)
    assert world.copy_status(world.copies[0]) == "lendable"
    assert "n’attend pas de pièce" in act(browser, world, "complete", world.copies[0].id, 409, key="later")


def test_an_offer_to_who_waits_is_on_the_list_until_it_is_over(browser: Browser, world: World) -> None:
    taken = [world.reserve(0, 20) for _ in world.copies]
    school, who = world.school_with_teacher()
    wish = NewWish(
        title_id=world.title.id,
        school_id=school.id,
        starts_on=world.today + DAY,
        until_on=world.today + 15 * DAY,
        length_days=10,
    )
    Wishes(world.db, world.clock).join(who, wish)
    assert counts(browser.get(today(world)))["offers"] == 0
    world.loans.cancel(world.teacher, taken[0].id)
    page = browser.get(today(world))
    assert counts(page)["offers"] == 1
    assert "réponse attendue avant le" in words_of(page)
    world.clock.advance(days=4)
    assert counts(browser.get(today(world)))["offers"] == 0


def test_late_and_at_risk_are_counted(browser: Browser, world: World) -> None:
    world.hand_over(world.reserve(0, 2))
    world.clock.advance(days=4)
    world.reserve(3, 5)
    for copy in world.copies[1:]:
        world.set_copy(copy, status="repair")
    found = counts(browser.get(today(world)))
    assert (found["late"], found["held"], found["at-risk"]) == (1, 2, 1)


def test_a_request_that_waits_for_a_word_is_on_the_list_until_it_is_given(browser: Browser, world: World) -> None:
    booking = world.reserve(60, 5)
    with world.db.write() as session:
        session.get_one(Booking, booking.id).awaits_approval = True
    page = browser.get(today(world))
    assert counts(page)["approve"] == 1
    assert f'href="/reservations/{booking.id}"' in page
    assert [one.id for one in world.loans.loans(world.staff, world.association.id, "to_approve").items] == [booking.id]
    Conditions(world.db, world.clock).approve(world.staff, booking.id)
    assert counts(browser.get(today(world)))["approve"] == 0
    assert world.loans.loans(world.staff, world.association.id, "to_approve").items == []


def test_the_picking_list_goes_along_the_shelves(browser: Browser, world: World) -> None:
    later, first = world.reserve(0, 5), world.reserve(1, 5)
    for booking, shelf in ((later, "B 2"), (first, "A 1")):
        with world.db.write() as session:
            session.get_one(Copy, booking.copy_id).shelf = shelf
    world.reserve(9, 3)
    page = browser.get(f"/today/picking?depot={world.depot.id}")
    said = words_of(page)
    assert said.index("Rayon A 1") < said.index(first.reference) < said.index("Rayon B 2") < said.index(later.reference)
    assert "2 exemplaires" in said
    assert page.count('class="pick-box"') == 2


def test_only_the_depots_own_staff_confirm(browser: Browser, world: World) -> None:
    booking = world.reserve(0, 5)
    with world.db.write() as session:
        neighbour = create_association(session, world.union, code="44")
        create_depot(session, neighbour)
        stranger = create_person(session, Role.STAFF, neighbour)
    sent = {"depot": world.depot.id, "id": booking.id, "code": booking.copy_code}
    for actor in (world.teacher, stranger):
        browser.sign_in(actor)
        for do in ("ready", "not-ready", "hand-over", "take-back"):
            browser.post("/today/confirmations", 403, **sent, do=do)
        answer = browser.client.get(f"/today/picking?depot={world.depot.id}")
        assert answer.status_code in (403, 404)
    assert not world.booking(booking.id).pinned
    browser.sign_in(world.staff)
    browser.post("/today/confirmations", 404, **sent, do="explode")
    browser.post("/today/confirmations", 404, depot="x", id=booking.id, do="ready")


def test_several_depots_are_chosen_from(browser: Browser, world: World, annexe: Depot) -> None:
    for path in ("/today", "/today/picking"):
        said = words_of(browser.get(path))
        assert world.depot.name in said
        assert annexe.name in said


def test_more_work_takes_no_more_questions(browser: Browser, world: World) -> None:
    def questions() -> int:
        asked: list[str] = []

        def note(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
            asked.append(statement)

        engine = browser.services.db.engine
        event.listen(engine, "before_cursor_execute", note)
        browser.get(today(world))
        browser.get(f"/today/picking?depot={world.depot.id}")
        event.remove(engine, "before_cursor_execute", note)
        return len(asked)

    with world.db.write() as session:
        create_copies(session, world.title, world.depot, 2)
    world.hand_over(world.reserve(0, 1))
    world.reserve(1, 5)
    few = questions()
    world.hand_over(world.reserve(0, 1))
    world.reserve(1, 5)
    assert questions() == few
