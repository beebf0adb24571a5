"""Whoever is at the other end of a shipment is told, once, of what is true when the letter is written."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.core.actor import SYSTEM, Actor, Role
from lending.loans.service.nights import Nights
from lending.notices.facts import FactsBySubject
from lending.notices.rules import Delivery, NoticeKind, Rhythm
from lending.notices.service import Notices
from lending.notices.service.preferences import Preferences
from lending.shipping.shipments.notice_facts import ShipmentNoticeFacts
from lending.shipping.shipments.rules import FRIDAY, arrival_told_on, reference_of
from lending.shipping.shipments.schemas import Departure, Handover
from lending.shipping.shipments.telling import arrivals_coming
from tests.kit.loans import DAY
from tests.kit.mail import FakePost, create_notices
from tests.kit.network import create_person
from tests.shipping.shipments.conftest import Road


class Post:
    """The letters that really went out."""

    def __init__(self, road: Road) -> None:
        self.road = road
        self.post = FakePost()
        facts = FactsBySubject({"shipment": ShipmentNoticeFacts(road.world.clock)})
        self.notices: Notices = create_notices(road.world.db, road.world.clock, self.post, facts)

    def delivered(self) -> list[tuple[str, str]]:
        """To whom and with which subject, since the last look."""
        before = len(self.post.letters)
        self.notices.send_waiting()
        new = self.post.letters[before:]
        return sorted((str(one["To"].addresses[0].addr_spec), str(one["Subject"])) for one in new)

    def body(self) -> str:
        part = self.post.letters[-1].get_body(("plain",))
        assert part is not None
        return str(part.get_content()).replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def post(road: Road) -> Post:
    return Post(road)


def colleague(road: Road) -> Actor:
    with road.world.db.write() as session:
        return create_person(session, Role.STAFF, road.world.association, "Yann Le Goff")


def depart(road: Road, shipment_id: int, days: int | None = None) -> None:
    arrives_on = None if days is None else road.world.today + days * DAY
    road.shipments.send(road.world.staff, shipment_id, Departure(arrives_on=arrives_on))


def test_who_receives_is_told_that_it_left_and_who_sent_that_it_is_there(road: Road, post: Post) -> None:
    shipment_id = road.packed(0, 1)
    assert post.delivered() == []
    depart(road, shipment_id, days=3)
    assert post.delivered() == [
        (road.neighbour.email, f"Envoi {reference_of(shipment_id)} parti pour « Dépôt de Saint-Brieuc »")
    ]
    assert "Attendu le : jeudi 14 janvier 2027" in post.body()
    assert "2 × Malle coopération" in post.body()
    assert f"/shipments/{shipment_id}" in post.body()
    road.scan(shipment_id, road.code(0))
    assert post.delivered() == []
    road.scan(shipment_id, road.code(1))
    road.shipments.close(road.neighbour, shipment_id)
    assert post.delivered() == [(road.world.staff.email, f"Envoi {reference_of(shipment_id)} reçu")]
    assert "2 × Malle coopération" in post.body()
    assert "Attendu le" not in post.body()
    assert post.delivered() == []


def test_what_is_missing_is_counted(road: Road, post: Post) -> None:
    shipment_id = road.sent(0, 1, 2)
    road.scan(shipment_id, road.code(0))
    road.scan(shipment_id, road.code(3))
    road.shipments.close(road.neighbour, shipment_id)
    post.delivered()
    assert "Malle coopération : 1 sur 3" in post.body()


def test_who_acts_is_not_told_and_colleagues_are(road: Road, post: Post) -> None:
    other = colleague(road)
    shipment_id = road.sent(0)
    post.delivered()
    road.scan(shipment_id, road.code(0))
    road.shipments.close(road.neighbour, shipment_id)
    assert [who for who, _ in post.delivered()] == sorted([road.world.staff.email, other.email])


def test_a_depot_of_the_same_association_tells_colleagues_but_not_oneself(road: Road, post: Post) -> None:
    other = colleague(road)
    road.there = road.third
    depart(road, road.packed(0))
    assert [who for who, _ in post.delivered()] == [other.email]


def test_the_letter_speaks_for_who_wrote_it(road: Road, post: Post) -> None:
    depart(road, road.packed(0))
    mine = post.notices.overview(road.world.staff, association_id=road.world.association.id).records
    assert [(one.kind, one.email) for one in mine] == [("shipment-sent", road.neighbour.email)]


def test_it_is_announced_the_day_before_once_and_again_to_nobody(road: Road, post: Post) -> None:
    shipment_id = road.packed(0)
    depart(road, shipment_id, days=3)
    post.delivered()
    assert [road.shipments.tell_arrivals(), road.shipments.tell_arrivals()] == [0, 0]
    road.world.clock.advance(days=2)
    assert [road.shipments.tell_arrivals(), road.shipments.tell_arrivals()] == [1, 0]
    assert post.delivered() == [(road.neighbour.email, f"Envoi {reference_of(shipment_id)} attendu : 14 janvier 2027")]
    road.world.clock.advance(days=1)
    assert road.shipments.tell_arrivals() == 0


def test_a_worker_that_slept_tells_on_the_day_itself_and_not_after_it(road: Road, post: Post) -> None:
    first, second = road.packed(0), road.packed(1)
    depart(road, first, days=2)
    depart(road, second, days=3)
    post.delivered()
    road.world.clock.advance(days=3)
    assert road.shipments.tell_arrivals() == 1
    assert [subject for _, subject in post.delivered()] == [f"Envoi {reference_of(second)} attendu : 14 janvier 2027"]


def test_what_arrives_tomorrow_is_told_by_the_departure_and_on_the_day(road: Road, post: Post) -> None:
    depart(road, road.packed(0), days=1)
    assert road.shipments.tell_arrivals() == 0
    assert len(post.delivered()) == 1
    road.world.clock.advance(days=1)
    assert road.shipments.tell_arrivals() == 1


def test_without_a_day_nothing_is_expected(road: Road) -> None:
    depart(road, road.packed(0))
    road.world.clock.advance(days=1)
    assert road.shipments.tell_arrivals() == 0


@pytest.mark.parametrize("act", ["received", "turned back"])
def test_what_became_untrue_meanwhile_is_called_off(road: Road, post: Post, act: str) -> None:
    shipment_id = road.packed(0)
    depart(road, shipment_id, days=1)
    road.world.clock.advance(days=1)
    assert road.shipments.tell_arrivals() == 1
    if act == "received":
        road.scan(shipment_id, road.code(0))
        road.shipments.close(road.neighbour, shipment_id)
        assert [subject for _, subject in post.delivered()] == [f"Envoi {reference_of(shipment_id)} reçu"]
    else:
        road.shipments.cancel(road.world.staff, shipment_id)
        assert post.delivered() == []
    states = {one.kind: one.state for one in post.notices.overview(SYSTEM).records}
    assert states["shipment-sent"] == states["shipment-arriving"] == "cancelled"


def test_what_turned_back_is_received_by_who_sent_it_without_a_letter(road: Road, post: Post) -> None:
    shipment_id = road.sent(0)
    road.shipments.cancel(road.world.staff, shipment_id)
    road.shipments.hand_on(road.world.staff, shipment_id, Handover(holder="Paul"))
    post.delivered()
    other = colleague(road)
    road.neighbour = road.world.staff
    road.scan(shipment_id, road.code(0))
    road.shipments.close(road.world.staff, shipment_id)
    assert post.delivered() == []
    assert post.notices.unread(other) == 0


def test_a_person_may_keep_it_out_of_the_mail(road: Road, post: Post) -> None:
    preferences = Preferences(road.world.db, post.notices.stop_links)
    preferences.choose(road.neighbour, {NoticeKind.SHIPMENT_SENT: Delivery.NEVER}, Rhythm.NEVER)
    depart(road, road.packed(0))
    assert post.delivered() == []
    assert post.notices.unread(road.neighbour) == 1


def test_the_dry_run_foresees_what_is_told(road: Road, post: Post) -> None:
    shipment_id = road.packed(0)
    subject = f"Envoi {reference_of(shipment_id)} attendu : 15 janvier 2027"
    depart(road, shipment_id, days=4)
    post.delivered()
    nights = Nights(
        road.world.db,
        road.world.clock,
        post.notices.writer,
        lambda clock: FactsBySubject({"shipment": ShipmentNoticeFacts(clock)}),
        [arrivals_coming],
    )
    place = road.world.association.id
    told_on = road.world.today + 3 * DAY
    for day in range(6):
        on = road.world.today + day * DAY
        foreseen = [one.heading for one in nights.preview(road.world.staff, place, on).messages]
        assert foreseen == ([subject] if on == told_on else [])
    road.world.clock.advance(days=3)
    road.shipments.tell_arrivals()
    assert [one.is_written for one in nights.preview(road.world.staff, place).messages] == [True]
    assert [told for _, told in post.delivered()] == [subject]
    assert nights.preview(road.world.staff, place).messages == []


days = st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1))


@given(days, st.integers(0, 40))
def test_somebody_at_work_reads_it_before_the_day_unless_it_left_too_late(sent_on: dt.date, length: int) -> None:
    arrives_on = sent_on + length * DAY
    told_on = arrival_told_on(arrives_on, sent_on)
    assert told_on > sent_on
    if told_on != sent_on + DAY:
        assert told_on < arrives_on
        assert told_on.weekday() <= FRIDAY
        later = [told_on + number * DAY for number in range(1, (arrives_on - told_on).days)]
        assert all(day.weekday() > FRIDAY for day in later)
