"""What a teacher does, counted: the fewest dates and clicks that any lending system asks for, or fewer.

A keyboard alone and a browser without scripts lead as far.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lending.loans.schemas import Reservation
from lending.loans.schemas.reviews import NewReview
from lending.loans.service.reviews import Reviews
from lending.network.service.school_calendars import SchoolCalendars
from tests.kit.browser import violations
from tests.kit.catalog import create_copies, create_title
from tests.kit.clock import FixedClock
from tests.kit.hand import Hand
from tests.kit.loans import DAY, World, create_rule
from tests.kit.network import create_depot
from tests.kit.site import Site, serving

MOST_TABS = 80


@pytest.fixture
def site(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Site]:
    with serving(tmp_path, sqlite_url, clock) as site:
        yield site


@pytest.fixture
def me(site: Site, context: BrowserContext, page: Page, world: World) -> Page:
    """A teacher on a phone."""
    page.set_viewport_size({"width": 390, "height": 844})
    site.sign_in(context, world.teacher)
    return page


def returned(world: World) -> Reservation:
    """A loan that is over."""
    loan = world.hand_over(world.reserve(0, 5))
    world.clock.advance(days=3)
    world.loans.check_in(world.staff, world.depot.id, loan.copy_code or "")
    return loan


def test_reserving_takes_one_query_two_dates_and_one_click(site: Site, me: Page, world: World) -> None:
    hand = Hand()
    me.goto(site.address)
    hand.type(me.get_by_label("Que cherchez-vous ?"), "malle coop")
    me.keyboard.press("Enter")
    me.get_by_role("link", name="Malle coopération").click()
    hand.pick(me.get_by_label("Retrait le"), world.today + 7 * DAY)
    hand.pick(me.get_by_label("Retour le"), world.today + 11 * DAY)
    hand.click(me.get_by_role("button", name="Réserver", exact=True))
    expect(me.get_by_text("C’est réservé.")).to_be_visible()
    assert (hand.words, *hand.did) == (1, 2, 1)


def test_last_years_loan_again_takes_one_click(site: Site, me: Page, world: World) -> None:
    hand, loan = Hand(), returned(world)
    site.services.network.affiliate(world.staff, world.school.id, 2027)
    me.goto(f"{site.address}/reservations/{loan.id}")
    hand.click(me.get_by_role("button", name="Réserver de nouveau"))
    expect(me.get_by_text("C’est réservé.")).to_be_visible()
    expect(me.get_by_text("2028").first).to_be_visible()
    assert hand.did == (0, 1)


def test_waiting_for_what_was_refused_takes_one_click(site: Site, me: Page, world: World) -> None:
    for _ in world.copies:
        school, who = world.school_with_teacher()
        world.reserve(7, 5, who, school_id=school.id)
    hand = Hand()
    me.goto(f"{site.address}/titles/{world.title.id}")
    hand.pick(me.get_by_label("Retrait le"), world.today + 7 * DAY)
    hand.pick(me.get_by_label("Retour le"), world.today + 11 * DAY)
    me.get_by_role("button", name="Réserver", exact=True).click()
    expect(me.get_by_text("Libre au plus près :")).to_be_visible()
    assert violations(me) == []
    hand.click(me.get_by_role("button", name="Attendre du 18 janvier"))
    expect(me.get_by_text("Place dans la file : 1")).to_be_visible()
    assert hand.did == (2, 1)


def test_waiting_for_a_period_that_is_taken_takes_one_click(site: Site, me: Page, world: World) -> None:
    SchoolCalendars(world.db, world.clock).load_published()
    with world.db.write() as session:
        create_rule(session, world.association.id, period_mode="period", max_loan_days=80)
    for _ in world.copies:
        school, who = world.school_with_teacher()
        choice = site.services.rulebook.choices(world.title.id, world.depot.id, school.id)[0]
        days = {"starts_on": choice.starts_on, "due_on": choice.due_on}
        world.loans.reserve(who, msgspec.structs.replace(world.wish(7, 5, school_id=school.id), **days))
    hand = Hand()
    me.goto(f"{site.address}/titles/{world.title.id}")
    hand.click(me.get_by_role("button", name="déjà pris : attendre"))
    expect(me.get_by_text("Place dans la file : 1")).to_be_visible()
    assert hand.did == (0, 1)


def test_everything_is_extended_with_one_click(site: Site, me: Page, world: World) -> None:
    for _ in world.copies:
        world.hand_over(world.reserve(0, 5))
    hand = Hand()
    me.goto(site.address)
    hand.click(me.get_by_role("button", name="Tout prolonger"))
    expect(me.get_by_role("heading", name="2 prêts prolongés")).to_be_visible()
    assert hand.did == (0, 1)


def test_cancelling_takes_one_click_and_taking_it_back_another(site: Site, me: Page, world: World) -> None:
    booking = world.reserve(7, 5)
    cancelling, undoing = Hand(), Hand()
    me.goto(f"{site.address}/reservations")
    cancelling.click(me.get_by_role("button", name="Annuler"))
    expect(me.get_by_text("La réservation est annulée.")).to_be_visible()
    assert world.booking(booking.id).state == "cancelled"
    undoing.click(me.get_by_role("button", name="Rétablir aux mêmes dates"))
    expect(me.get_by_text("La réservation est rétablie")).to_be_visible()
    assert world.booking(booking.id).state == "planned"
    assert (cancelling.did, undoing.did) == ((0, 1), (0, 1))


def test_several_from_several_depots_take_one_confirmation(site: Site, me: Page, world: World) -> None:
    with world.db.write() as session:
        other = create_depot(session, world.association, "Dépôt de Fougères")
        far = create_title(session, world.federation, name="Malle loup", kind="trunk", levels=["CE1"])
        create_copies(session, far, other, 1)
    hand = Hand()
    for title in (world.title, far):
        me.goto(f"{site.address}/titles/{title.id}")
        hand.pick(me.get_by_label("Retrait le"), world.today + 7 * DAY)
        hand.pick(me.get_by_label("Retour le"), world.today + 11 * DAY)
        hand.click(me.get_by_role("button", name="Ajouter au panier"))
    hand.click(me.get_by_role("button", name="Tout réserver"))
    expect(me.get_by_text("2 réservations")).to_be_visible()
    expect(me.get_by_role("heading", name="Dépôt de Fougères")).to_be_visible()
    assert hand.did == (4, 3), "two dates and one click for each, one confirmation"


def test_without_scripts_one_searches_reserves_cancels_and_takes_it_back(
    site: Site, browser: Browser, world: World
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="fr-FR", viewport={"width": 390, "height": 844})
    site.sign_in(context, world.teacher)
    page = context.new_page()
    page.goto(site.address)
    page.get_by_label("Que cherchez-vous ?").fill("coopération")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("link", name="Malle coopération").click()
    page.get_by_label("Retrait le").fill((world.today + 7 * DAY).isoformat())
    page.get_by_label("Retour le").fill((world.today + 11 * DAY).isoformat())
    page.get_by_role("button", name="Réserver", exact=True).click()
    page.get_by_role("button", name="Annuler la réservation").click()
    page.get_by_role("button", name="Rétablir aux mêmes dates").click()
    expect(page.get_by_text("La réservation est rétablie")).to_be_visible()
    tell_how_it_went(site, page, world)
    context.close()


def tell_how_it_went(site: Site, page: Page, world: World) -> None:
    """From the first page to the page of the title."""
    returned(world)
    page.goto(site.address)
    page.get_by_role("link", name="Donner mon avis").click()
    page.get_by_label("Très bien").check()
    page.get_by_label("Un conseil aux collègues (facultatif)").fill("Prévoir deux séances.")
    page.get_by_role("button", name="Donner mon avis").click()
    expect(page.get_by_text("Merci ! Votre avis aidera les collègues.")).to_be_visible()
    page.goto(f"{site.address}/titles/{world.title.id}")
    expect(page.get_by_text("Prévoir deux séances.")).to_be_visible()


def test_a_keyboard_alone_searches_reserves_cancels_and_takes_it_back(site: Site, me: Page, world: World) -> None:
    me.goto(site.address)
    reach(me, "Que cherchez-vous ?")
    me.keyboard.type("malle coop")
    me.keyboard.press("Enter")
    me.wait_for_url("**/search**")
    reach(me, "Malle coopération")
    me.keyboard.press("Enter")
    me.wait_for_url("**/titles/**")
    for label, days in (("Retrait le", 7), ("Retour le", 11)):
        reach(me, label)
        type_day(me, label, world, days)
    reach(me, "Réserver")
    me.keyboard.press("Enter")
    me.wait_for_url("**/reservations/**")
    reach(me, "Annuler la réservation")
    me.keyboard.press("Enter")
    expect(me.get_by_text("La réservation est annulée.")).to_be_visible()
    reach(me, "Rétablir aux mêmes dates")
    me.keyboard.press("Enter")
    expect(me.get_by_text("La réservation est rétablie")).to_be_visible()


def type_day(page: Page, label: str, world: World, days: int) -> None:
    """Month, day and year, as the field of this browser takes them."""
    day = world.today + days * DAY
    page.keyboard.type(f"{day:%m%d%Y}")
    assert page.get_by_label(label).input_value() == day.isoformat()


def reach(page: Page, name: str) -> None:
    """Tab on until the thing of this name has the focus, and can be seen to have it."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(NAME_OF_FOCUS).strip().startswith(name):
            assert page.evaluate("document.activeElement.matches(':focus-visible')")
            return
    pytest.fail(f"{name} was not reached with the keyboard")


NAME_OF_FOCUS = """(() => {
  const it = document.activeElement;
  const label = it.labels && it.labels[0];
  return ((label ? label.innerText : it.getAttribute('aria-label') || it.innerText) || '').replace(/\\s+/g, ' ');
})()"""


@pytest.fixture
def paths(world: World) -> list[str]:
    """The pages of a busy teacher: every kind of step, an undo, a repetition."""
    over = returned(world)
    reviews = Reviews(world.db, world.clock)
    reviews.write(world.teacher, over.id, NewReview(rating=4, tip="Prévoir deux séances.", is_signed=True))
    late = world.hand_over(world.reserve(0, 2))
    with world.db.write() as session:
        create_rule(session, world.association.id, deposit_form="cheque", deposit_cents=8000)
    world.reserve(14, 5)
    world.clock.advance(days=7)
    gone = world.loans.cancel(world.teacher, world.reserve(28, 5).id)
    title = f"/titles/{world.title.id}"
    return [
        "/",
        title,
        f"{title}/reviews",
        "/reservations",
        f"/reservations/{over.id}",
        f"/reservations/{late.id}",
        f"/reservations/{gone.id}",
    ]


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")])
def test_the_pages_keep_to_the_rules_of_accessibility(
    paths: list[str], site: Site, me: Page, width: int, scheme: str
) -> None:
    me.set_viewport_size({"width": width, "height": 900})
    me.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found = {}
    for path in paths:
        me.goto(site.address + path)
        found[path] = violations(me)
    assert {path: broken for path, broken in found.items() if broken} == {}


def test_nothing_is_wider_than_a_small_phone(paths: list[str], site: Site, me: Page) -> None:
    me.set_viewport_size({"width": 320, "height": 640})
    wide = []
    for path in paths:
        me.goto(site.address + path)
        wide += [path] if me.evaluate("document.body.scrollWidth") > 320 else []
    assert wide == []
