"""The page of a title and its form: what can be had, and why not."""

import datetime as dt
import re

import pytest

from lending.core.actor import SYSTEM, Role
from lending.loans.schemas import FoundLine
from tests.kit.catalog import create_copies, create_title
from tests.kit.loans import World, create_rule
from tests.kit.network import create_association, create_depot, create_person, create_school
from tests.kit.pages import Browser, hidden, words_of


def form(world: World, **more: object) -> dict[str, object]:
    first = world.today + dt.timedelta(days=7)
    known = {"school_id": world.school.id, "depot_id": world.depot.id, "idempotency_key": "once"}
    return known | {"starts_on": first, "due_on": first + dt.timedelta(days=4)} | more


def post_of(world: World) -> str:
    return f"/titles/{world.title.id}/reservations"


def test_the_contents_are_listed_with_their_quantities(visitor: Browser, world: World) -> None:
    words = words_of(visitor.get(f"/titles/{world.title.id}"))
    assert "5 × Album « Le loup »" in words
    assert "8 éléments" in words


def test_a_copy_that_waits_for_parts_is_told_with_what_it_lacks(teacher: Browser, world: World) -> None:
    loan = world.hand_over(world.reserve(0, 5))
    assert loan.copy_code is not None
    world.loans.check_in(world.staff, world.depot.id, loan.copy_code, [FoundLine(world.lines[0].id, 3)])
    words = words_of(teacher.get(f"/titles/{world.title.id}"))
    assert "Incomplet ou en réparation, bientôt de retour" in words
    assert "2 × Album « Le loup »" in words


def test_a_visitor_is_asked_to_sign_in_and_comes_back(visitor: Browser, world: World) -> None:
    page = visitor.get(f"/titles/{world.title.id}?starts_on=2027-01-18")
    assert f"/sign-in?next=/titles/{world.title.id}%3Fstarts_on%3D2027-01-18" in page


def test_the_calendar_says_each_day_in_words(teacher: Browser, world: World) -> None:
    for _ in world.copies:
        world.reserve(7, 3)
    words = words_of(teacher.get(f"/titles/{world.title.id}"))
    assert "15 , 2 libres" in words
    assert "19 , tout est pris" in words
    assert "16 , fermé" in words


def test_two_dates_and_a_button_reserve(teacher: Browser, world: World) -> None:
    page = teacher.get(f"/titles/{world.title.id}")
    key = hidden(page, "idempotency_key")
    address = teacher.post(post_of(world), **form(world, idempotency_key=key))
    words = words_of(teacher.get(address))
    assert "C’est réservé." in words
    assert "lundi 18 janvier 2027" in words


def test_a_form_posted_twice_reserves_once(teacher: Browser, world: World) -> None:
    first, second = (teacher.post(post_of(world), **form(world)) for _ in range(2))
    assert first == second
    assert world.count_bookings() == 1


@pytest.mark.parametrize(
    ("wrong", "status", "field"),
    [
        ({"starts_on": ""}, 400, "starts_on"),
        ({"due_on": "2027-02-30"}, 400, "due_on"),
        ({"due_on": "2027-01-14"}, 400, "due_on"),
        ({"starts_on": "2026-12-01", "due_on": "2026-12-05"}, 400, "starts_on"),
        ({"starts_on": "2027-01-16"}, 409, "starts_on"),
        ({"due_on": "2027-01-23"}, 409, "due_on"),
        ({"due_on": "2028-01-14"}, 409, "due_on"),
        ({"school_id": "x"}, 400, "school_id"),
        ({"depot_id": "99999999999"}, 400, "depot_id"),
    ],
)
def test_a_refusal_stands_beside_its_field(
    teacher: Browser, world: World, wrong: dict[str, str], status: int, field: str
) -> None:
    page = teacher.post(post_of(world), status, **form(world, **wrong))
    assert f'id="{field}-error"' in page
    assert f'href="#{field}"' in page
    assert world.count_bookings() == 0


def test_a_refusal_keeps_what_was_typed(teacher: Browser, world: World) -> None:
    page = teacher.post(post_of(world), 409, **form(world, due_on="2027-01-23"))
    assert 'value="2027-01-18"' in page
    assert 'value="2027-01-23"' in page
    assert 'aria-describedby="due_on-error"' in page


def test_taken_dates_offer_the_nearest_free_ones_by_one_click(teacher: Browser, world: World) -> None:
    for _ in world.copies:
        world.reserve(7, 5)
    page = teacher.post(post_of(world), 409, **form(world))
    offered = re.search(r'name="starts_on" value="([\d-]+)"><input type="hidden" name="due_on" value="([\d-]+)"', page)
    assert offered is not None
    again = form(world, starts_on=offered[1], due_on=offered[2], idempotency_key="other")
    assert teacher.post(post_of(world), **again).startswith("/reservations/")


def test_a_school_elsewhere_learns_to_whom_the_trunk_is_lent(visitor: Browser, world: World) -> None:
    with world.db.write() as session:
        other = create_association(session, world.union, code="37")
        create_depot(session, other)
        stranger = create_person(session, Role.TEACHER, create_school(session, other))
    visitor.sign_in(stranger)
    page = visitor.get(f"/titles/{world.title.id}")
    assert "Le prêt est réservé aux écoles affiliées à Association 35." in words_of(page)
    assert 'name="starts_on"' not in page


def test_a_title_in_two_depots_shows_the_chosen_one(teacher: Browser, world: World) -> None:
    with world.db.write() as session:
        second = create_depot(session, world.association, "Dépôt de Saint-Malo")
        create_copies(session, world.title, second, 1)
    words = words_of(teacher.get(f"/titles/{world.title.id}?depot={second.id}"))
    assert "Calendrier : Dépôt de Saint-Malo" in words


def test_a_sheet_is_downloaded_not_reserved(teacher: Browser, world: World) -> None:
    found = re.search(r'href="(/titles/\d+)', teacher.get("/search?kind=sheet"))
    assert found is not None
    words = words_of(teacher.get(found[1]))
    assert "Cette fiche se télécharge, sans réservation." in words
    assert "Fiche d’accompagnement (120 ko, 4 pages)" in words


def test_drafts_and_unknown_titles_are_not_there(teacher: Browser, world: World) -> None:
    with world.db.write() as session:
        draft = create_title(session, world.federation, visibility="draft")
    for number in (draft.id, 999_999, 2**40):
        teacher.get(f"/titles/{number}", status=404)


def test_a_visitor_cannot_reserve(visitor: Browser, world: World) -> None:
    page = visitor.post(post_of(world), 401, **form(world))
    assert "Connectez-vous pour continuer." in words_of(page)
    assert world.count_bookings() == 0


def test_a_refused_reservation_is_counted_as_unmet_demand(teacher: Browser, world: World) -> None:
    for _ in range(2):
        world.reserve(2, 3)
    first = world.today + dt.timedelta(days=2)
    teacher.post(post_of(world), 409, **form(world, starts_on=first, due_on=first + dt.timedelta(days=2)))
    found = teacher.services.unmet.listing(SYSTEM)
    assert [(one.reason, one.times) for one in found] == [("reservation", 1)]


def test_what_the_association_asks_for_is_said_before_anything_is_reserved(teacher: Browser, world: World) -> None:
    path = f"/titles/{world.title.id}"
    assert "Ce que demande l’association" not in words_of(teacher.get(path))
    with world.db.write() as session:
        asked = {"needs_approval": True, "agreement": "loan", "fee_mode": "pupils", "fee_cents": 10}
        create_rule(session, world.association.id, deposit_form="cheque", deposit_cents=8000, **asked)
    words = words_of(teacher.get(path))
    for said in (
        "son accord",
        "une convention signée",
        "une caution : chèque, 80,00 €",
        "0,10 € par élève",
        "location",
    ):
        assert said in words


def test_the_staff_find_a_school_and_reserve_on_its_behalf(visitor: Browser, world: World) -> None:
    visitor.sign_in(world.staff)
    path = f"/titles/{world.title.id}"
    assert "Aucune école" in words_of(visitor.get(f"{path}?for_school=nulle+part"))
    found = visitor.get(f"{path}?depot={world.depot.id}&for_school={world.school.name[:6]}")
    assert f"school_id={world.school.id}&" in found
    page = visitor.get(f"{path}?depot={world.depot.id}&school_id={world.school.id}")
    assert hidden(page, "school_id") == str(world.school.id)
    address = visitor.post(post_of(world), **form(world))
    assert world.school.name in words_of(visitor.get(address))
    again = visitor.post(post_of(world), 400, **form(world, due_on="2027-01-01", idempotency_key="2"))
    assert hidden(again, "school_id") == str(world.school.id)


def test_the_staff_see_their_own_depot_first_and_no_school_of_others(visitor: Browser, world: World) -> None:
    with world.db.write() as session:
        first = create_association(session, world.union, code="01")
        create_copies(session, world.title, create_depot(session, first), 1)
        stranger = create_school(session, first)
    visitor.sign_in(world.staff)
    assert f"Calendrier : {world.depot.name}" in words_of(visitor.get(f"/titles/{world.title.id}"))
    visitor.get(f"/titles/{world.title.id}?school_id={stranger.id}", 403)
    visitor.get(f"/titles/{world.title.id}?school_id={10**30}", 400)


def test_several_copies_go_together_through_the_basket(teacher: Browser, world: World) -> None:
    assert "Plusieurs exemplaires" in words_of(teacher.get(f"/titles/{world.title.id}"))
    sent = form(world, title_id=world.title.id, quantity="2")
    answer = teacher.client.post(post_of(world), data=sent, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "/basket/lines")
    assert teacher.post("/basket/lines", **sent) == "/basket"
    assert len(teacher.services.baskets.show(world.teacher).lines) == 2
    refused = words_of(teacher.post("/basket/lines", 409, **sent | {"quantity": "1"}))
    assert "Libre au plus près :" in refused
    teacher.post("/basket/lines", 400, **sent | {"quantity": "99"})
