"""Who borrows for a school: invited by mail, accepted once, passed on when somebody leaves."""

import threading
from collections import Counter

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from lending.accounts.queries import actor_of
from lending.accounts.rules import BadEmail
from lending.core.actor import ANONYMOUS, Actor, Role
from lending.core.database import Database
from lending.core.errors import Forbidden, NotFound, TooMany, Unauthenticated
from lending.loans.invitation_notices import InvitationNoticeFacts
from lending.loans.rules.members import (
    INVITATIONS_A_DAY,
    LIFETIME,
    AlreadyMember,
    InvitationOver,
    NotAMember,
    SuccessorMissing,
)
from lending.loans.schemas.members import Departure, InvitationView, NewInvitation
from lending.loans.schemas.waiting import NewWish
from lending.loans.service.members import Members
from lending.loans.service.wishes import Wishes
from lending.loans.tables import SchoolInvitation
from tests.kit.clock import FixedClock
from tests.kit.loans import DAY, World, create_world
from tests.kit.network import create_association, create_person, create_school

EMAIL = "noa@ecole.example.org"


@pytest.fixture
def world(database: Database, clock: FixedClock) -> World:
    return create_world(database, clock, copies=2)


@pytest.fixture
def members(world: World) -> Members:
    return Members(world.db, world.clock)


@pytest.fixture
def colleague(world: World) -> Actor:
    with world.db.write() as session:
        return create_person(session, Role.TEACHER, world.school, "Noa Petit")


def invite(members: Members, world: World, email: str = EMAIL) -> tuple[InvitationView, str]:
    """The invitation, and the secret of its link."""
    view = members.invite(world.teacher, world.school.id, NewInvitation(email=email, name="Noa Petit"))
    return view, members.issue_path(view.id).removeprefix("/invitations/")


def again(world: World, person_id: int) -> Actor:
    """The person with what they may do now."""
    with world.db.read() as session:
        return actor_of(session, person_id)


def test_from_an_invitation_to_a_colleague_who_borrows(members: Members, world: World) -> None:
    view, secret = invite(members, world, f" {EMAIL.upper()} ")
    assert (view.email, view.name, view.invited_by) == (EMAIL, "Noa Petit", world.teacher.name)
    assert [one.id for one in members.invitations(world.staff, world.school.id)] == [view.id]
    assert members.invitation(secret).school_name == world.school.name
    joined = members.accept(secret)
    assert joined.school_id == world.school.id
    assert {one.email for one in members.of_school(again(world, joined.person_id), world.school.id)} >= {EMAIL}
    assert members.invitations(world.teacher, world.school.id) == []
    with pytest.raises(InvitationOver):
        members.accept(secret)
    with pytest.raises(AlreadyMember):
        invite(members, world)


def test_the_mail_tells_who_invites_and_is_called_off_when_withdrawn(members: Members, world: World) -> None:
    view, secret = invite(members, world)
    assert world.notices("school-invitation")
    tells, subject = InvitationNoticeFacts(world.clock), f"invitation:{view.id}"
    with world.db.read() as session:
        told = tells.facts(session, "school-invitation", subject)
    assert told is not None
    assert (told.inviter_name, told.school_name) == (world.teacher.name, world.school.name)
    assert members.withdraw(world.teacher, view.id) == world.school.id
    with world.db.read() as session:
        assert tells.facts(session, "school-invitation", subject) is None
    for act in (lambda: members.accept(secret), lambda: members.withdraw(world.teacher, view.id)):
        with pytest.raises(InvitationOver):
            act()


def test_asked_again_the_earlier_link_stops_working(members: Members, world: World) -> None:
    _, first = invite(members, world)
    _, second = invite(members, world)
    with pytest.raises(InvitationOver):
        members.accept(first)
    assert members.accept(second).school_id == world.school.id


def test_it_is_over_after_two_weeks(members: Members, world: World) -> None:
    _, secret = invite(members, world)
    world.clock.instant += LIFETIME
    with pytest.raises(InvitationOver):
        members.accept(secret)
    assert members.invitations(world.teacher, world.school.id) == []


def test_only_the_school_and_its_staff_see_and_invite(members: Members, world: World) -> None:
    with world.db.write() as session:
        other = create_association(session, world.union, code="56")
        stranger = create_person(session, Role.TEACHER, create_school(session, other))
        foreign = create_person(session, Role.STAFF, other)
    view, _ = invite(members, world)
    new = NewInvitation(email="other@ecole.example.org")
    for actor, refusal in ((stranger, Forbidden), (foreign, Forbidden), (ANONYMOUS, Unauthenticated)):
        for act in (
            lambda actor=actor: members.of_school(actor, world.school.id),
            lambda actor=actor: members.invitations(actor, world.school.id),
            lambda actor=actor: members.invite(actor, world.school.id, new),
            lambda actor=actor: members.withdraw(actor, view.id),
        ):
            with pytest.raises(refusal):
                act()
    with pytest.raises(NotAMember):
        members.leave(stranger, world.school.id, Departure())
    with pytest.raises(NotFound):
        members.withdraw(world.teacher, view.id + 99)


def test_a_bad_address_and_too_many_are_refused(members: Members, world: World) -> None:
    with pytest.raises(BadEmail):
        invite(members, world, "noa")
    for number in range(INVITATIONS_A_DAY):
        invite(members, world, f"noa{number}@ecole.example.org")
    with pytest.raises(TooMany):
        invite(members, world, "one.more@ecole.example.org")


def test_who_leaves_passes_on_what_runs_and_loses_sight_of_it(members: Members, world: World, colleague: Actor) -> None:
    out, planned = world.hand_over(world.reserve(0, 5)), world.reserve(20, 5)
    done = world.reserve(0, 3)
    world.loans.cancel(world.teacher, done.id)
    other_school, other_teacher = world.school_with_teacher()
    for _ in world.copies:
        world.reserve(40, 11, other_teacher, school_id=other_school.id)
    wish = NewWish(
        title_id=world.title.id,
        school_id=world.school.id,
        starts_on=world.today + 40 * DAY,
        until_on=world.today + 50 * DAY,
        length_days=5,
    )
    Wishes(world.db, world.clock).join(world.teacher, wish)
    with pytest.raises(SuccessorMissing) as refused:
        members.leave(world.teacher, world.school.id, Departure())
    assert refused.value.running == 3
    shown = {one.person_id: one.running for one in members.of_school(world.staff, world.school.id)}
    assert shown == {world.teacher.person_id: 3, colleague.person_id: 0}
    passed_on = members.leave(world.teacher, world.school.id, Departure(successor_id=colleague.person_id))
    assert passed_on == 3
    left = {one.person_id: one.running for one in members.of_school(world.staff, world.school.id)}
    assert left == {colleague.person_id: 3}
    assert {world.booking(one.id).person_id for one in (out, planned)} == {colleague.person_id}
    assert world.booking(done.id).person_id == world.teacher.person_id
    leaver = again(world, world.teacher.person_id or 0)
    with pytest.raises(Forbidden):
        world.loans.reservation(leaver, out.id)
    assert world.loans.reservation(again(world, colleague.person_id or 0), out.id).reservation.id == out.id


def test_the_last_teacher_leaves_once_nothing_runs(members: Members, world: World) -> None:
    booking = world.reserve(0, 5)
    for successor_id in (world.teacher.person_id, world.staff.person_id):
        with pytest.raises(NotAMember):
            members.leave(world.teacher, world.school.id, Departure(successor_id=successor_id))
    world.loans.cancel(world.teacher, booking.id)
    assert members.leave(world.teacher, world.school.id, Departure()) == 0
    assert members.of_school(world.staff, world.school.id) == []


def test_of_many_clicks_on_one_link_one_wins(members: Members, world: World, database_url: str) -> None:
    _, secret = invite(members, world)
    outcomes: Counter[str] = Counter()

    def click() -> None:
        database = Database(database_url)
        try:
            Members(database, world.clock).accept(secret)
            outcomes["joined"] += 1
        except InvitationOver:
            outcomes["over"] += 1
        finally:
            database.dispose()

    threads = [threading.Thread(target=click) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert outcomes == {"joined": 1, "over": 5}


@pytest.mark.parametrize(
    "wrong",
    [
        {"expires_after": -1},
        {"is_own": True},
        {"is_both": True},
    ],
)
def test_the_database_refuses_what_the_rules_refuse(world: World, colleague: Actor, wrong: dict[str, int]) -> None:
    now = world.clock.now()
    facts = {
        "school_id": world.school.id,
        "person_id": world.teacher.person_id if wrong.get("is_own") else colleague.person_id,
        "invited_by_id": world.teacher.person_id,
        "created_at": now,
        "expires_at": now + wrong.get("expires_after", 1) * DAY,
        "accepted_at": now if wrong.get("is_both") else None,
        "withdrawn_at": now if wrong.get("is_both") else None,
    }
    with pytest.raises(IntegrityError), world.db.write() as session:
        session.execute(insert(SchoolInvitation).values(**facts))


def test_one_unanswered_invitation_of_a_person_at_a_time(members: Members, world: World, colleague: Actor) -> None:
    view, _ = invite(members, world)
    now = world.clock.now()
    with world.db.read() as session:
        person_id = session.get_one(SchoolInvitation, view.id).person_id
    facts = {"school_id": world.school.id, "person_id": person_id, "invited_by_id": colleague.person_id}
    with pytest.raises(IntegrityError), world.db.write() as session:
        session.execute(insert(SchoolInvitation).values(**facts, created_at=now, expires_at=now + DAY))
