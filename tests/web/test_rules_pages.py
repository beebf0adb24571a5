"""Rules in force and why, days without loans, school periods in one tap, what must be settled before a copy leaves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lending.core.database import Database
from lending.loans.service.rulebook import RuleBook
from lending.network.service.school_calendars import SchoolCalendars
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_rule, create_world
from tests.kit.pages import Browser, browsing, words_of


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    world = create_world(Database(sqlite_url), clock, copies=1)
    SchoolCalendars(world.db, world.clock).load_published()
    return world


@pytest.fixture
def browser(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path, sqlite_url, clock) as browser:
        yield browser


def rules_of(world: World) -> str:
    return f"/organisations/{world.association.id}/rules"


def test_everybody_sees_what_holds_and_why(browser: Browser, world: World) -> None:
    with world.db.write() as session:
        create_rule(session, world.association.id, "trunk", loan_days=35)
    said = words_of(browser.get(rules_of(world)))
    assert "Durée habituelle 35 jours règle de l’association, Malles" in said
    assert "Préparation 1 jour ouvert règle du réseau" in said
    assert "Caution sans caution usage par défaut" in said
    assert "Enregistrer la règle" not in said


def test_staff_write_a_rule_and_what_they_leave_empty_stays_the_networks(browser: Browser, world: World) -> None:
    browser.sign_in(world.staff)
    form = {"kind": "game", "borrowers": "own", "version": "0", "loan_days": "14", "deposit_form": "cheque"}
    browser.post(rules_of(world), **form, deposit_cents="80,50", renewals="0")
    rule = RuleBook(world.db, world.clock).rules(world.staff, world.association.id)[0]
    assert rule.said == {"loan_days": 14, "deposit_form": "cheque", "deposit_cents": 8050, "renewals": 0}
    assert 'value="80.50"' in browser.get(f"{rules_of(world)}?kind=game")


@pytest.mark.parametrize(
    ("typed", "beside"),
    [
        ({"loan_days": "abc"}, "loan_days"),
        ({"deposit_cents": "1.005"}, "deposit_cents"),
        ({"loan_days": "0"}, "loan_days"),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field_and_nothing_is_lost(
    browser: Browser, world: World, typed: dict[str, str], beside: str
) -> None:
    browser.sign_in(world.staff)
    form = {"kind": "trunk", "borrowers": "own", "version": "0", "reminder_days": "9"}
    page = browser.post(rules_of(world), 400, **form | typed)
    assert f'id="{beside}-error"' in page
    assert 'value="9"' in page
    assert RuleBook(world.db, world.clock).rules(world.staff, world.association.id) == []


def test_two_people_editing_one_rule_the_second_is_told(browser: Browser, world: World) -> None:
    browser.sign_in(world.staff)
    form = {"kind": "trunk", "borrowers": "region", "version": "0", "is_lendable": "yes"}
    browser.post(rules_of(world), **form)
    browser.post(rules_of(world), 412, **form)


def test_days_without_loans_are_announced_and_taken_back(browser: Browser, world: World) -> None:
    browser.sign_in(world.staff)
    address = f"/organisations/{world.association.id}/blackouts"
    days = {"starts_on": "2027-06-01", "until_on": "2027-06-05"}
    browser.post(address, 400, **days)
    browser.post(address, **days, reason="Inventaire")
    assert "Inventaire" in browser.get(rules_of(world))
    blackout = RuleBook(world.db, world.clock).blackouts(world.association.id)[0]
    browser.post(f"{address}/{blackout.id}/removal")
    assert "Inventaire" not in browser.get(rules_of(world))


def test_a_teacher_takes_a_school_period_with_one_tap(browser: Browser, world: World) -> None:
    browser.sign_in(world.teacher)
    page = browser.get(f"/titles/{world.title.id}")
    assert "Période 3" in words_of(page)
    choice = RuleBook(world.db, world.clock).choices(world.title.id, world.depot.id, world.school.id)[0]
    days = {"starts_on": str(choice.starts_on), "due_on": str(choice.due_on)}
    place = {"school_id": str(world.school.id), "depot_id": str(world.depot.id)}
    browser.post(f"/titles/{world.title.id}/reservations", **place, **days)
    assert "déjà pris" in words_of(browser.get(f"/titles/{world.title.id}"))


def test_what_must_be_settled_stands_on_the_reservation_with_the_staffs_buttons(browser: Browser, world: World) -> None:
    with world.db.write() as session:
        create_rule(
            session,
            world.association.id,
            needs_approval=True,
            agreement="loan",
            deposit_form="cheque",
            deposit_cents=8000,
            fee_mode="loan",
            fee_cents=500,
        )
    booking = world.reserve(1, 7)
    address = f"/reservations/{booking.id}"
    browser.sign_in(world.teacher)
    said = words_of(browser.get(address))
    assert "L’association doit encore donner son accord." in said
    assert "Donner l’accord" not in said
    browser.sign_in(world.staff)
    for path, form in (("approval", {"answer": "yes"}), ("signature", {}), ("deposit", {"step": "received"})):
        browser.post(f"{address}/{path}", **form)
    row = world.booking(booking.id)
    assert (row.awaits_approval, row.awaits_agreement, row.deposit_state) == (False, False, "received")
    browser.post(f"{address}/deposit", 404, step="eaten")
