"""From what people asked for to a plan, to transfers, and to what came of them; on both databases."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lending.core.actor import Role
from lending.core.errors import Forbidden, LendingError, NotFound, PreconditionFailed
from lending.core.i18n import speaking
from lending.loans.schemas.waiting import NewWish
from lending.loans.service.wishes import Wishes
from lending.loans.tables import Booking
from lending.shipping.rebalancing.rules.errors import (
    MoveNotOpen,
    PeriodsReversed,
    PlanLeavesInThePast,
    PlanNotSolved,
    ReturnBeforeDeparture,
)
from lending.shipping.rebalancing.schemas import MoveChoice, PolicyChange, UnmetFact
from lending.shipping.rebalancing.service import solving
from lending.shipping.rebalancing.tables import RebalancingMove, RebalancingPlan
from lending.shipping.tables import Transfer
from tests.kit.loans import DAY
from tests.kit.network import create_person
from tests.shipping.rebalancing.conftest import Region

ALL = MoveChoice(is_all=True)


def test_idle_copies_go_where_they_are_asked_for(region: Region) -> None:
    region.refuse(12)
    found = region.solved()
    assert found.plan.state == "solved"
    assert 1 <= len(found.moves) <= 3
    assert {(one.from_association_code, one.to_association_code) for one in found.moves} == {("35", "22")}
    assert found.plan.served_after > found.plan.served_before
    assert found.plan.served_after <= found.plan.requests
    assert found.plan.bound_cents is not None
    assert found.plan.value_cents <= found.plan.bound_cents + 1
    assert found.moves[0].facts.refused_there == 12
    assert sum(one.cost_cents for one in found.moves) == pytest.approx(found.plan.cost_cents, abs=len(found.moves))
    gained = sum(one.gain_loans for one in found.moves)
    assert gained == pytest.approx(found.plan.more_loans, abs=0.01)


def test_each_move_says_why_in_both_languages(region: Region) -> None:
    region.refuse(12)
    plan_id = region.solved().plan.id
    with speaking("fr"):
        why = region.rebalancing.plan(region.coordinator, plan_id).moves[0].why
    assert "12 demandes sans réponse à Association 22 ; libre depuis 52 semaines à Association 35" in why
    with speaking("en"):
        why = region.rebalancing.plan(region.coordinator, plan_id).moves[0].why
    assert "12 requests without an answer in Association 22; free for 52 weeks in Association 35" in why


def test_nothing_moves_where_nobody_asks(region: Region) -> None:
    found = region.solved()
    assert found.moves == []
    assert found.plan.cost_cents == 0
    assert found.plan.percent_of_bound == 100.0


def test_people_who_wait_count_as_demand(region: Region) -> None:
    with region.world.db.write() as session:
        teachers = [create_person(session, Role.TEACHER, school) for school in region.schools]
    wishes = Wishes(region.world.db, region.world.clock)
    for teacher, school in zip(teachers, region.schools, strict=True):
        first = region.world.today + 30 * DAY
        new = NewWish(
            title_id=region.world.title.id,
            school_id=school.id,
            depot_id=region.there.id,
            starts_on=first,
            until_on=first + 20 * DAY,
            length_days=14,
        )
        wishes.join(teacher, new)
    found = region.solved(loan_cents=20_000)
    assert found.moves
    assert found.moves[0].facts.waiting_there == 4


def test_a_copy_that_is_promised_stays(region: Region) -> None:
    region.refuse(40)
    for start in (10, 12, 14):
        region.world.reserve(start, 5)
    found = region.solved(leaves_on=region.world.today + 5 * DAY)
    with region.world.db.read() as session:
        promised = set(session.scalars(select(Booking.copy_id).where(Booking.state == "planned")))
    assert promised
    assert promised.isdisjoint({one.copy_id for one in found.moves})


def test_an_owner_that_does_not_consent_keeps_all_and_one_that_keeps_three_gives_one(region: Region) -> None:
    region.refuse(60)
    here = region.world.association.id
    refused = region.rebalancing.set_policy(
        region.world.staff, here, PolicyChange(consents=False, kept_at_home=1, version=0)
    )
    assert region.solved().moves == []
    change = PolicyChange(consents=True, kept_at_home=3, version=refused.version)
    region.rebalancing.set_policy(region.world.staff, here, change)
    assert len(region.solved().moves) == 1


def test_two_who_change_a_policy_at_once_are_told(region: Region) -> None:
    change = PolicyChange(consents=False, kept_at_home=0, version=0)
    region.rebalancing.set_policy(region.world.staff, region.world.association.id, change)
    with pytest.raises(PreconditionFailed):
        region.rebalancing.set_policy(region.world.staff, region.world.association.id, change)


@pytest.mark.parametrize(("school_year", "loans"), [(2026, 1), (2025, 0)], ids=["in its periods", "after them"])
def test_accepted_moves_are_transfers_that_depots_see_and_what_came_of_them_is_counted(
    region: Region, school_year: int, loans: int
) -> None:
    region.refuse(12)
    found = region.solved(school_year=school_year)
    assert found.counted_until_on == dt.date(school_year + 1, 8, 1)
    done = region.rebalancing.accept(region.coordinator, found.plan.id, ALL)
    assert (done.accepted, done.refused) == (len(found.moves), 0)
    transfers = region.shipping.transfers(region.world.staff, region.world.depot.id)
    assert {one.reason for one in transfers} == {"rebalance"}
    assert all(one.keep_at_destination for one in transfers)
    assert region.rebalancing.plan(region.coordinator, found.plan.id).moves[0].loans_since is None
    region.world.clock.advance(days=7)
    region.arrive()
    with region.world.db.write() as session:
        teacher = create_person(session, Role.TEACHER, region.schools[0])
    booking = region.world.reserve(1, 5, actor=teacher, school_id=region.schools[0].id, depot_id=region.there.id)
    region.world.clock.advance(days=1)
    region.world.loans.check_out(region.staff_there, region.there.id, booking.copy_code or "", booking.id)
    moves = region.rebalancing.plan(region.coordinator, found.plan.id).moves
    assert sum(one.loans_since or 0 for one in moves) == loans
    assert {one.transfer_state for one in moves} == {"received"}


def test_a_copy_moves_once_a_school_year(region: Region) -> None:
    region.refuse(12)
    found = region.solved()
    region.rebalancing.accept(region.coordinator, found.plan.id, ALL)
    moved = {one.copy_id for one in found.moves}
    region.world.clock.advance(days=7)
    region.arrive()
    region.unmet.clear()
    again = region.solved(leaves_on=region.world.today + 7 * DAY)
    assert moved.isdisjoint({one.copy_id for one in again.moves})


def test_a_part_is_accepted_and_the_rest_is_left_out_or_taken_in_again(region: Region) -> None:
    region.refuse(30)
    found = region.solved()
    first, second = found.moves[0].id, found.moves[1].id
    region.rebalancing.drop(region.coordinator, found.plan.id, MoveChoice(move_ids=[second]))
    assert region.rebalancing.accept(region.coordinator, found.plan.id, MoveChoice(move_ids=[first])).accepted == 1
    with pytest.raises(MoveNotOpen):
        region.rebalancing.accept(region.coordinator, found.plan.id, MoveChoice(move_ids=[first]))
    with pytest.raises(MoveNotOpen):
        region.rebalancing.accept(region.coordinator, found.plan.id, MoveChoice(move_ids=[second]))
    after = region.rebalancing.restore(region.coordinator, found.plan.id, MoveChoice(move_ids=[second]))
    assert {one.id: one.state for one in after.moves}[second] == "proposed"
    with pytest.raises(NotFound):
        region.rebalancing.drop(region.coordinator, found.plan.id, MoveChoice(move_ids=[99_999]))


def test_a_move_that_a_rule_refuses_meanwhile_says_so_and_stops_no_other(region: Region) -> None:
    region.refuse(30)
    found = region.solved()
    copy = next(one for one in region.world.copies if one.id == found.moves[0].copy_id)
    booking = region.world.reserve(0, 60)
    region.world.hand_over(booking, copy)
    done = region.rebalancing.accept(region.coordinator, found.plan.id, ALL)
    assert (done.accepted, done.refused) == (len(found.moves) - 1, 1)
    refused = next(
        one for one in region.rebalancing.plan(region.coordinator, found.plan.id).moves if one.state == "refused"
    )
    assert (refused.copy_id, refused.refusal) == (copy.id, "copy-is-needed")


def test_copies_moved_for_a_while_go_home_when_it_is_over(region: Region) -> None:
    region.refuse(12)
    found = region.solved(returns_on=region.world.today + 60 * DAY)
    region.rebalancing.accept(region.coordinator, found.plan.id, ALL)
    region.world.clock.advance(days=7)
    region.arrive()
    assert region.rebalancing.bring_home() == 0
    region.world.clock.advance(days=60)
    assert region.rebalancing.bring_home() == len(found.moves)
    assert region.rebalancing.bring_home() == 0
    with region.world.db.read() as session:
        ways = session.scalars(select(Transfer).where(Transfer.reason == "return_home")).all()
    assert {one.to_depot_id for one in ways} == {region.world.depot.id}


WRONG: list[tuple[dict[str, object], type[LendingError]]] = [
    ({"first_period": 4, "last_period": 2}, PeriodsReversed),
    ({"leaves_on": dt.date(2020, 1, 6)}, PlanLeavesInThePast),
    ({"leaves_on": dt.date(2027, 3, 1), "returns_on": dt.date(2027, 3, 1)}, ReturnBeforeDeparture),
    ({"organisation_id": 99_999}, NotFound),
]


@pytest.mark.parametrize(("words_", "error"), WRONG, ids=lambda one: getattr(one, "__name__", ""))
def test_what_makes_no_sense_is_refused(region: Region, words_: dict[str, object], error: type[LendingError]) -> None:
    with pytest.raises(error):
        region.rebalancing.ask(region.coordinator, region.question(**words_))


def test_only_who_coordinates_may_ask_look_and_accept(region: Region) -> None:
    region.refuse(12)
    plan_id = region.solved().plan.id
    for actor in (region.world.staff, region.world.teacher):
        with pytest.raises(Forbidden):
            region.rebalancing.ask(actor, region.question())
        with pytest.raises(Forbidden):
            region.rebalancing.plan(actor, plan_id)
        with pytest.raises(Forbidden):
            region.rebalancing.accept(actor, plan_id, ALL)
        with pytest.raises(Forbidden):
            region.rebalancing.balance(actor, region.world.union.id)
    with pytest.raises(Forbidden):
        region.rebalancing.set_policy(
            region.staff_there, region.world.association.id, PolicyChange(consents=True, kept_at_home=0, version=0)
        )


def test_a_plan_that_is_not_solved_accepts_nothing(region: Region) -> None:
    plan = region.rebalancing.ask(region.coordinator, region.question())
    with pytest.raises(PlanNotSolved):
        region.rebalancing.accept(region.coordinator, plan.id, ALL)


def test_a_plan_whose_solver_died_is_taken_up_again(region: Region) -> None:
    plan = region.rebalancing.ask(region.coordinator, region.question())
    assert solving.claim(region.world.db, region.world.clock.now()) == plan.id
    assert region.rebalancing.solve_next(seconds=5.0) == 0
    region.world.clock.advance(minutes=20)
    assert region.rebalancing.solve_next(seconds=5.0) == 1
    assert region.rebalancing.plan(region.coordinator, plan.id).plan.state == "solved"


def test_the_balance_and_the_demand_show_the_counts_behind_them(region: Region) -> None:
    region.refuse(12)
    region.unmet.append(UnmetFact("search", "22", "cooperation", (), region.world.today - DAY, 10))
    rows = {one.code: one for one in region.rebalancing.balance(region.coordinator, region.world.union.id)}
    assert (rows["35"].copies, rows["22"].copies) == (4, 0)
    assert rows["22"].unmet == pytest.approx(15.0)
    assert rows["22"].served == 0
    assert rows["35"].served > 0
    none = region.rebalancing.balance(region.coordinator, region.world.union.id, "nothing-of-that")
    assert {one.copies for one in none} == {0}
    first = region.rebalancing.demand(region.coordinator, region.world.union.id, "cooperation")[0]
    assert (first.association_code, first.refused, first.copies) == ("22", 12, 0)
    assert first.searched == pytest.approx(10.0)
    assert sum(first.periods) == pytest.approx(first.yearly)


BROKEN: list[dict[str, object]] = [
    {"state": "accepted"},
    {"state": "refused"},
    {"state": "gone"},
    {"to_depot_id": "from_depot_id"},
    {"cost_cents": -1},
]


@pytest.mark.parametrize("change", BROKEN, ids=str)
def test_the_database_refuses_what_no_move_may_be(region: Region, change: dict[str, object]) -> None:
    region.refuse(12)
    move_id = region.solved().moves[0].id
    with pytest.raises(IntegrityError), region.world.db.write() as session:
        row = session.get_one(RebalancingMove, move_id)
        for name, value in change.items():
            setattr(row, name, getattr(row, str(value)) if name == "to_depot_id" else value)
        session.flush()


def test_the_database_refuses_periods_in_the_wrong_order(region: Region) -> None:
    plan = region.rebalancing.ask(region.coordinator, region.question())
    with pytest.raises(IntegrityError), region.world.db.write() as session:
        session.get_one(RebalancingPlan, plan.id).first_period = 6
        session.flush()
