"""A loan travels to its school and back: sent, confirmed line by line, sent back, taken back."""

import threading
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from lending.catalog.errors import UnknownContentLine
from lending.core.actor import Actor, Role
from lending.core.database import Database
from lending.core.errors import Forbidden, LendingError, NotFound, Unauthenticated
from lending.loans.rules.declarations import DeclarationNotSeen, DeclaredTooMany
from lending.loans.rules.incidents import LoanNotOut
from lending.loans.schemas import DeskDecision, DeskScan, Reservation
from lending.loans.tables import Declaration
from lending.network.tables import School
from lending.shipping.custody.service import Custody
from lending.shipping.deliveries.rules import (
    ArrivalNotConfirmed,
    DeliveryArrived,
    DeliveryNotSent,
    Gap,
    SameLineTwice,
    SchoolAddressIncomplete,
    SentBackAlready,
    told,
)
from lending.shipping.deliveries.schemas import Arrival, GapIn, NewDelivery, NewReturn
from lending.shipping.deliveries.service import Deliveries
from lending.shipping.deliveries.tables import Delivery
from lending.shipping.shipments.rules import Mode
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.network import create_association, create_person, create_school

COUNTS = st.integers(0, 3)
GAPS = st.lists(st.builds(Gap, st.one_of(st.none(), st.integers(1, 4)), COUNTS, COUNTS), max_size=6)


@given(GAPS)
def test_what_is_told_is_each_line_of_which_something_is_missing_or_broken_once(gaps: list[Gap]) -> None:
    short = [one for one in gaps if one.missing + one.broken]
    if len({one.line_id for one in short}) < len(short):
        with pytest.raises(SameLineTwice):
            told(gaps)
    else:
        assert told(gaps) == short


@dataclass
class Post:
    """A loan that is to travel, and everybody around it."""

    world: World
    deliveries: Deliveries
    custody: Custody
    loan: Reservation
    stranger: Actor
    other_teacher: Actor

    @property
    def code(self) -> str:
        return (self.loan.copy_code or "").replace(" ", "")

    def send(self, mode: Mode = Mode.CARRIER, street: str = "1 rue de l’École") -> None:
        new = NewDelivery(code=self.code, mode=mode, carrier="La Poste", tracking_number="8R1", street=street)
        self.deliveries.send(self.world.staff, self.loan.id, new)
        self.world.clock.advance(minutes=60)

    def confirm(self, *gaps: GapIn) -> None:
        self.deliveries.confirm(self.world.teacher, self.loan.id, Arrival(list(gaps)))
        self.world.clock.advance(minutes=60)

    def send_back(self) -> None:
        new = NewReturn(mode=Mode.CARRIER, carrier="La Poste", tracking_number="8R2")
        self.deliveries.send_back(self.world.teacher, self.loan.id, new)
        self.world.clock.advance(minutes=60)

    def take_back(self, *, declaration_seen: bool = False) -> None:
        decision = DeskDecision(action="take_back", declaration_seen=declaration_seen)
        scan = DeskScan(code=self.code, depot_id=self.world.depot.id, decision=decision)
        self.world.loans.desk(self.world.staff, scan)

    def holders(self) -> list[tuple[str, str]]:
        found = self.custody.of_copy(self.world.staff, self.loan.copy_id or 0).holdings
        return [(one.kind.value, one.name) for one in reversed(found)]


@pytest.fixture
def post(database: Database, clock: FixedClock) -> Post:
    world = create_world(database, clock, copies=2, with_contents=True, preparation_days=0, turnaround_days=0)
    with world.db.write() as session:
        school = session.get_one(School, world.school.id)
        school.postcode, school.commune = "35000", "Rennes"
        other = create_association(session, world.union, code="22")
        stranger = create_person(session, Role.STAFF, other, "Solène Ollivier")
        other_teacher = create_person(session, Role.TEACHER, create_school(session, world.association))
    loan = world.reserve(0, 9)
    return Post(world, Deliveries(database, clock), Custody(database), loan, stranger, other_teacher)


def test_a_loan_goes_to_its_school_and_back_and_each_hand_is_known(post: Post) -> None:
    world = post.world
    line = world.lines[0]
    assert post.deliveries.of_booking(world.staff, post.loan.id).may_send
    post.send()
    assert world.booking(post.loan.id).state == "out"
    on_way = post.deliveries.of_booking(world.teacher, post.loan.id)
    assert on_way.out is not None
    assert (on_way.out.state, on_way.out.carrier, on_way.out.tracking_number) == ("on_way", "La Poste", "8R1")
    assert (on_way.may_send, on_way.may_confirm, on_way.may_send_back) == (False, True, False)
    post.confirm(GapIn(line_id=line.id, missing=1), GapIn(line_id=world.lines[1].id))
    arrived = post.deliveries.of_booking(world.teacher, post.loan.id)
    assert arrived.out is not None
    assert [(one.line_id, one.missing, one.broken) for one in arrived.out.gaps] == [(line.id, 1, 0)]
    assert (arrived.may_confirm, arrived.may_send_back) == (False, True)
    post.send_back()
    back = post.deliveries.of_booking(world.staff, post.loan.id).back
    assert back is not None
    assert back.state == "on_way"
    # What was missing when it came is read before it is taken back.
    with pytest.raises(DeclarationNotSeen):
        post.take_back()
    post.take_back(declaration_seen=True)
    home = post.deliveries.of_booking(world.staff, post.loan.id).back
    assert home is not None
    assert (home.state, home.arrived_at) == ("arrived", world.clock.now())
    depot, school = world.depot.name, world.school.name
    road = ("road", "La Poste")
    assert post.holders() == [("depot", depot), road, ("school", school), road, ("depot", depot)]


def test_what_is_handed_over_at_the_desk_has_no_arrival_but_may_be_sent_back(post: Post) -> None:
    post.world.hand_over(post.loan)
    post.world.clock.advance(minutes=60)
    with pytest.raises(DeliveryNotSent):
        post.confirm()
    post.send_back()
    with pytest.raises(SentBackAlready):
        post.send_back()
    post.take_back()
    kinds = [kind for kind, _name in post.holders()]
    assert kinds == ["depot", "school", "road", "depot"]


def test_steps_come_in_their_order_and_once(post: Post) -> None:
    with pytest.raises(DeliveryNotSent):
        post.confirm()
    with pytest.raises(LoanNotOut):
        post.send_back()
    post.send()
    with pytest.raises(LendingError):
        post.send()
    with pytest.raises(ArrivalNotConfirmed):
        post.send_back()
    post.confirm()
    with pytest.raises(DeliveryArrived):
        post.confirm()
    post.take_back()
    with pytest.raises(LoanNotOut):
        post.send_back()


@pytest.mark.parametrize("street", ["", "   "])
def test_a_carrier_needs_the_street_and_nothing_is_half_done(post: Post, street: str) -> None:
    with pytest.raises(SchoolAddressIncomplete):
        post.send(street=street)
    assert post.world.booking(post.loan.id).state == "planned"
    post.send(Mode.HANDED_OVER, street)
    assert post.world.booking(post.loan.id).state == "out"


def test_a_wrong_line_or_count_changes_nothing(post: Post) -> None:
    post.send()
    line = post.world.lines[0]
    for gaps, error in (
        ([GapIn(line_id=999_999, missing=1)], UnknownContentLine),
        ([GapIn(line_id=line.id, missing=line.quantity + 1)], DeclaredTooMany),
        ([GapIn(missing=1), GapIn(broken=1)], SameLineTwice),
        ([GapIn(broken=1), GapIn(line_id=line.id, missing=9999)], DeclaredTooMany),
    ):
        with pytest.raises(error):
            post.confirm(*gaps)
    found = post.deliveries.of_booking(post.world.teacher, post.loan.id)
    assert found.out is not None
    assert (found.may_confirm, found.out.gaps) == (True, [])
    with post.world.db.read() as session:
        assert session.scalar(select(func.count(Declaration.id))) == 0


def test_an_undone_hand_over_leaves_nothing_on_its_way(post: Post) -> None:
    post.send(Mode.HANDED_OVER)
    with post.world.db.write() as session:
        session.execute(text("update booking set state = 'planned', checked_out_at = null"))
    assert post.deliveries.of_booking(post.world.staff, post.loan.id).out is None
    post.send()
    found = post.deliveries.of_booking(post.world.staff, post.loan.id).out
    assert found is not None
    assert found.mode == "carrier"


def test_who_may_do_what(post: Post) -> None:
    new = NewDelivery(code=post.code, mode=Mode.HANDED_OVER)
    for actor in (post.world.teacher, post.stranger, post.other_teacher):
        with pytest.raises(Forbidden):
            post.deliveries.send(actor, post.loan.id, new)
    post.send()
    for actor in (post.world.staff, post.stranger, post.other_teacher):
        with pytest.raises(Forbidden):
            post.deliveries.confirm(actor, post.loan.id, Arrival())
        with pytest.raises(Forbidden):
            post.deliveries.send_back(actor, post.loan.id, NewReturn(mode=Mode.MEETING))
    for actor in (post.stranger, post.other_teacher):
        with pytest.raises(Forbidden):
            post.deliveries.of_booking(actor, post.loan.id)
    nobody = Actor()
    with pytest.raises(Unauthenticated):
        post.deliveries.confirm(nobody, post.loan.id, Arrival())
    with pytest.raises(NotFound):
        post.deliveries.of_booking(post.world.staff, 999_999)


def test_two_who_confirm_at_once_confirm_once(post: Post) -> None:
    post.send()
    outcomes: list[str] = []

    def confirm() -> None:
        try:
            post.deliveries.confirm(post.world.teacher, post.loan.id, Arrival([GapIn(missing=1)]))
            outcomes.append("confirmed")
        except DeliveryArrived:
            outcomes.append("refused")

    threads = [threading.Thread(target=confirm) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == ["confirmed", "refused", "refused"]


@pytest.mark.parametrize(
    "facts",
    [
        {"way": "up"},
        {"mode": "pigeon"},
        {"mode": "carrier", "street": ""},
        {"way": "back", "arrived_at": True},
        {"confirmed_by": True},
        {"way": "out"},
    ],
)
def test_the_database_keeps_each_way_once_and_whole(post: Post, facts: dict[str, object]) -> None:
    post.send(Mode.MEETING)
    now = post.world.clock.now()
    plain = {"booking_id": post.loan.id, "way": "back", "mode": "meeting", "carrier": "", "tracking_number": ""}
    more = {"street": "", "sent_at": now}
    if facts.get("arrived_at"):
        facts = facts | {"arrived_at": now}
    if facts.get("confirmed_by"):
        facts = facts | {"confirmed_by": post.world.teacher.person_id}
    wrong = plain | more | facts
    with pytest.raises(IntegrityError), post.world.db.write() as session:
        if wrong["mode"] == "carrier":
            session.execute(text("delete from delivery"))
            wrong["way"] = "out"
        session.add(Delivery(**wrong))
