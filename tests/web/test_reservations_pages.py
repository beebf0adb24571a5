"""What a school reserved: the list, one reservation, giving it up and taking it back."""

from lending.loans.schemas import DeskDecision, DeskScan, FoundLine
from tests.kit.loans import World
from tests.kit.pages import Browser, hidden, words_of


def test_reservations_stand_by_what_to_do_with_them(teacher: Browser, world: World) -> None:
    world.hand_over(world.reserve(0, 2))
    world.hand_over(world.reserve(0, 12))
    world.clock.advance(days=3)
    words = words_of(teacher.get("/reservations"))
    assert words.index("En retard 1") < words.index("Chez vous 1")
    assert "À rapporter le vendredi 22 janvier 2027" in words


def test_nothing_reserved_leads_to_the_search(teacher: Browser) -> None:
    assert "Rien de réservé pour le moment." in words_of(teacher.get("/reservations"))


def test_one_click_cancels_and_another_takes_it_back(teacher: Browser, world: World) -> None:
    booking = world.reserve(7, 5)
    address = teacher.post(f"/reservations/{booking.id}/cancel")
    page = teacher.get(address)
    assert "La réservation est annulée." in words_of(page)
    assert "Rétablir aux mêmes dates" in words_of(page)
    assert teacher.post(f"/reservations/{booking.id}/restoration") == f"/reservations/{booking.id}?done=restored"
    assert world.booking(booking.id).state == "planned"


def test_what_went_to_somebody_else_is_said_with_what_is_free(teacher: Browser, world: World) -> None:
    booking = world.reserve(7, 5)
    teacher.post(f"/reservations/{booking.id}/cancel")
    for _ in world.copies:
        world.reserve(7, 5)
    words = words_of(teacher.post(f"/reservations/{booking.id}/restoration", 409))
    assert "Libre au plus près :" in words
    assert "Réserver de nouveau" in words


def test_too_late_is_said(teacher: Browser, world: World) -> None:
    booking = world.reserve(7, 5)
    teacher.post(f"/reservations/{booking.id}/cancel")
    world.clock.advance(minutes=16)
    assert "Rétablir aux mêmes dates" not in teacher.get(f"/reservations/{booking.id}")
    assert "Trop tard pour rétablir" in words_of(teacher.post(f"/reservations/{booking.id}/restoration", 409))


def test_everything_is_extended_at_once(teacher: Browser, world: World) -> None:
    for _ in range(2):
        world.hand_over(world.reserve(0, 5))
    page = teacher.get("/reservations")
    words = words_of(teacher.post("/reservations/renewals", 200, key=hidden(page, "key")))
    assert "2 prêts prolongés" in words


def test_what_is_over_can_be_repeated_from_its_page(teacher: Browser, world: World) -> None:
    booking = world.hand_over(world.reserve(0, 5))
    world.clock.advance(days=2)
    world.loans.check_in(world.staff, world.depot.id, booking.copy_code or "")
    page = teacher.get(f"/reservations/{booking.id}")
    assert "Refaire l’an prochain" in words_of(page)
    assert 'name="starts_on" type="date" required value="2028-01-' in page


def test_what_is_out_cannot_be_cancelled(teacher: Browser, world: World) -> None:
    booking = world.hand_over(world.reserve(0, 5))
    assert "Annuler la réservation" not in teacher.get(f"/reservations/{booking.id}")
    teacher.post(f"/reservations/{booking.id}/cancel", 409)


def test_a_reservation_at_risk_offers_what_could_be_had(teacher: Browser, world: World) -> None:
    booking = world.reserve(7, 5)
    for copy in world.copies:
        world.set_copy(copy, status="repair")
    words = words_of(teacher.get(f"/reservations/{booking.id}"))
    assert "Aucun exemplaire ne peut plus servir cette réservation." in words


def test_a_colleague_elsewhere_sees_nothing_of_it(visitor: Browser, world: World) -> None:
    booking = world.reserve(7, 5)
    _, stranger = world.school_with_teacher()
    visitor.sign_in(stranger)
    visitor.get(f"/reservations/{booking.id}", status=403)
    visitor.post(f"/reservations/{booking.id}/cancel", 403)


def test_a_visitor_is_led_to_sign_in_and_back(visitor: Browser, world: World) -> None:
    booking = world.reserve(7, 5)
    page = visitor.get(f"/reservations/{booking.id}", status=401)
    assert f"/sign-in?next=/reservations/{booking.id}" in page


def test_the_staff_keep_one_particular_copy_for_a_reservation(visitor: Browser, world: World) -> None:
    one, two = world.reserve(7, 5), world.reserve(7, 5)
    visitor.sign_in(world.staff)
    assert "Garder un exemplaire précis" in words_of(visitor.get(f"/reservations/{one.id}/change"))
    visitor.post(f"/reservations/{one.id}/copy", copy_id=two.copy_id)
    assert (world.booking(one.id).copy_id, world.booking(one.id).pinned) == (two.copy_id, True)
    assert world.booking(two.id).copy_id == one.copy_id
    assert "promis" in words_of(visitor.post(f"/reservations/{two.id}/copy", 409, copy_id=two.copy_id))
    assert world.booking(two.id).copy_id == one.copy_id


def test_a_teacher_is_not_asked_which_copy(teacher: Browser, world: World) -> None:
    booking = world.reserve(7, 5)
    assert "Garder un exemplaire" not in words_of(teacher.get(f"/reservations/{booking.id}/change"))
    teacher.post(f"/reservations/{booking.id}/copy", 403, copy_id=world.copies[0].id)


def test_the_school_reads_who_had_it_and_how_it_came_back(teacher: Browser, world: World) -> None:
    loan = world.hand_over(world.reserve(0, 5))
    line = world.lines[0]
    found = [FoundLine(line.id, line.quantity - 1)]
    decision = DeskDecision(action="take_back", found=found)
    scan = DeskScan(code=loan.copy_code or "", depot_id=world.depot.id, decision=decision)
    world.loans.desk(world.staff, scan)
    words = words_of(teacher.get("/reservations"))
    assert "Camille Martin" in words
    assert "Retour incomplet" in words
