"""The pages of what went wrong: claims, losses, settlements, ways out for reservations at risk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lending.core.database import Database
from lending.loans.tables import Booking
from tests.kit.catalog import create_copies
from tests.kit.clock import FixedClock
from tests.kit.loans import EVERY_DAY, World, create_world
from tests.kit.network import create_depot
from tests.kit.pages import Browser, browsing, hidden, words_of


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    return create_world(
        Database(sqlite_url), clock, copies=1, with_contents=True, deposit_form="cheque", deposit_cents=8000
    )


@pytest.fixture
def browser(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path, sqlite_url, clock) as browser:
        browser.sign_in(world.staff)
        yield browser


def lend(world: World) -> int:
    booking = world.reserve(0, 7)
    with world.db.write() as session:
        session.get_one(Booking, booking.id).deposit_state = "received"
    return world.hand_over(booking).id


def take_back(browser: Browser, world: World, expected: int = 303, **words: object) -> str:
    code = world.copies[0].code
    page = browser.get(f"/desk?depot={world.depot.id}&code={code}")
    known = {"depot": world.depot.id, "code": code, "key": hidden(page, "key")}
    return browser.post("/desk/take-back", expected, **known, **words)


def test_a_teacher_says_it_was_returned_and_the_desk_says_who_was_right(browser: Browser, world: World) -> None:
    booking_id = lend(world)
    browser.sign_in(world.teacher)
    assert "Déclarer perdu" not in browser.get(f"/reservations/{booking_id}")
    assert "caractères" in browser.post(f"/reservations/{booking_id}/claim", 400, note="x" * 5000)
    after = browser.post(f"/reservations/{booking_id}/claim", note="Rendue lundi")
    assert "Déclaré rendu le" in words_of(browser.get(after))
    browser.sign_in(world.staff)
    assert "Retour contesté" in words_of(browser.get("/incidents?kind=claimed"))
    assert "Retour contesté" in words_of(take_back(browser, world, 409, all="1"))
    take_back(browser, world, all="1", claim="was_here")
    assert world.booking(booking_id).state == "done"


def test_a_loss_is_declared_and_settled_on_its_page(browser: Browser, world: World) -> None:
    booking_id = lend(world)
    page = browser.post(f"/reservations/{booking_id}/loss", note="Jamais rapportée")
    address = page.partition("?")[0]
    shown = browser.get(page)
    assert "Exemplaire perdu" in words_of(shown)
    fields = {"version": hidden(shown, "version"), "cost": "120,50"}
    assert "Choisissez une des propositions." in browser.post(f"{address}/settlement", 400, **fields)
    assert "Dites qui paie" in browser.post(f"{address}/settlement", 400, **fields, outcome="paid")
    wrong = browser.post(f"{address}/settlement", 400, **(fields | {"cost": "beaucoup"}), outcome="waived")
    assert 'aria-invalid="true"' in wrong
    done = browser.post(f"{address}/settlement", **fields, outcome="paid", paid_by="borrower", deposit="kept")
    words = words_of(browser.get(done))
    assert "La décision est enregistrée." in words
    assert "120,50" in words
    assert "encaissée" in words
    assert "Cet incident est déjà réglé" in browser.post(f"{address}/settlement", 409, outcome="waived")


def test_a_lost_copy_found_after_it_was_paid_asks_for_a_decision(browser: Browser, world: World) -> None:
    booking_id = lend(world)
    address = browser.post(f"/reservations/{booking_id}/loss").partition("?")[0]
    browser.post(f"{address}/settlement", outcome="paid", paid_by="borrower", cost="80")
    world.clock.advance(days=30)
    browser.sign_in(world.staff)
    take_back(browser, world, all="1")
    assert "Remboursement à décider" in words_of(browser.get("/incidents?state=refund"))
    page = browser.get(address)
    assert "Ne pas rembourser" in words_of(page)
    world.clock.advance(days=1)
    after = browser.post(f"{address}/refund", version=hidden(page, "version"), answer="yes")
    assert "Ne pas rembourser" not in words_of(browser.get(after))
    browser.post(f"{address}/refund", 409, answer="yes")


def test_a_return_dated_before_the_loan_is_refused_beside_its_field(browser: Browser, world: World) -> None:
    lend(world)
    page = take_back(browser, world, 400, returned_on="2020-01-01")
    assert 'aria-describedby="returned_on-error"' in page
    take_back(browser, world, 400, returned_on="yesterday")
    world.clock.advance(days=3)
    take_back(browser, world, returned_on=str(world.today), damaged="repair", note="Couvercle fendu")
    assert world.copy_status(world.copies[0]) == "repair"
    assert "Exemplaire abîmé" in words_of(browser.get("/incidents"))


def test_a_note_on_the_copy_must_be_read(browser: Browser, world: World) -> None:
    lend(world)
    world.set_copy(world.copies[0], note="Vérifier la serrure")
    assert "Vérifier la serrure" in words_of(take_back(browser, world, 409, all="1"))
    take_back(browser, world, all="1", note_seen="yes")


def test_a_lost_copy_without_a_loan_is_put_right_at_the_desk(browser: Browser, world: World) -> None:
    world.set_copy(world.copies[0], status="lost")
    code = world.copies[0].code
    page = browser.get(f"/desk?depot={world.depot.id}&code={code}")
    known = {"depot": world.depot.id, "code": code, "key": hidden(page, "key")}
    browser.post("/desk/complete", **known, copy_id=world.copies[0].id)
    assert world.copy_status(world.copies[0]) == "lendable"


def test_a_reservation_at_risk_is_cured_with_one_button(browser: Browser, world: World) -> None:
    booking = world.reserve(10, 7)
    world.set_copy(world.copies[0], status="repair")
    with world.db.write() as session:
        annexe = create_depot(session, world.association, "Annexe", weekdays=EVERY_DAY)
        create_copies(session, world.title, annexe, 1)
    assert "Au dépôt Annexe" in words_of(browser.get(f"/today?depot={world.depot.id}"))
    browser.sign_in(world.teacher)
    page = browser.get(f"/reservations/{booking.id}")
    cure = hidden(page, "cure")
    after = browser.get(browser.post(f"/reservations/{booking.id}/cures", cure=cure))
    assert "C’est arrangé" in words_of(after)
    assert world.booking(booking.id).depot_id == annexe.id


def test_a_copy_lent_incomplete_says_so_on_the_page_of_its_title(browser: Browser, world: World) -> None:
    lend(world)
    line = world.lines[0]
    take_back(browser, world, lendable_though_incomplete="yes", **{f"found-{line.id}": line.quantity - 1})
    browser.sign_in(world.teacher)
    words = words_of(browser.get(f"/titles/{world.title.id}"))
    assert "Prêté incomplet" in words
    assert f"1 × {line.name}" in words


def test_only_who_looks_after_loans_sees_the_incidents(browser: Browser, world: World) -> None:
    booking_id = lend(world)
    address = browser.post(f"/reservations/{booking_id}/loss").partition("?")[0]
    browser.sign_in(world.teacher)
    browser.get("/incidents", 403)
    browser.get(address, 403)
    assert "Exemplaire perdu" in words_of(browser.get(f"/reservations/{booking_id}"))


def test_the_list_searches_and_speaks_english(browser: Browser, world: World) -> None:
    booking_id = lend(world)
    browser.post(f"/reservations/{booking_id}/loss")
    assert "Aucun incident" in words_of(browser.get("/incidents?q=introuvable"))
    reference = world.booking(booking_id).reference
    assert reference in browser.get(f"/incidents?q={reference}&association={world.association.id}")
    browser.client.cookies.set("language", "en")
    assert "Who owes whom" in words_of(browser.get("/incidents"))
